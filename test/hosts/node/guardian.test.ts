/**
 * The guardian of the main thread: a main thread that waits for whoever reads its output is not at
 * fault.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
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
