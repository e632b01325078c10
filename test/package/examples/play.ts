/**
 * Plays an example in the simulator until it says that it is done.
 */
import { fileURLToPath } from "node:url";
import { boot } from "reattach/node";
import { Patience, watch } from "../../patience.js";

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
  let endWatch = (): void => undefined;
  const done = new Promise<void>((resolve, reject) => {
    endWatch = watch(new Patience(LIMIT_MS), () => {
      reject(new Error(`${name}: not done:\n${lines.join("\n")}`));
    });
    system.on("log", (_task, _level, text) => {
      lines.push(...text.split("\n").filter((line) => line !== ""));
      if (text.startsWith("done")) resolve();
    });
  });
  await system.start();
  try {
    await done;
  } finally {
    endWatch();
    await system.stop();
  }
  return { lines, deaths };
}
