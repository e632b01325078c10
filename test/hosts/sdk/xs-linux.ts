/**
 * The tests of the test host (hosts/xs-linux), built from the SDK's own XS: an engine of a board,
 * with the wake-ups that it loses, in all modes.
 *
 *     XS_SOURCES=$MODDABLE/xs npm test -- xs-linux/contract
 */
import { join } from "node:path";
import process from "node:process";
import test from "tape";
import { root, run } from "./tools.js";

const TESTS = ["contract", "stress", "allocation", "hot-bytecode", "trac"];
const RUN_MS_MAX = 1_800_000;

for (const name of TESTS) {
  test(`the SDK's XS in the test host: ${name}`, async (t) => {
    const env = { XS_SOURCES: join(process.env["MODDABLE"]!, "xs") };
    const words = ["--import", "tsx", "test/run.ts", `xs-linux/${name}`];
    const { code, text } = await run(process.execPath, words, { cwd: root, ms: RUN_MS_MAX, env });
    const [, count = "0"] = /^# pass +([0-9]+)$/m.exec(text) ?? [];
    if (code !== 0) t.comment(text.slice(-20_000));
    t.equal(code, 0, `${count} assertions pass`);
    t.ok(Number(count) > 0, "there are some");
    t.notOk(/# SKIP/.test(text), "none was skipped");
  });
}
