/**
 * The reference of the API: every exported name has a comment, what a type refers to is exported
 * too, and links lead somewhere.
 */
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import test from "tape";

const root = join(import.meta.dirname, "../..");
const TYPEDOC = join(root, "node_modules/typedoc/bin/typedoc");

test("API: TypeDoc, as `npm run docs:api` has it, finds nothing to complain of", (t) => {
  const command = [TYPEDOC, "--options", ".typedoc.json", "--emit", "none"];
  const { status, stdout, stderr } = spawnSync(process.execPath, command, {
    cwd: root,
    encoding: "utf8",
  });
  t.equal(status, 0, `${stdout}${stderr}`);
  t.doesNotMatch(stdout + stderr, /warning/i, "no warnings");
  t.end();
});
