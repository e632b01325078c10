/**
 * `reattach check` with the eyes of a board: every application that no board can run is refused,
 * with the place of what is wrong. `npm run test:sdk` compares the verdicts with mcconfig's.
 */
import { readdirSync } from "node:fs";
import { join } from "node:path";
import test, { type Test } from "tape";
import { PLATFORM, warningsForDevice } from "../../../hosts/node/device/check.js";
import { DEVICE_CASES } from "../device-cases/index.js";
import { checkFolder } from "./built-check.js";
import { type Files, folderOf } from "./temp-folder.js";

const ROOT = join(import.meta.dirname, "../../..");
const NO_SDK = "";

function checkFiles(t: Test, files: Files, platform = PLATFORM) {
  return checkFolder(folderOf(t, files), platform, NO_SDK);
}

test("check: what mcconfig or a board would not take is refused, with its place", async (t) => {
  for (const { title, files, platform, problems: expected } of DEVICE_CASES) {
    const { problems } = await checkFiles(t, files, platform);
    const isAsExpected =
      problems.length === expected.length &&
      expected.every((pattern, index) => pattern.test(problems[index]!));
    t.ok(isAsExpected, title);
    if (!isAsExpected) t.deepEqual(problems, expected.map(String), "these problems");
  }
});

test("check: the examples are good, for a board too", async (t) => {
  const folders = ["", "manager", "recovery"].flatMap((part) =>
    readdirSync(join(ROOT, "examples", part), { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map((entry) => join(ROOT, "examples", part, entry.name)),
  );
  const examples = folders.filter((folder) => readdirSync(folder).includes("manifest.json"));
  t.ok(examples.length >= 9, `${examples.length} examples`);
  for (const folder of examples) {
    const { problems, notes } = await checkFolder(folder, PLATFORM, NO_SDK);
    t.deepEqual(problems, [], folder.slice(ROOT.length));
    // Of the SDK only a few manifests are known without it; those of its drivers are not.
    const unseen =
      /^imports by name were not checked: MODDABLE names no SDK with \S+\/modules\/io\//;
    t.deepEqual(
      notes.filter((note) => !unseen.test(note)),
      [],
      "and nothing to note",
    );
  }
});

test("run: warns of what a board would not take, if the manifest is for boards", async (t) => {
  const manifestOf = (title: string): string => {
    const { files } = DEVICE_CASES.find((one) => one.title.startsWith(title))!;
    return join(folderOf(t, files), "manifest.json");
  };
  const [warning, ...more] = await warningsForDevice(manifestOf("node: in a task"));
  t.match(warning ?? "", /sensor\.ts:1:30: found "node:fs"/, "with its place");
  t.deepEqual(more, [], "once");
  t.deepEqual(await warningsForDevice(manifestOf("a wrong type")), [], "types take too long");
  const simulated = folderOf(t, {
    "manifest.json": {
      modules: { "*": "./task" },
      config: { reattach: { tasks: { task: { module: "task" } } } },
    },
    "task.ts": 'import "node:fs";\nexport function main() {}\n',
  });
  t.deepEqual(await warningsForDevice(join(simulated, "manifest.json")), [], "not for boards");
});

test("check: an application's compiler that programs cannot use is not used", async (t) => {
  const { problems } = await checkFiles(t, {
    "manifest.json": {
      include: "$(MODDABLE)/examples/manifest_base.json",
      modules: { "*": ["./main", "./sensor"] },
      config: { reattach: { tasks: { sensor: { module: "sensor" } } } },
    },
    "main.js": "",
    "sensor.ts": 'export function main(): number {\n  return "wrong";\n}\n',
    "node_modules/typescript/package.json": { version: "7.0.2" },
  });
  t.equal(problems.length, 1);
  t.match(problems[0] ?? "", /sensor\.ts:2:3: TS2322/, "but the one beside this package");
});

test("check: --platform node is the simulator alone", async (t) => {
  const wrong = DEVICE_CASES.find(({ title }) => title.startsWith("node: in a task"))!;
  t.equal((await checkFiles(t, wrong.files)).problems.length, 1, "a board has no files");
  t.deepEqual(await checkFiles(t, wrong.files, "node"), { problems: [], notes: [] });
});

test("check: what it could not see, and what is not as it reads, is said", async (t) => {
  const files = { "main.js": "", "sensor.js": "export function main() {}\n" };
  const manifest = (more: object, limits?: object) => ({
    include: "$(MODDABLE)/examples/manifest_base.json",
    modules: { "*": ["./main", "./sensor"] },
    ...more,
    config: { reattach: { limits, tasks: { sensor: { module: "sensor" } } } },
  });
  const notesOf = async (json: object, more: Files = {}): Promise<string> => {
    const { problems, notes } = await checkFiles(t, { ...files, "manifest.json": json, ...more });
    t.deepEqual(problems, [], "it is good");
    return notes.join("\n");
  };
  t.match(
    await notesOf(manifest({}, { sharedBuffers: 2, sharedBytes: 1_001 })),
    /^limits\.sharedBytes 1,001 takes 1,004 bytes of the arena for each buffer/,
  );
  t.match(await notesOf(manifest({}, { sharedBytes: 8 })), /^limits\.sharedBytes is for nothing/);
  t.match(
    await notesOf(manifest({ modules: { "*": ["./main", "./sensor.js"] } })),
    /modules\["\*"\]: found "\.\/sensor\.js": .* it is read as "\.\/sensor"$/,
  );
  t.match(
    await notesOf(manifest({ modules: { "*": "./*.ts" } })),
    /modules\["\*"\]: found "\.\/\*\.ts": what stands after a star is not looked at/,
  );
  t.match(
    await notesOf(manifest({ modules: { "*": "./sensor" } })),
    /^for a board there is no module "main", which is what a board starts$/,
  );
  t.equal(
    await notesOf(manifest({ platforms: { "*/m5dial": {}, "esp32/moddable_two": {}, lin: {} } })),
    "for a board it was looked at as esp32; others have entries of their own: " +
      "--platform esp32/m5dial, --platform esp32/moddable_two",
  );
  const io = "$(MODDABLE)/modules/io/manifest.json";
  t.match(
    await notesOf(manifest({ include: ["$(MODDABLE)/examples/manifest_base.json", io] })),
    /^imports by name were not checked: MODDABLE names no SDK with \$\(MODDABLE\)\/modules\/io/,
  );
  t.match(
    await notesOf(manifest({ include: [] }), { "package.json": { main: "main.js" } }),
    /^for a board it was not looked at: its modules are those that mcpack finds$/,
  );
});
