/**
 * Services on XS: a definition whose messages are longer than the manifest allows ends the linking
 * of the application, as one that is preloaded does on a device.
 */
import { join } from "node:path";
import test, { type Test } from "tape";
import { bundle } from "./bundle.js";
import { missing, MODES, run } from "./host.js";

const [mode] = MODES;
const NAME = "long-service";

async function outcomeWith(t: Test, messageBytes: number, preload: readonly string[]) {
  const all = await bundle({ [NAME]: join(import.meta.dirname, `programs/${NAME}.ts`) });
  t.teardown(() => all.remove());
  const tasks = { task: { module: NAME } };
  const config = { reattach: { limits: { messageBytes }, tasks } };
  return run({ mode: mode!, bundle: all, main: NAME, config, preload });
}

const SAID = /long\.put: its request has 204 bytes, config\.reattach\.limits\.messageBytes allows/;

for (const [what, preload] of [
  ["preloaded, in the linker", [NAME]],
  ["loaded at run time", []],
] as const) {
  test(`defineService on XS: messages longer than messageBytes: ${what}`, async (t) => {
    const why = missing(mode!);
    if (why !== "") return t.skip(why);
    const { code, stdout, stderr } = await outcomeWith(t, 200, preload);
    t.notEqual(code, 0, "it fails");
    t.match(stdout + stderr, SAID, "with the call and the numbers");
    const good = await outcomeWith(t, 204, preload);
    t.equal(good.code, 0, `a limit that has room: ${good.stderr}`);
    t.match(good.stdout, /defined/, "it runs");
  });
}
