/**
 * The verdicts of `reattach check` beside those of mcconfig, and what it knows of the SDK where
 * there is none.
 */
import { rmSync } from "node:fs";
import { join } from "node:path";
import test from "tape";
import { PLATFORM } from "../../../hosts/node/device/check.js";
import { KNOWN_MANIFESTS, modulesOf, SDK } from "../../../hosts/node/device/sdk-modules.js";
import { viewForDevice } from "../../../hosts/node/device/view.js";
import { DEVICE_CASES } from "../device-cases/index.js";
import { checkFolder } from "../node/built-check.js";
import { folderOf, writeFiles } from "../node/temp-folder.js";
import { link, out } from "./tools.js";

const sdk = process.env["MODDABLE"]!;

test("check: refuses all that mcconfig refuses, and what only the board would", async (t) => {
  for (const { title, files, platform = PLATFORM, problems: expected, mcconfig } of DEVICE_CASES) {
    const folder = join(folderOf(t, {}), "case");
    writeFiles(folder, files);
    const { problems } = await checkFolder(folder, platform, sdk);
    const isAsExpected =
      problems.length === expected.length &&
      expected.every((pattern, index) => pattern.test(problems[index]!));
    t.ok(isAsExpected, `${title}: check says the same with the SDK`);
    if (!isAsExpected) t.deepEqual(problems, expected.map(String));
    // make goes by times, and all these files are equally old.
    rmSync(join(out, "tmp", platform, "release", "case"), { recursive: true, force: true });
    const { source, text } = await link(folder, platform);
    const builds = source !== "";
    t.equal(builds, mcconfig !== "refuses", `${title}: mcconfig ${builds ? "builds" : "refuses"}`);
    if (builds !== (mcconfig !== "refuses")) t.comment(text);
    if (typeof mcconfig === "object") t.comment(`it builds: ${mcconfig.builds}`);
  }
});

test("check: a board that the SDK does not have is refused, as mcconfig does", async (t) => {
  const [good] = DEVICE_CASES;
  const folder = folderOf(t, good!.files);
  const board = `${PLATFORM}/modable_two`;
  const { problems } = await checkFolder(folder, board, sdk);
  t.deepEqual(problems, [
    '--platform: found "esp32/modable_two", the SDK has no such board ' +
      '(did you mean "esp32/moddable_two"?)',
  ]);
  t.equal((await link(folder, board)).source, "", "mcconfig refuses");
});

test("check: what it knows of the SDK's own manifests is so", (t) => {
  for (const path of KNOWN_MANIFESTS) {
    const include = ["$(MODDABLE)/examples/manifest_base.json", `${SDK}/${path}`];
    const folder = folderOf(t, { "manifest.json": { include } });
    const view = viewForDevice(join(folder, "manifest.json"), PLATFORM, sdk, [])!;
    for (const name of modulesOf(`${SDK}/${path}`)!) {
      t.ok(view.files.has(name), `${path}: ${name}`);
    }
  }
  t.end();
});
