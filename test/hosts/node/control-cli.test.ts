/**
 * `reattach ps`, `ham`, `kill` and their like as their users meet them: real processes on both
 * sides of the socket.
 */
import { chmodSync, existsSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import test, { type Test } from "tape";
import { boot, openControl, type System, type TaskStatus } from "reattach/node";
import { reattach, type Running, startHost } from "./control-process.js";
import { fakeControllable, HAM, NET, TASKS, USAGE } from "./fake-controllable.js";
import { folderOf } from "./temp-folder.js";

const MANIFEST = join(process.cwd(), "examples/fake/manifest.json");
const TASK_FILE = fileURLToPath(new URL("./tasks", import.meta.url));

/** A folder for sockets and a simulator that can be reached there. */
async function hostOf(t: Test): Promise<{ folder: string; host: Running; pid: number }> {
  const folder = folderOf(t, {});
  const host = startHost(t, folder, MANIFEST);
  await host.printed("open");
  return { folder, host, pid: host.child.pid! };
}

/** Where the sockets are. */
function placeIn(folder: string): string {
  return join(folder, `reattach-${process.getuid!()}`);
}

function socketsIn(folder: string): string[] {
  return readdirSync(placeIn(folder));
}

/** What `ps` prints of the fake system; its lines are as long as they are. */
const TABLE = [
  "name      pid  gen  state                      services    waits for                    " +
    " prio  heartbeat         restarts  last death        standby   stable",
  "main       16    0  RECEIVE                    -           -                            " +
    "   10  -                        0  -                 -              0",
  "store    4113   12  RECEIVE                    -           -                            " +
    "   20  2 s                  1,234  throw 3.1 s ago   ready      2,048",
  "sensor     34    2  REPLY                      heat light  REPLY store 120 ms, DEADLOCK " +
    "   10  500 ms, missed 1         0  -                 -              0",
  "mixer      68    0  RUNNING, no sign for 12 s  -           -                            " +
    "   10  -                        0  -                 -              0",
  "screen     85    0  RECOVERING heat 700 ms     -           -                            " +
    "   10  -                        0  -                 -              0",
  "logger     51    0  SEND, HELD                 -           SEND pid 34                  " +
    "   10  -                        0  -                 -              0",
  "radio       -    0  DEAD in 1.2 s              -           -                            " +
    "   10  -                        0  hung 1.5 min ago  starting       0",
  "display     -    0  STARTING                   -           -                            " +
    "   10  -                        0  -                 -              0",
  "alarm       -    0  HELD                       -           -                            " +
    "   10  -                        0  killed 40 ms ago  -              0",
].join("\n");

/** What it prints of other boards. */
const BOARDS = [
  "other board  state  services",
  "cellar       here   heat \\u001b[2Jlight\\u009b",
  "shed         gone   -",
].join("\n");
const REFUSED =
  "board attic: the broker is there\n" +
  "frames refused: 1,200 malformed, 2 for want of a place for the client";

test("ps: tasks, other boards, which simulator it is, and how full its tables are", async (t) => {
  const { folder, pid } = await hostOf(t);
  const { code, stdout, stderr } = await reattach(folder, "ps").ended;
  t.equal(stderr, "");
  t.equal(code, 0);
  const [table, boards, refused, where] = stdout.split("\n\n");
  t.equal(table, TABLE);
  t.equal(boards, BOARDS, "what another board has written does nothing to a terminal");
  t.equal(refused, REFUSED);
  t.equal(
    where,
    `run ${pid}: ${relative(process.cwd(), MANIFEST)}\ntables: channels 3 of 8, connections 4 ` +
      "(at most 9) of 32, names 2 of 8, pulses 0 of 1,024, sharedBuffers 0 of 0\n",
  );
});

const TREE = `\
ham/
  Ham Pid       16
  Num Entities  1
  store/
    Path  store
    death/
      Condition ReArm  ON
      restart/
        Action ReArm  ON
    hung/
`;

test("ham: directories and the lines of their .info", async (t) => {
  const { folder } = await hostOf(t);
  const { code, stdout } = await reattach(folder, "ham").ended;
  t.equal(code, 0);
  t.equal(stdout, TREE);
});

test("--json: everything that is known, for programs", async (t) => {
  const { folder, pid } = await hostOf(t);
  const run = { ok: true, run: pid, manifest: MANIFEST };
  const cases: [argv: string[], expected: object][] = [
    [["ps"], { ...run, tasks: TASKS, usage: USAGE, net: NET }],
    [["ham"], { ...run, ham: HAM }],
    [["hold", "store"], { ...run, action: "hold", task: "store" }],
  ];
  for (const [argv, expected] of cases) {
    const { code, stdout, stderr } = await reattach(folder, ...argv, "--json").ended;
    t.deepEqual(JSON.parse(stdout), expected, argv.join(" "));
    t.notOk(/[^\n\x20-\x7e]/.test(stdout), "and nothing that a terminal obeys");
    t.equal(code, 0);
    t.equal(stderr, "");
  }
  const { code, stdout, stderr } = await reattach(folder, "hold", "stroe", "--json").ended;
  t.equal(code, 2);
  t.equal(stderr, "");
  const { ok, problems } = JSON.parse(stdout) as { ok: boolean; problems: string[] };
  t.equal(ok, false);
  t.match(problems[0] ?? "", /^found task "stroe", .*did you mean "store"/);
});

test("kill, hang, hold, release: are done, and say so", async (t) => {
  const { folder, host } = await hostOf(t);
  for (const [action, told] of [
    ["kill", "killed"],
    ["hang", "hangs when it next passes through the kernel"],
    ["hold", "held: it is not started again until it is released"],
    ["release", "released"],
  ]) {
    const { code, stdout } = await reattach(folder, action!, "store").ended;
    t.equal(stdout, `store: ${told}\n`);
    t.equal(code, 0);
    await host.printed(`${action} store`);
  }
});

test("kill: an unknown task is exit code 2, with the names of the tasks", async (t) => {
  const { folder, host } = await hostOf(t);
  const { code, stdout, stderr } = await reattach(folder, "kill", "sensr").ended;
  t.equal(code, 2);
  t.equal(stdout, "");
  const names = "store, sensor, mixer, screen, logger, radio, display, alarm";
  t.equal(stderr, `reattach: found task "sensr", allowed are ${names} (did you mean "sensor"?)\n`);
  host.child.stdin!.end();
  t.equal((await host.ended).stdout, "open\n", "nothing was done");
});

test("restart: a simulator that ends while it is asked is exit code 1", async (t) => {
  for (const isKilled of [false, true]) {
    const { folder, host, pid } = await hostOf(t);
    const asking = reattach(folder, "restart", "store");
    await host.printed("restart store");
    if (isKilled) host.child.kill("SIGKILL");
    else host.child.stdin!.end();
    const { code, stdout, stderr } = await asking.ended;
    t.equal(code, 1);
    t.equal(stdout, "");
    t.equal(stderr, `reattach: simulator ${pid}: it ended before it answered\n`);
    t.equal((await host.ended).code, isKilled ? null : 0);
  }
});

test("kill: a client that is interrupted does not harm the simulator", async (t) => {
  const { folder, host } = await hostOf(t);
  const asking = reattach(folder, "restart", "store");
  await host.printed("restart store");
  asking.child.kill("SIGKILL");
  await asking.ended;
  t.equal((await reattach(folder, "ps").ended).code, 0);
});

test("ps: without a simulator, exit code 1 and where it looked", async (t) => {
  const folder = folderOf(t, {});
  const problem = `found no running simulator in ${placeIn(folder)}`;
  const none = await reattach(folder, "ps").ended;
  t.equal(none.code, 1);
  t.equal(none.stderr, `reattach: ${problem}\n`);
  const json = await reattach(folder, "ps", "--json").ended;
  t.equal(json.code, 1);
  t.deepEqual(JSON.parse(json.stdout), { ok: false, problems: [problem] });
  t.deepEqual(readdirSync(folder), [], "and looking makes no folder");
});

test("ps: a simulator that was killed is not listed, and its socket is removed", async (t) => {
  const { folder, host, pid } = await hostOf(t);
  host.child.kill("SIGKILL");
  await host.ended;
  t.deepEqual(socketsIn(folder), [`${pid}.sock`]);
  // This process lives and does not listen: it may be about to.
  const living = `${process.pid}.sock`;
  writeFileSync(join(placeIn(folder), living), "");
  const { code, stderr } = await reattach(folder, "ps").ended;
  t.equal(code, 1);
  t.match(stderr, /found no running simulator/);
  t.deepEqual(socketsIn(folder), [living], "nothing else is removed");
});

test("--run: chooses between two simulators, and without it both are listed", async (t) => {
  const { folder, pid } = await hostOf(t);
  const other = startHost(t, folder, "/elsewhere/manifest.json");
  await other.printed("open");
  const both = await reattach(folder, "kill", "store").ended;
  t.equal(both.code, 2);
  t.match(both.stderr, /^reattach: found 2 running simulators, choose one with --run <pid>\n/);
  t.match(both.stderr, new RegExp(`^ {2}${pid} {2}examples/fake/manifest.json$`, "m"));
  t.match(both.stderr, new RegExp(`^ {2}${other.child.pid} {2}.*elsewhere/manifest.json$`, "m"));
  const one = await reattach(folder, "kill", "store", "--run", String(other.child.pid)).ended;
  t.equal(one.code, 0);
  await other.printed("kill store");
  other.child.stdin!.end();
  t.equal((await other.ended).code, 0);
  t.match((await reattach(folder, "ps").ended).stdout, new RegExp(`^run ${pid}: `, "m"));
  const gone = await reattach(folder, "ps", `--run=${other.child.pid}`).ended;
  t.equal(gone.code, 1);
  const which = `with the pid ${other.child.pid} in ${placeIn(folder)}`;
  t.equal(gone.stderr, `reattach: found no running simulator ${which}\n`);
});

test("--run: is a pid, and a command has one task", async (t) => {
  const folder = folderOf(t, {});
  const cases: [argv: string[], problem: string, topic: string][] = [
    [["ps", "--run", "x"], '--run: found "x", allowed is the pid of a simulator', "ps"],
    [["kill"], "found no <task>, which is required", "kill"],
    [["hold", "a", "b"], 'found "b", allowed is <task>', "hold"],
    [["ham", "a"], 'found "a", allowed is no argument', "ham"],
  ];
  for (const [argv, problem, topic] of cases) {
    const { code, stderr } = await reattach(folder, ...argv).ended;
    t.equal(stderr, `reattach: ${problem}\nSee "reattach help ${topic}".\n`);
    t.equal(code, 2);
  }
});

test("ps: looks into no folder that others can enter", async (t) => {
  const folder = folderOf(t, {});
  const place = placeIn(folder);
  mkdirSync(place);
  // Not as a mode of mkdir, from which the umask takes away.
  chmodSync(place, 0o755);
  const { code, stderr } = await reattach(folder, "ps").ended;
  t.equal(code, 1);
  t.match(stderr, /is open to others: found mode 0755, allowed is 0700\n$/);
});

/** Lines with which a program that is no simulator of this version may greet. */
const STRANGERS: readonly [greeting: string, problem: RegExp][] = [
  ['{"ok":true,"value":{"protocol":1}}', /is of another version of Reattach$/m],
  ["220 ready", /: it answers in another language$/m],
];

test("ps: who speaks another protocol is not misread", async (t) => {
  for (const [greeting, problem] of STRANGERS) {
    const folder = folderOf(t, {});
    const place = placeIn(folder);
    mkdirSync(place, { mode: 0o700 });
    const server = createServer((socket) => {
      socket.on("error", () => undefined);
      socket.on("data", () => socket.write(`${greeting}\n`));
    });
    await new Promise<void>((resolve) => {
      server.listen(join(place, `${process.pid}.sock`), resolve);
    });
    const { code, stderr } = await reattach(folder, "ps").ended;
    t.equal(code, 1);
    t.match(stderr, problem);
    await new Promise((resolve) => server.close(resolve));
  }
});

/** A real system with one task, which serves. */
async function systemOf(t: Test): Promise<System> {
  const tasks = { server: { module: "tasks", args: { act: "serve", name: "server" } } };
  const system = await boot({ modules: { tasks: TASK_FILE }, config: { reattach: { tasks } } });
  t.teardown(() => system.stop());
  const ready = new Promise((resolve) => system.once("ready", resolve));
  await system.start();
  await ready;
  return system;
}

test("kill: a task of a real system dies and is started again", async (t) => {
  const folder = folderOf(t, {});
  const system = await systemOf(t);
  const view = (): TaskStatus[] => system.view().map((row) => ({ ...TASKS[0]!, ...row }));
  const control = await openControl(
    {
      ...fakeControllable(system.manifest.file),
      view,
      usage: () => system.usage(),
      kill: (name) => system.kill(name),
    },
    { runtimeFolder: folder },
  );
  t.teardown(() => control.close());
  const death = new Promise<{ cause: string }>((resolve) => system.once("death", resolve));
  const ready = new Promise((resolve) => {
    system.once("death", () => system.once("ready", resolve));
  });
  t.equal((await reattach(folder, "kill", "server").ended).stdout, "server: killed\n");
  t.equal((await death).cause, "killed");
  await ready;
  const { stdout } = await reattach(folder, "ps", "--json").ended;
  const { tasks, usage } = JSON.parse(stdout) as { tasks: TaskStatus[]; usage: object };
  t.equal(tasks.find(({ name }) => name === "server")?.restarts, 1);
  t.deepEqual(usage, system.usage());
  await control.close();
  t.notOk(existsSync(control.address));
});
