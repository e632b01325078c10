/**
 * An application that `reattach new` makes, tried as its author would.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type test from "tape";
import { blocks, install, npm, run } from "./packed.js";

/** How long the tests of a new application may take, with the start of Node.js. */
const OWN_TESTS_MS = 180_000;

/** Makes an application in a folder: all that is in it works at once, from the packed package. */
export async function tryNew(
  t: test.Test,
  name: string,
  options: readonly string[],
  expected: { readonly tests: number; readonly line: RegExp },
): Promise<void> {
  const folder = install();
  const made = await run(folder, ["npx", "reattach", "new", name, ...options]);
  t.equal(made.code, 0, made.output);
  const app = join(folder, name);
  const launch = JSON.parse(readFileSync(join(app, ".vscode/launch.json"), "utf8")) as unknown;
  const [shown] = blocks("docs/debugging.md").filter(({ language }) => language === "json");
  t.deepEqual(launch, JSON.parse(shown!.text), "launch.json is what docs/debugging.md shows");
  npm(app, "install", "--prefer-offline", "--no-audit", "--no-fund");
  const checked = await run(app, ["npm", "run", "check"]);
  t.equal(checked.code, 0, `npm run check: ${checked.output}`);
  const tested = await run(app, ["npm", "test"], undefined, OWN_TESTS_MS);
  t.equal(tested.code, 0, `npm test: ${tested.output.slice(-2_000)}`);
  t.match(tested.output, new RegExp(`^# pass ${expected.tests}$`, "m"), "all of them");
  const started = await run(app, ["npm", "start"], (output) => expected.line.test(output));
  t.match(started.output, expected.line, "npm start");
  const command = ["npx", "reattach", "run", ".", "--watch"];
  const watched = await run(app, command, (output) => output.includes("types are"));
  t.match(watched.output, /types are checked: typescript/, "what is saved is checked");
}
