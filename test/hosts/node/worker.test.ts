/**
 * The first module of a task's thread: that it can be ended while it begins to run.
 */
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { transform } from "esbuild";
import test from "tape";

const WORKER = fileURLToPath(new URL("../../../dist/node/task/worker.js", import.meta.url));

test("worker: awaits nothing at its top level, or a kill could end the process", async (t) => {
  // V8 cannot be interrupted where it begins to run a module that does. It strikes once in
  // thousands of kills; so the module is looked at. What has such an await is no CommonJS.
  const isCommonJs = (code: string): Promise<boolean> =>
    transform(code, { format: "cjs", logLevel: "silent" }).then(
      () => true,
      () => false,
    );
  t.equal(await isCommonJs("export const a = await 1;"), false, "one that does is found");
  t.equal(await isCommonJs(readFileSync(WORKER, "utf8")), true);
});
