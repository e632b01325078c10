/**
 * Applications on the SDK's own XS on this computer: "lin" is the one platform for Linux that has
 * Worker. Tasks are threads there, so this is the device host in parallel, with XS as a board has
 * it and the wake-ups that it loses.
 */
import { join } from "node:path";
import test, { type Test } from "tape";
import { folderOf, writeFiles } from "../node/temp-folder.js";
import { compileHeadless, runHeadless } from "./headless.js";
import { buildForLin, root, type Outcome, warningsIn } from "./tools.js";

const RUN_MS_MAX = 180_000;
/** As in hosts/moddable/native.c: a board would restart. */
const RESTART_EXIT_CODE = 43;

/** Builds and runs an application until it has written something. */
async function runOnLin(
  t: Test,
  folder: string,
  settings: readonly string[],
  until: RegExp,
): Promise<Outcome> {
  const { library, code, text } = await buildForLin(folder, settings);
  t.equal(code, 0, "mcconfig builds it");
  if (code !== 0) t.comment(text);
  t.deepEqual(warningsIn(text), [], "the linker warns of nothing");
  return runHeadless(library, { cwd: folder, ms: RUN_MS_MAX, until });
}

/** Writes an application that is an example of ours. Returns its folder. */
function writeExample(folder: string, name: string): string {
  const app = join(folder, `${name}-app`);
  const manifest = {
    include: [join(root, "examples", name, "manifest.json")],
    // Where this computer keeps what a board has in NVS: how often it restarted, for one.
    config: { file: { root: `${folder}/` } },
  };
  writeFiles(app, { "manifest.json": manifest });
  return app;
}

test("lin: the simulator without its window compiles", (t) => {
  compileHeadless();
  t.end();
});

test("lin: the weather station loses nothing while servers are killed", async (t) => {
  const settings = ["seconds=6", "killSensor_ms=500", "killStore_ms=600"];
  const folder = folderOf(t, {});
  const app = writeExample(folder, "weather-station");
  const { text } = await runOnLin(t, app, settings, /All tasks have stopped/);
  const numberOf = (name: string): number =>
    Number(new RegExp(`^  ${name} +(\\d+)`, "m").exec(text)?.[1]);
  t.comment(text.slice(text.indexOf("The weather station")));
  t.ok(numberOf("crashes") > 0, "servers crashed");
  t.ok(numberOf("recoveries") > 0, "clients recovered");
  t.ok(numberOf("messages") > 0, "messages were sent");
  t.equal(numberOf("answers"), numberOf("messages"), "all were answered");
  t.equal(numberOf("lost"), 0, "lost");
  t.equal(numberOf("wrong"), 0, "wrong");
  t.equal(numberOf("repeated"), 0, "counted twice");
  t.match(text, /day 1: 4\.7 °C/, "the display shows a day");
  t.match(text, /All tasks have stopped/, "the system stops");
});

test("lin: the board check passes, the last check after a restart", async (t) => {
  const folder = folderOf(t, {});
  const app = writeExample(folder, "board-check");
  const first = await runOnLin(t, app, [], /board check (passed|FAILED)/);
  t.comment(first.text);
  t.equal(first.code, RESTART_EXIT_CODE, "the board restarts");
  const second = await runOnLin(t, app, [], /board check (passed|FAILED).*\n/);
  t.match(second.text, /board check passed: 8 of 8/);
});

test("lin: a task that does not leave restarts the board, which then says why", async (t) => {
  const folder = folderOf(t, {
    "app/main.js": `import { boot } from "reattach/moddable";
import Timer from "timer";
const system = boot();
system.on("ready", (name) => system.kill(name));
let isRestarted = false;
system.on("reboot", () => (isRestarted = true));
Timer.set(() => isRestarted || system.start(), 100);
`,
    "app/loop.js": "export function main() {\n  for (;;);\n}\n",
  });
  const app = join(folder, "app");
  writeFiles(app, {
    "manifest.json": {
      include: ["$(MODDABLE)/examples/manifest_base.json", join(root, "manifest.json")],
      modules: { "*": ["./main", "./loop"] },
      config: {
        reattach: { tasks: { loop: { module: "loop" } } },
        // Where this computer keeps what a board has in NVS.
        file: { root: `${folder}/` },
      },
    },
  });
  const reason = "task loop did not leave within 1000 ms";
  const first = await runOnLin(t, app, [], /the board was restarted/);
  t.equal(first.code, RESTART_EXIT_CODE, "the board restarts");
  t.match(first.text, new RegExp(`restarting the board: ${reason}`));
  const second = await runOnLin(t, app, [], /the board was restarted.*\n/);
  t.match(second.text, new RegExp(`the board was restarted: ${reason}`));
});
