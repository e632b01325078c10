/**
 * A description of a board: what is wrong with it, told all at once; and what a manifest and an
 * import say when there is none.
 */
import { join } from "node:path";
import test from "tape";
import { boot, InputError, ManifestError } from "reattach/node";
import { CompileError } from "../../../../hosts/node/compile/compile.js";
import { isDescription } from "../../../../hosts/node/hardware/board/check.js";
import { compileTasks } from "../../../../hosts/node/cli/check.js";
import { readManifest } from "../../../../hosts/node/manifest/read.js";
import { type Files, folderOf } from "../temp-folder.js";

const CASES: readonly [description: unknown, problem: string | RegExp][] = [
  [undefined, /^its default export: found nothing, allowed is an object with i2c, pins, analog/],
  [
    { pin: {} },
    'its default export: found "pin", allowed are i2c, pins, analog, serial (did you mean "pins"?)',
  ],
  [{ i2c: {} }, "i2c: found {}, allowed is a list of buses"],
  [
    { i2c: [{ data: 1, devices: {} }] },
    "i2c[0].clock: found nothing, allowed is a whole number from 0 to 63",
  ],
  [
    { i2c: [{ data: 1, clock: 2, devices: { 200: {} } }] },
    'i2c[0].devices: found "200", allowed are whole numbers from 0 to 127',
  ],
  [
    { i2c: [{ data: 1, clock: 2, devices: { 8: { registers: { 0: 256 } } } }] },
    "i2c[0].devices[8].registers[0]: found 256, allowed is a whole number from 0 to 255",
  ],
  [
    { i2c: [{ data: 1, clock: 2, devices: { 8: { registers: {}, width: 4 } } }] },
    "i2c[0].devices[8].width: found 4, allowed are 1, 2",
  ],
  [
    { i2c: [{ data: 1, clock: 2, devices: { 8: { read: 3 } } }] },
    "i2c[0].devices[8].read: found 3, allowed is a function",
  ],
  [{ pins: { 4: { level: 2 } } }, "pins[4].level: found 2, allowed are 0, 1"],
  [{ pins: { 4: { pull: "left" } } }, 'pins[4].pull: found "left", allowed are "up", "down"'],
  [{ pins: { a: {} } }, 'pins: found "a", allowed are whole numbers from 0 to 63'],
  [{ analog: { 34: 2 } }, "analog[34]: found 2, allowed is a number from 0 to 1, or a function"],
  [{ serial: { 1: { onRecieve: 1 } } }, 'serial[1]: found "onRecieve", allowed is onReceive'],
];

test("description: each thing that is wrong, and where", (t) => {
  for (const [description, wanted] of CASES) {
    const problems: string[] = [];
    t.notOk(isDescription(description, problems));
    const [problem = ""] = problems;
    if (typeof wanted === "string") t.equal(problem, wanted);
    else t.match(problem, wanted);
    t.equal(problems.length, 1);
  }
  const problems: string[] = [];
  isDescription({ pins: { 4: { level: 2 }, 5: { pull: 1 } } }, problems);
  t.equal(problems.length, 2, "all at once");
  t.end();
});

/** An application of one task, with this board. */
function application(files: Files, hardware: unknown = "board"): Files {
  const hasBoard = "board.ts" in files;
  return {
    "manifest.json": {
      modules: { "*": "./task" },
      config: { reattach: { tasks: { task: { module: "task" } } } },
      platforms: {
        node: {
          modules: hasBoard ? { "*": "./board" } : {},
          config: { reattach: hasBoard ? { hardware } : {} },
        },
      },
    },
    "task.ts": "export function main(): void {}\n",
    ...files,
  };
}

async function problemsOf(folder: string): Promise<readonly string[]> {
  try {
    const system = await boot(folder);
    await system.stop();
  } catch (error) {
    if (error instanceof InputError) return error.problems;
    throw error;
  }
  return [];
}

test("boot: rejects for a board that is wrong, with its file", async (t) => {
  const folder = folderOf(t, application({ "board.ts": "export default { pins: { 4: 5 } };" }));
  const [problem = ""] = await problemsOf(folder);
  t.match(problem, /board\.ts: pins\[4\]: found 5, allowed is an object with level, pull,/);
  const throwing = folderOf(t, application({ "board.ts": 'throw new Error("no board today");' }));
  const [thrown = ""] = await problemsOf(throwing);
  t.match(thrown, /board\.ts: Error: no board today\n.*board\.ts:1:7/, "and where it throws");
  const moving = folderOf(
    t,
    application({ "board.ts": "export default (hands) => (hands.drive(1, 1), {});" }),
  );
  const [early = ""] = await problemsOf(moving);
  t.match(early, /the board is being described: it can be moved later/);
});

test("manifest: config.reattach.hardware names a module", async (t) => {
  for (const hardware of ["boart", 5]) {
    const folder = folderOf(t, application({ "board.ts": "export default {};" }, hardware));
    try {
      await boot(folder);
      t.fail("it boots");
    } catch (error) {
      t.ok(error instanceof ManifestError);
      t.match(
        (error as Error).message,
        /config\.reattach\.hardware: found ("boart"|5), allowed are board/,
      );
    }
  }
});

/** What the compiler says of a task that imports `name`. */
async function importProblem(t: test.Test, name: string, hasBoard: boolean): Promise<string> {
  const files: Files = { "task.ts": `import "${name}";\nexport function main(): void {}\n` };
  const board = hasBoard ? { "board.ts": "export default {};" } : {};
  const folder = folderOf(t, application({ ...files, ...board }));
  try {
    await compileTasks(readManifest(join(folder, "manifest.json")));
    return "";
  } catch (error) {
    if (!(error instanceof CompileError)) throw error;
    return error.problems.join("\n");
  }
}

test("import: what the simulator does not have is told with a hint", async (t) => {
  t.equal(await importProblem(t, "embedded:io/i2c", true), "", "it is there");
  t.match(
    await importProblem(t, "embedded:io/i2c", false),
    /task\.ts:1:8: found "embedded:io\/i2c", but no board is described: name the module .*hardware/,
  );
  t.match(
    await importProblem(t, "embedded:io/i2s", true),
    /found "embedded:io\/i2s", allowed are .*\(did you mean "embedded:io\/i2c"\?\)/,
  );
  t.match(
    await importProblem(t, "pins/servomotor", true),
    /found "pins\/servomotor"; of a device the simulator has embedded:io\/.*: add a stand-in/,
  );
  t.match(
    await importProblem(t, "embedded:sensor/Temperature/TMP102", true),
    /a driver of Moddable's SDK: include its manifest/,
  );
  t.equal(await importProblem(t, "timer", false), "", "a timer needs no board");
});
