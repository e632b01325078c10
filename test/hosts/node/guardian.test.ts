/**
 * The guardian of the main thread: a main thread that waits for whoever reads its output is not at
 * fault.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { openSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import test from "tape";
import { folderOf } from "./temp-folder.js";

const HOST = new URL("../../../dist/node/hosts/node/index.js", import.meta.url).href;
const TASKS = fileURLToPath(new URL("./tasks", import.meta.url));
const GUARDIAN_MS = 3_000;

/** Writes more than a pipe takes, waiting for its reader. Exits with the count of reboots. */
const PROGRAM = `
  import { writeSync } from "node:fs";
  import { boot } from ${JSON.stringify(HOST)};
  const tasks = { server: { module: "tasks", args: { act: "block" } } };
  const board = { guardian_ms: ${GUARDIAN_MS} };
  const system = await boot({
    modules: { tasks: ${JSON.stringify(TASKS)} },
    config: { reattach: { tasks, board } },
  });
  let reboots = 0;
  system.on("reboot", () => reboots++);
  system.on("log", () => undefined);
  const ready = new Promise((resolve) => system.once("ready", resolve));
  await system.start();
  await ready;
  // Threads make standard output one that does not wait, and a child process undoes that.
  process.stdout._handle.setBlocking(true);
  process.stderr.write("writing");
  const bytes = Buffer.alloc(1_000_000);
  for (let at = 0; at < bytes.length; ) at += writeSync(1, bytes, at);
  // What the guardian has found is heard now.
  await new Promise((resolve) => setTimeout(resolve, 100));
  await system.stop();
  process.exitCode = reboots;
`;

test("guardian: a main thread whose output is not read is not at fault", async (t) => {
  if (process.platform !== "linux") return t.skip("no other system tells what a thread waits in");
  const folder = folderOf(t, { "main.mjs": PROGRAM });
  const child = spawn(process.execPath, [`${folder}/main.mjs`], {
    stdio: ["ignore", "pipe", "pipe"],
  });
  const exited = once(child, "exit");
  await once(child.stderr, "data");
  // Twice as long as it may stand still. A slow machine makes this test weaker, not fail.
  await new Promise((resolve) => setTimeout(resolve, 2 * GUARDIAN_MS));
  child.stdout.resume();
  t.deepEqual(await exited, [0, null], "the board was not restarted");
});

/** Restarts a board whose task takes longer to be ended than the main thread may stand still. */
const SLOW_END = `
  import { existsSync } from "node:fs";
  import { boot } from ${JSON.stringify(HOST)};
  const [folder] = process.argv.slice(2);
  const system = await boot(folder);
  let reboots = 0;
  system.on("reboot", () => reboots++);
  await system.start();
  while (!existsSync(folder + "/mark")) await new Promise((go) => setTimeout(go, 5));
  const alive = setInterval(() => undefined, 1_000);
  await system.reboot("test");
  process.exitCode = reboots - 1;
  await system.stop();
  clearInterval(alive);
`;

/** In its first life it is in native code, which Node.js waits for. */
const BLOCKING = `
  import { execFileSync } from "node:child_process";
  import { existsSync } from "node:fs";
  export function main({ mark }) {
    if (!existsSync(mark)) execFileSync("sh", ["-c", 'touch "$0"; sleep 3', mark]);
  }
`;

test("guardian: while a board is cleared the main thread is not said to stand still", async (t) => {
  if (process.platform === "win32") return t.skip("there is no sh");
  const folder = folderOf(t, { "main.mjs": SLOW_END, "task.js": BLOCKING });
  const tasks = { task: { module: "task", args: { mark: `${folder}/mark` } } };
  const reattach = { tasks, board: { guardian_ms: 1_000 } };
  const manifest = { modules: { task: "./task" }, config: { reattach } };
  writeFileSync(`${folder}/manifest.json`, JSON.stringify(manifest));
  const child = spawn(process.execPath, [`${folder}/main.mjs`, folder], {
    // To a file it may write at any time.
    stdio: ["ignore", "ignore", openSync(`${folder}/stderr`, "w")],
  });
  const [code] = (await once(child, "close")) as [number];
  t.equal(code, 0, "one restart, the one that was asked for");
  t.doesNotMatch(readFileSync(`${folder}/stderr`, "utf8"), /stood still/);
});
