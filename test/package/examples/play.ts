/**
 * Plays an example in the simulator until it says that it is done.
 */
import { fileURLToPath } from "node:url";
import { startApp } from "reattach/test";

/** Longer than any example takes on any machine: what does not end has failed. */
const LIMIT = "5 m";

/**
 * What an example has written to its log when it says that it is done, and the deaths until then.
 */
export async function play(name: string): Promise<{ lines: string[]; deaths: string[] }> {
  const manifest = new URL(`../../../examples/${name}/manifest.json`, import.meta.url);
  await using app = await startApp(fileURLToPath(manifest), { clock: "real", within: LIMIT });
  await app.until(() => app.log.some(({ text }) => text.startsWith("done")));
  const lines = app.log.flatMap(({ text }) => text.split("\n").filter((line) => line !== ""));
  return { lines, deaths: app.deaths.map((death) => `${death.name}: ${death.text}`) };
}
