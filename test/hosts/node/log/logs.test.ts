/**
 * What tasks write, as an application hears it; and that the main thread owes them nothing.
 */
import { fileURLToPath } from "node:url";
import test, { type Test } from "tape";
import { boot, type LogLevel, type System, type TaskDeath } from "reattach/node";

const WRITERS = fileURLToPath(new URL("./writers", import.meta.url));

type Line = [task: string, level: LogLevel, text: string];

/** A system whose tasks do what `acts` says, for as long as the test lasts. */
async function systemOf(t: Test, acts: Readonly<Record<string, object>>): Promise<System> {
  const tasks = Object.entries(acts).map(([name, args]) => {
    return [name, { module: "writers", args, restart: { when: "never" } }] as const;
  });
  const limits = { tasks: Math.max(8, tasks.length) };
  const system = await boot({
    modules: { writers: WRITERS },
    config: { reattach: { limits, tasks: Object.fromEntries(tasks) } },
  });
  t.teardown(() => system.stop());
  return system;
}

/** Lines as they come; resolves `seen` when there is one that fits. */
function listen(system: System): { lines: Line[]; seen(text: RegExp): Promise<void> } {
  const lines: Line[] = [];
  let look = (): void => undefined;
  system.on("log", (...[task, level, text]) => {
    lines.push([task, level, text]);
    look();
  });
  const seen = (wanted: RegExp): Promise<void> =>
    new Promise((resolve) => {
      look = () => {
        if (lines.some(([, , text]) => wanted.test(text))) resolve();
      };
      look();
    });
  return { lines, seen };
}

function eventOf(system: System, name: "end" | "death"): Promise<unknown> {
  return new Promise((resolve) => system.once(name, resolve));
}

test("log: whatever a task writes with, each call is a line of its level", async (t) => {
  const system = await systemOf(t, { writer: { act: "writeAll" } });
  const { lines } = listen(system);
  const ended = eventOf(system, "end");
  await system.start();
  await ended;
  const expected: readonly [LogLevel, string | RegExp][] = [
    ["info", "a formatted line"],
    ["debug", "debug"],
    ["info", "info"],
    ["warn", "warn"],
    ["error", "error"],
    ["info", "group"],
    ["info", "  inside"],
    ["info", /\(index\).*\n.*\n.*0/],
    ["warn", "Assertion failed: asserted"],
    ["info", "in pieces"],
    ["error", "bad"],
    ["info", "traced 7"],
    ["info", "and "],
  ];
  expected.forEach(([level, text], i) => {
    const [task, found, line = ""] = lines[i] ?? [];
    t.equal(task, "writer");
    t.equal(found, level, String(text));
    if (typeof text === "string") t.equal(line, text);
    else t.match(line, text);
  });
  t.equal(lines.length, expected.length);
});

test("log: lines are seen while the task blocks, and have a time", async (t) => {
  const system = await systemOf(t, { writer: { act: "writeAndWait", what: "name", count: 3 } });
  const before = Date.now();
  const time = new Promise<number>((resolve) => {
    system.on("log", (...[, , text, time_ms]) => text === "2" && resolve(time_ms));
  });
  await system.start();
  const time_ms = await time;
  t.ok(time_ms >= before && time_ms <= Date.now(), "the time when it was written");
});

test("log: of 100,000 lines in a loop each is read, or is counted as dropped", async (t) => {
  const system = await systemOf(t, { writer: { act: "write", count: 100_000 } });
  let next = 0;
  let isGood = true;
  const all = new Promise<void>((resolve) => {
    system.on("log", (_task, _level, text) => {
      const dropped = /^… ([\d,]+) lines? dropped$/.exec(text)?.[1];
      if (dropped === undefined) isGood &&= Number(text) === next++;
      else next += Number(dropped.replaceAll(",", ""));
      if (next >= 100_000) resolve();
    });
  });
  await system.start();
  await all;
  t.ok(isGood, "in order");
  t.equal(next, 100_000, "each of them");
});

test("log: a task that writes without end, and a slow listener, leave main its time", async (t) => {
  const system = await systemOf(t, { flood: { act: "flood" }, flood2: { act: "flood" } });
  let inTurn = 0;
  let most = 0;
  let turns = 0;
  system.on("log", () => {
    inTurn++;
    for (const until = performance.now() + 2; performance.now() < until;);
  });
  await system.start();
  while (turns < 50) {
    await new Promise((resolve) => setTimeout(resolve));
    most = Math.max(most, inTurn);
    if (inTurn > 0) turns++;
    inTurn = 0;
  }
  // Two lines take 4 ms, which is a portion. Without portions it is all that there is: hundreds.
  t.ok(most < 20, `${most} lines at most between two timers`);
  await system.kill("flood");
  t.equal(system.isRunning("flood"), false, "and it can be killed");
});

test("log: the last words of a task come before its death", async (t) => {
  const system = await systemOf(t, { writer: { act: "writeAndThrow" } });
  const { lines } = listen(system);
  const died = eventOf(system, "death");
  await system.start();
  const { text } = (await died) as TaskDeath;
  t.match(text, /^RangeError: thrown on purpose\n/);
  t.equal(lines.length, 51);
  t.equal(lines.at(-1)?.[2], "last words");
});

test("log: a listener that throws loses no line", async (t) => {
  const system = await systemOf(t, { writer: { act: "write", count: 100 } });
  const thrown: unknown[] = [];
  const listeners = process.listeners("uncaughtException");
  process.removeAllListeners("uncaughtException");
  process.on("uncaughtException", (error) => thrown.push(error.message));
  t.teardown(() => {
    process.removeAllListeners("uncaughtException");
    for (const listener of listeners) process.on("uncaughtException", listener);
  });
  const texts: string[] = [];
  const seen = new Promise<void>((resolve) => {
    system.on("log", (_task, _level, text) => {
      texts.push(text);
      if (text === "99") resolve();
      if (Number(text) % 10 === 0) throw new Error(`at ${text}`);
    });
  });
  await system.start();
  await seen;
  t.deepEqual(
    texts,
    Array.from({ length: 100 }, (_, i) => String(i)),
  );
  t.equal(thrown.length, 10, "and each error is told");
});

test("System.log: a line of main's own", async (t) => {
  const system = await systemOf(t, { idle: { act: "write" } });
  const { lines } = listen(system);
  system.log("warn", "from main");
  t.deepEqual(lines, [["main", "warn", "from main"]]);
});
