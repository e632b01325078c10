/**
 * Applications that `reattach new` makes: with the tests on XS, and from the other template.
 * application.test.ts has the first one.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import test from "tape";
import { whyNot } from "../../hosts/xs-linux/build.mjs";
import { blocks, install, run } from "./packed.js";
import { tryNew } from "./scaffold.js";

/** How long XS may take to be built, from npm to the program. */
const XS_BUILD_MS = 900_000;

/** Its tests on XS, which is got from npm and built in the application's own cache. */
async function tryXs(t: test.Test, app: string): Promise<void> {
  const why = whyNot();
  if (why !== null) return t.skip(`reattach test --engine xs: ${why}`);
  const tested = await run(app, ["npm", "run", "test:xs"], undefined, XS_BUILD_MS);
  t.equal(tested.code, 0, `npm run test:xs: ${tested.output.slice(-2_000)}`);
  t.match(tested.output, /^building XS in .*My Board\/node_modules\/\.cache/m, "it is built there");
  t.match(tested.output, /^# fail {2}0$/m, "nothing has failed");
  t.match(tested.output, /^# sensor: "creation": \{/m, "and says which memory would do");
}

/** The workflow of docs/testing.md: that of a new application, and a job with faults. */
function workflow(): { readonly made: string; readonly faults: string } {
  const [shown] = blocks("docs/testing.md").filter(({ language }) => language === "yaml");
  const [made = "", faults = ""] = shown!.text.replace(/^#.*\n/, "").split("  faults:\n");
  return { made, faults: /^ +- run: (npx .*)$/m.exec(faults)![1]! };
}

/** How long three simulated hours may take. */
const FAULTS_MS = 1_800_000;

test("reattach new: its tests pass on XS too", async (t) => {
  await tryNew(t, "My Board", [], { tests: 3, line: /note 3:/ });
  const app = join(install(), "My Board");
  await tryXs(t, app);
  const { made, faults } = workflow();
  const written = readFileSync(join(app, ".github/workflows/test.yml"), "utf8");
  t.equal(written, made, "its workflow is what docs/testing.md shows");
  const struck = await run(app, faults.split(" "), undefined, FAULTS_MS);
  t.equal(struck.code, 0, `${faults}: ${struck.output.slice(-2_000)}`);
});

test("reattach new --template greenhouse: the same", async (t) => {
  const line = /waterings [1-9]/;
  await tryNew(t, "garden", ["--template", "greenhouse"], { tests: 4, line });
});
