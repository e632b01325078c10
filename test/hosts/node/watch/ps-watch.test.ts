/**
 * `reattach ps --watch` as a person sees it, and as a program does.
 */
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import test, { type Test } from "tape";
import { fitted } from "../../../../hosts/node/cli/ps-watch.js";
import { reattach } from "../control-process.js";
import { folderOf, writeFiles } from "../temp-folder.js";

const TASKS = fileURLToPath(new URL("../tasks", import.meta.url));

/** A simulator in a process of its own, and the folder of its control. */
async function runOf(t: Test): Promise<string> {
  const folder = folderOf(t, {});
  const tasks = { server: { module: "tasks", args: { act: "receiveOnly", name: "s" } } };
  const manifest = { modules: { tasks: TASKS }, config: { reattach: { tasks } } };
  writeFiles(folder, { "manifest.json": manifest });
  const run = reattach(folder, "run", folder);
  t.teardown(async () => {
    run.child.kill("SIGINT");
    await run.ended;
  });
  for (;;) {
    const { code, stdout } = await reattach(folder, "ps", "--json").ended;
    if (code === 0 && stdout.includes('"RECEIVE"')) return folder;
  }
}

test("ps --watch: where there is no terminal, table after table, until SIGINT", async (t) => {
  const folder = await runOf(t);
  const watch = reattach(folder, "ps", "--watch", "--every", "200ms");
  let tables = 0;
  let text = "";
  watch.child.stdout!.on("data", (piece: string) => {
    text += piece;
    tables = text.split("\ntables: ").length - 1;
    if (tables >= 3) watch.child.kill("SIGINT");
  });
  const { code, stdout, stderr } = await watch.ended;
  t.deepEqual([code, stderr], [0, ""]);
  t.ok(tables >= 3, `${tables} tables`);
  t.match(stdout, /^main .* RUNNING /m, "the main VM is shown");
  t.match(stdout, /^server .* RECEIVE +s /m);
  t.notOk(stdout.includes("\u001B"), "and nothing for terminals");
});

test("ps --watch --json: frames, for programs", async (t) => {
  const folder = await runOf(t);
  const watch = reattach(folder, "ps", "--watch", "--json", "--every=200ms");
  await once(watch.child.stdout!, "data");
  watch.child.kill("SIGTERM");
  const { code, stdout } = await watch.ended;
  t.equal(code, 0);
  const [line] = stdout.split("\n");
  t.equal((JSON.parse(line!) as { type: string }).type, "frame");
});

test("ps --watch: a wrong period, and no simulator", async (t) => {
  const folder = folderOf(t, {});
  const fast = await reattach(folder, "ps", "--watch", "--every", "10ms").ended;
  t.equal(fast.code, 2);
  t.match(fast.stderr, /--every: found "10ms", allowed is from 200ms to 60s/);
  const single = await reattach(folder, "ps", "--every", "1s").ended;
  t.equal(single.code, 2);
  t.match(single.stderr, /found --every without --watch/);
  const none = await reattach(folder, "ps", "--watch").ended;
  t.equal(none.code, 1);
  t.match(none.stderr, /found no running simulator/);
});

test("fitted: lines are cut to the width of a terminal, and to its height", (t) => {
  const end = "\u001B[K";
  t.equal(fitted("12345\n123456\n1\n2\n", 5, 3), `12345${end}\n1234…${end}\n1${end}`);
  t.equal(fitted("a", 80, 24), `a${end}`);
  t.end();
});
