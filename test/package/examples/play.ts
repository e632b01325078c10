/**
 * Plays an example in the simulator until it says that it is done.
 */
import { fileURLToPath } from "node:url";
import { boot } from "reattach/node";

/** How long an example may take. */
const LIMIT_MS = 30_000;

/**
 * What an example has written to its log when it says that it is done, and the deaths until then.
 */
export async function play(name: string): Promise<{ lines: string[]; deaths: string[] }> {
  const manifest = new URL(`../../../examples/${name}/manifest.json`, import.meta.url);
  const system = await boot(fileURLToPath(manifest));
  const lines: string[] = [];
  const deaths: string[] = [];
  system.on("death", ({ name: task, text }) => deaths.push(`${task}: ${text}`));
  let timer: NodeJS.Timeout | undefined;
  const done = new Promise<void>((resolve, reject) => {
    timer = setTimeout(
      () => reject(new Error(`${name}: not done:\n${lines.join("\n")}`)),
      LIMIT_MS,
    );
    system.on("log", (_task, _level, text) => {
      lines.push(...text.split("\n").filter((line) => line !== ""));
      if (text.startsWith("done")) resolve();
    });
  });
  await system.start();
  try {
    await done;
  } finally {
    clearTimeout(timer);
    await system.stop();
  }
  return { lines, deaths };
}
