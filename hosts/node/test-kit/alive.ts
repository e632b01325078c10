/**
 * The process while a test waits, and when a test has forgotten something.
 *
 * An application of a test does not keep the process alive, only a call that waits for it does. So
 * a test that does not stop its application lets its process end, which says so and has failed.
 */

/** Longer than any test; the timer is only there. */
const EVER_MS = 0x7fff_ffff;

/** Where the applications were started that have not been stopped. */
const running = new Set<{ readonly where: string }>();
let isHeard = false;

/** The process does not end before the promise has settled. */
export async function keepAlive<Value>(promise: Promise<Value>): Promise<Value> {
  const timer = setInterval(() => undefined, EVER_MS);
  try {
    return await promise;
  } finally {
    clearInterval(timer);
  }
}

function whenExits(): void {
  for (const { where } of running) {
    process.stderr.write(
      `startApp: the application that was started at ${where} was not stopped: ` +
        `"await using app = await startApp(…)", or "await app.stop()"\n`,
    );
  }
  if (running.size > 0) process.exitCode ||= 1;
}

/** The line of the program that called startApp, as far as the stack tells. */
export function callerOf(stack: string | undefined): string {
  const frame = stack?.split("\n")[2]?.trim();
  return frame === undefined ? "an unknown place" : frame.replace(/^at /, "");
}

/** An application was started there. Returns what is to be called when it has been stopped. */
export function noteStart(where: string): () => void {
  if (!isHeard) process.on("exit", whenExits);
  isHeard = true;
  const note = { where };
  running.add(note);
  return () => void running.delete(note);
}
