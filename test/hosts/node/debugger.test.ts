/**
 * A debugger and the simulator: a breakpoint that is set in a TypeScript file stops in the task,
 * which is PAUSED then; it is blamed for nothing, and nor is who waits for it.
 *
 * It does over the inspector's protocol what VS Code does: it attaches to worker threads before
 * they run, stops at each script that has a source map, finds the line in it, and sets a breakpoint
 * there.
 */
import inspector, { Session } from "node:inspector/promises";
import { SourceMap, type SourceMapPayload } from "node:module";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import test, { type Test } from "tape";
import { boot, type System, type TaskDeath, type TaskStatus } from "reattach/node";
import { Patience, watch } from "../../patience.js";
import { folderOf } from "./temp-folder.js";

const FILES = {
  "manifest.json": {
    modules: { "*": "./task" },
    config: { reattach: { tasks: { task: { module: "task" } } } },
  },
  "task.ts": `import { delay } from "reattach";
import { twice, type Count } from "./lib/twice.js";

export function main(): void {
  for (let count: Count = 1; ; count++) {
    delay(twice(count));
  }
}
`,
  "lib/twice.ts": `/** A number of times. */
export type Count = number;

export function twice(count: Count): number {
  const doubled: number = 2 * count;
  return doubled;
}
`,
};

/** Where a debugger is to stop: lines count from 1. */
interface Breakpoint {
  readonly file: string;
  readonly line: number;
}

const BREAKPOINTS = [
  { file: "lib/twice.ts", line: 6, seen: { doubled: 2, count: 1 } },
  { file: "task.ts", line: 6, seen: { count: 1 } },
] as const;

/** The threads of tasks, by their titles. */
const TASKS = /\b(task|server|client)$/;

/** How long the debugger may take; a minute where others have the processors. */
const PATIENCE_MS = 60_000;
/** Lines of FILES are shorter, and so are those that they are compiled to. */
const COLUMNS = 80;

type Params = Record<string, unknown>;

interface Script {
  readonly scriptId: string;
  readonly url: string;
  readonly sourceMapURL: string;
  readonly endLine: number;
}

interface Frame {
  readonly location: Location;
  readonly scopeChain: readonly { readonly object: { readonly objectId: string } }[];
}

interface Location {
  readonly scriptId: string;
  readonly lineNumber: number;
  readonly columnNumber: number;
}

/** The protocol with one worker thread, by way of the session of the main thread. */
class WorkerSession {
  readonly #main: Session;
  readonly #id: string;
  readonly #answers = new Map<number, (result: Params) => void>();
  readonly #onEvent: (method: string, params: Params) => void;
  #calls = 0;

  constructor(main: Session, id: string, onEvent: (method: string, params: Params) => void) {
    this.#main = main;
    this.#id = id;
    this.#onEvent = onEvent;
    main.on("NodeWorker.receivedMessageFromWorker", ({ params }) => {
      if (params.sessionId === id) this.#hear(JSON.parse(params.message) as Params);
    });
  }

  post(method: string, params: Params = {}): Promise<Params> {
    const id = ++this.#calls;
    const message = JSON.stringify({ id, method, params });
    return new Promise((resolve, reject) => {
      this.#answers.set(id, resolve);
      const sent = { sessionId: this.#id, message };
      this.#main.post("NodeWorker.sendMessageToWorker", sent).catch(reject);
    });
  }

  #hear({ id, result, method, params }: Params): void {
    if (id === undefined) return this.#onEvent(method as string, params as Params);
    this.#answers.get(id as number)?.((result ?? {}) as Params);
    this.#answers.delete(id as number);
  }
}

/** The source map of a script, its sources as URLs. */
function mapOf({ sourceMapURL }: Script): SourceMapPayload {
  const text = Buffer.from(sourceMapURL.slice(sourceMapURL.indexOf(",") + 1), "base64").toString();
  const map = JSON.parse(text) as SourceMapPayload;
  return { ...map, sources: map.sources.map((source) => new URL(source, map.sourceRoot).href) };
}

interface Origin {
  readonly originalSource: string;
  readonly originalLine: number;
}

/** The first place of a script that comes from this line of a file. */
function placeOf(script: Script, file: string, line: number): Omit<Location, "scriptId"> | null {
  const map = new SourceMap(mapOf(script));
  for (let lineNumber = 0; lineNumber <= script.endLine; lineNumber++) {
    for (let columnNumber = 0; columnNumber < COLUMNS; columnNumber++) {
      const origin = map.findEntry(lineNumber, columnNumber) as Partial<Origin>;
      if (origin.originalSource === undefined || origin.originalLine !== line - 1) continue;
      if (fileURLToPath(origin.originalSource) === file) return { lineNumber, columnNumber };
    }
  }
  return null;
}

interface Stop {
  readonly file: string;
  readonly line: number;
  readonly values: Params;
}

/** Debugs the threads of tasks, all as they start, until each breakpoint was met. */
class TaskDebugger {
  readonly stops: Stop[] = [];
  readonly set: string[] = [];
  readonly isDone: Promise<void>;
  readonly #folder: string;
  readonly #breakpoints: readonly Breakpoint[];
  readonly #isHolding: boolean;
  readonly #scripts = new Map<string, Script>();
  #done: () => void = () => undefined;
  #fail: (why: unknown) => void = () => undefined;
  #held: WorkerSession | undefined;

  /** With `isHolding` it stays at the first breakpoint until goOn(). */
  constructor(
    folder: string,
    main: Session,
    breakpoints: readonly Breakpoint[],
    isHolding = false,
  ) {
    this.#folder = folder;
    this.#breakpoints = breakpoints;
    this.#isHolding = isHolding;
    this.isDone = new Promise((resolve, reject) => {
      this.#done = resolve;
      this.#fail = reject;
    });
    main.on("NodeWorker.attachedToWorker", ({ params: { sessionId, workerInfo } }) => {
      const worker: WorkerSession = new WorkerSession(main, sessionId, (method, params) => {
        if (method === "Debugger.scriptParsed") {
          const script = params as unknown as Script;
          this.#scripts.set(script.scriptId, script);
        } else if (method === "Debugger.paused") {
          this.#pause(worker, params).catch(this.#fail);
        }
      });
      this.#attach(worker, TASKS.test(workerInfo.title)).catch(this.#fail);
    });
  }

  giveUp(): void {
    this.#fail(new Error("it never stopped"));
  }

  /** What it holds goes on, and does not stop again. */
  async goOn(): Promise<void> {
    await this.#held?.post("Debugger.setBreakpointsActive", { active: false });
    await this.#held?.post("Debugger.resume");
  }

  async #attach(worker: WorkerSession, isTask: boolean): Promise<void> {
    if (isTask) {
      await worker.post("Debugger.enable");
      const instrumentation = "beforeScriptWithSourceMapExecution";
      await worker.post("Debugger.setInstrumentationBreakpoint", { instrumentation });
    }
    await worker.post("Runtime.runIfWaitingForDebugger");
  }

  async #pause(worker: WorkerSession, params: Params): Promise<void> {
    const { reason, callFrames, data, hitBreakpoints } = params;
    if (reason === "instrumentation") {
      await this.#setIn(worker, this.#scripts.get((data as Params)["scriptId"] as string)!);
    } else if ((hitBreakpoints as unknown[]).length > 0) {
      await this.#see(worker, (callFrames as Frame[])[0]!);
      this.#held = worker;
      if (this.#isHolding) return;
    }
    // It also stops when the thread starts.
    await worker.post("Debugger.resume");
  }

  async #setIn(worker: WorkerSession, script: Script): Promise<void> {
    for (const { file, line } of this.#breakpoints) {
      const place = placeOf(script, join(this.#folder, file), line);
      if (place === null) continue;
      const location = { scriptId: script.scriptId, ...place };
      await worker.post("Debugger.setBreakpoint", { location });
      this.set.push(file);
    }
  }

  async #see(worker: WorkerSession, { location, scopeChain }: Frame): Promise<void> {
    const map = new SourceMap(mapOf(this.#scripts.get(location.scriptId)!));
    const { originalSource, originalLine } = map.findEntry(
      location.lineNumber,
      location.columnNumber,
    ) as Origin;
    const values: Params = {};
    for (const { object } of scopeChain.slice(0, 2)) {
      const { result } = await worker.post("Runtime.getProperties", { ...object });
      for (const { name, value } of result as { name: string; value?: Params }[]) {
        values[name] = value?.["value"];
      }
    }
    this.stops.push({ file: fileURLToPath(originalSource), line: originalLine + 1, values });
    if (this.stops.length === this.#breakpoints.length) this.#done();
  }
}

test("debugger: a breakpoint in a TypeScript file stops in the task", async (t) => {
  const folder = folderOf(t, FILES);
  const main = new Session();
  main.connect();
  const system = await boot(folder);
  t.teardown(async () => {
    await main.post("NodeWorker.disable");
    await system.stop();
    main.disconnect();
  });
  const tasks = new TaskDebugger(folder, main, BREAKPOINTS);
  t.teardown(watch(new Patience(PATIENCE_MS), () => tasks.giveUp()));
  await main.post("NodeWorker.enable", { waitForDebuggerOnStart: true });
  await Promise.all([system.start(), tasks.isDone]);
  const files = BREAKPOINTS.map(({ file }) => file);
  t.deepEqual([...tasks.set].sort(), files, "both lines are in the program");
  for (const { file, line, seen } of BREAKPOINTS) {
    const stop = tasks.stops.find((each) => each.file === join(folder, file));
    t.equal(stop?.line, line, `${file}: at the line`);
    for (const [name, value] of Object.entries(seen)) {
      t.equal(stop?.values[name], value, `${name} is seen`);
    }
  }
});

/** A server and who waits for it: both are watched, and may not take long. */
const PAIR = {
  "manifest.json": {
    modules: { "*": ["./server", "./client"] },
    config: {
      reattach: {
        tasks: {
          server: { module: "server", heartbeat_ms: 100, answer_ms: 200 },
          client: { module: "client", heartbeat_ms: 100, dependsOn: ["server"] },
        },
        board: { stop_ms: 300 },
      },
    },
  },
  "server.ts": `import { MsgReceive, MsgReply, name_attach } from "reattach";

export function main(): void {
  const chid: number = name_attach(null, "service", 0);
  const message = new Uint8Array(4);
  for (;;) {
    const rcvid: number = MsgReceive(chid, message, 4, null);
    if (rcvid > 0) MsgReply(rcvid, 0, message, 4);
  }
}
`,
  "client.ts": `import { MsgSend, name_open, waitForName } from "reattach";

export function main(): void {
  waitForName("service", Infinity);
  const coid: number = name_open("service", 0);
  const message = new Uint8Array(4);
  for (let count = 0; ; count++) {
    const status: number = MsgSend(coid, message, 4, message, 4);
    if (status < 0) throw new Error(\`status \${status}\`);
  }
}
`,
};
const IN_SERVER = [{ file: "server.ts", line: 8 }] as const;
/** Twelve periods of their heartbeats, and six times the server's answer_ms. */
const LONG_MS = 1_200;

/** A pair whose server stands at a breakpoint. */
class HeldPair {
  readonly system: System;
  readonly tasks: TaskDebugger;
  readonly deaths: TaskDeath[] = [];
  readonly deadlocks: (readonly string[])[] = [];

  static async start(t: Test): Promise<HeldPair> {
    const folder = folderOf(t, PAIR);
    const main = new Session();
    main.connect();
    const system = await boot(folder, { inspect: { port: 0 } });
    const tasks = new TaskDebugger(folder, main, IN_SERVER, true);
    t.teardown(watch(new Patience(PATIENCE_MS), () => tasks.giveUp()));
    t.teardown(async () => {
      await main.post("NodeWorker.disable");
      await system.stop();
      main.disconnect();
      inspector.close();
    });
    const pair = new HeldPair(system, tasks);
    await main.post("NodeWorker.enable", { waitForDebuggerOnStart: true });
    await Promise.all([system.start(), tasks.isDone]);
    await pair.until(() => pair.look("server").state === "PAUSED");
    return pair;
  }

  private constructor(system: System, tasks: TaskDebugger) {
    this.system = system;
    this.tasks = tasks;
    system.on("death", (death) => this.deaths.push(death));
    system.on("deadlock", (names) => this.deadlocks.push(names));
  }

  look(name: string): TaskStatus {
    return this.system.ps().find((task) => task.name === name)!;
  }

  async until(isDone: () => boolean): Promise<void> {
    let isOver = false;
    const undo = watch(new Patience(PATIENCE_MS), () => (isOver = true));
    while (!isDone()) {
      if (isOver) throw new Error(`never happened: ${String(isDone)}`);
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    undo();
  }
}

test("debugger: who is paused is blamed for nothing, and nor is who waits for it", async (t) => {
  const pair = await HeldPair.start(t);
  const { pid } = pair.look("server");
  t.equal(pair.tasks.stops[0]?.line, IN_SERVER[0].line, "it stands at the line");
  await pair.until(() => (pair.look("client").waitsFor?.ms ?? 0) > LONG_MS);
  t.equal(pair.look("server").state, "PAUSED", "still, long after it would be hung");
  t.equal(pair.look("client").state, "REPLY", "its client waits");
  t.equal(pair.look("client").deadlock, null, "in no deadlock");
  const { sent } = pair.look("client").counters;
  await pair.tasks.goOn();
  await pair.until(() => pair.look("client").counters.sent > sent + 100);
  t.notEqual(pair.look("server").state, "PAUSED", "it goes on");
  t.equal(pair.look("server").pid, pid, "the same incarnation");
  t.deepEqual([pair.deaths, pair.deadlocks], [[], []], "nobody has died");
});

test("debugger: who is paused can be killed, and its successor is not held", async (t) => {
  const pair = await HeldPair.start(t);
  const { pid } = pair.look("server");
  t.equal(await pair.system.kill("server"), "done", "kill");
  t.equal(pair.deaths.find(({ name }) => name === "server")?.cause, "killed");
  await pair.until(() => ![0, pid].includes(pair.look("server").pid));
});

test("debugger: a stop of everything lets go who is paused", async (t) => {
  const pair = await HeldPair.start(t);
  t.equal(await pair.system.stop(), "done", "stop");
  t.deepEqual(pair.deaths, [], "it left by itself");
});

test("debugger: a debugger statement holds nobody where no debugger has connected", async (t) => {
  const task = `export function main(): void {\n  debugger;\n  console.log("on");\n}\n`;
  const folder = folderOf(t, { ...FILES, "task.ts": task });
  const system = await boot(folder, { inspect: { port: 0 } });
  t.teardown(() => system.stop().finally(() => inspector.close()));
  const ended = new Promise((resolve) => system.on("end", resolve));
  await Promise.all([system.start(), ended]);
  t.pass("it has ended");
});
