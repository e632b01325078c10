/**
 * The device host when things go wrong: what ends a task and only that task, and what restarts the
 * board, with the reason kept.
 */
import { join } from "node:path";
import test from "tape";
import { EXIT_ABORTED, EXIT_RESTARTED } from "../../../hosts/xs-test/exit-codes.mjs";
import { bundle, type Bundle } from "./bundle.js";
import { missing, type Mode, run, type Run } from "./host.js";
import type { Action, Event, Fate } from "./programs/fates.js";
import { resultsIn } from "./results-in.js";

const NOT_LINKED = 3;

/** Short enough to wait for; only where main is to stand still, or a task to stay. */
const GUARDIAN_MS = 2_000;
const STOP_MS = 700;

function programs(): Record<string, string> {
  const path = (name: string): string => join(import.meta.dirname, "programs", `${name}.ts`);
  return { faults: path("faults"), unlucky: path("unlucky") };
}

/** What a run is to be like. */
interface Setting {
  readonly fate: Fate;
  readonly action?: Action;
  /** The run ends well when the task has been started so often. */
  readonly starts?: number;
  readonly limits?: object;
}

/** Runs the programs; a run after another is the next start of the same board. */
type Play = (setting: Setting) => Promise<Run>;
type FaultTest = (title: string, act: (t: test.Test, play: Play) => Promise<void>) => void;

function start(mode: Mode, all: Bundle, setting: Setting): Promise<Run> {
  const { fate, action = "", starts = 2, limits = {} } = setting;
  const creation = { keys: { initial: 32, incremental: 0 } };
  const board = {
    ...(action === "stall" ? { guardian_ms: GUARDIAN_MS } : {}),
    ...(fate === "loops" ? { stop_ms: STOP_MS } : {}),
  };
  const tasks = { unlucky: { module: "unlucky", args: { fate }, creation } };
  const config = { faults: { action, starts }, reattach: { limits, tasks, board } };
  const switches = [`--preferences=${join(all.modules, "../preferences")}`];
  return run({ mode, bundle: all, main: "faults", config, switches });
}

function eventsIn({ stdout }: Run): string[] {
  return resultsIn<Event>(stdout).map(({ event, text }) =>
    text === "" ? event : `${event}: ${text}`,
  );
}

const DEATHS: readonly (readonly [Fate, Action, string, RegExp | null])[] = [
  ["throws", "", "throw: Error: thrown on purpose", /thrown on purpose/],
  ["throws what has no text", "", "throw: a value that has no text", /a value that has no text/],
  ["throws null", "", "throw: null", /^null$/m],
  // Two buffers of 128 bytes, and three bytes for each of its characters.
  ["throws a long text", "", `throw: Error: ${"…".repeat(83)}`, /Error: …{500}/],
  ["throws from a timer", "", "throw: Error: thrown on purpose", /thrown on purpose/],
  ["rejects", "", "throw: Error: thrown on purpose", /thrown on purpose/],
  ["rejects later", "", "throw: Error: thrown on purpose", /thrown on purpose/],
  ["fills its memory", "", "memory: its VM has no memory left", /memory full/],
  ["runs out of names", "", "memory: its VM has no memory left", /not enough keys/],
  [
    "boots a board of its own",
    "",
    "throw: Error: boot() is for the main VM: this is a task",
    /for the main VM/,
  ],
  ["waits for a message", "kill", "killed: ", null],
  ["is idle", "kill", "killed: ", null],
];

function testDeaths(faultTest: FaultTest): void {
  for (const [fate, action, cause, log] of DEATHS) {
    faultTest(`a task that ${fate} dies alone, and is started again`, async (t, play) => {
      const played = await play({ fate, action });
      t.deepEqual(eventsIn(played), ["start", `death: ${cause}`, "start"], "once, and again");
      t.equal(played.code, 0, "the board goes on");
      if (log !== null) t.match(played.stdout, log, "the log says why");
      t.equal(played.stderr, "", "XS has nothing to complain of");
    });
  }

  for (const fate of ["waits for a message", "is idle"] as const) {
    faultTest(`a task that ${fate} leaves when it is told to`, async (t, play) => {
      const played = await play({ fate, action: "stop" });
      t.deepEqual(eventsIn(played), ["start", "end"], "it is not started again");
      t.equal(played.code, 0, "the board goes on");
    });
  }
}

function testRestarts(faultTest: FaultTest): void {
  faultTest("a task that loops restarts the board, which then says why", async (t, play) => {
    const played = await play({ fate: "loops", action: "stop" });
    t.equal(played.code, EXIT_RESTARTED, "the board restarts");
    const next = await play({ fate: "is idle", action: "stop" });
    const reason = `reboot: task unlucky did not leave within ${STOP_MS} ms`;
    t.ok(eventsIn(next).includes(reason), "the reason is known");
    const after = await play({ fate: "is idle", action: "stop" });
    t.deepEqual(eventsIn(after), ["start", "end"], "once");
  });

  faultTest("what main throws restarts the board, which then says why", async (t, play) => {
    const played = await play({ fate: "is idle", action: "throw" });
    t.equal(played.code, EXIT_ABORTED, "the board restarts");
    const next = await play({ fate: "is idle", action: "stop" });
    t.match(eventsIn(next).join("\n"), /^reboot: main: .*main throws/m, "the reason is known");
  });

  faultTest("a main VM that stands still restarts the board", async (t, play) => {
    const played = await play({ fate: "is idle", action: "stall" });
    t.equal(played.code, EXIT_RESTARTED, "its guardian restarts it");
    const next = await play({ fate: "is idle", action: "stop" });
    const reason = `reboot: the main VM stood still for ${GUARDIAN_MS} ms`;
    t.ok(eventsIn(next).includes(reason), "the reason is known");
  });
}

function testLinker(faultTest: FaultTest): void {
  faultTest("a wrong limit stops the linker with a sentence", async (t, play) => {
    const played = await play({ fate: "is idle", limits: { names: -1, chanels: 4 } });
    t.equal(played.code, NOT_LINKED, "it is not linked");
    t.match(
      played.stderr,
      /config\.reattach\.limits\.names: found -1, allowed is a whole/,
      "names",
    );
    t.match(played.stderr, /config\.reattach\.limits\.chanels: no such key/, "chanels");
  });

  faultTest("the linker has nothing of ours to warn of", async (t, play) => {
    const played = await play({ fate: "is idle", starts: 1 });
    t.equal(played.stderr, "", "no warning");
  });
}

/** Tests of all that can go wrong, in this mode; skipped where there is no test host. */
export function faultTests(mode: Mode): void {
  const faultTest: FaultTest = (title, act) => {
    test(`device, ${mode.name}: ${title}`, async (t) => {
      const why = missing(mode);
      if (why !== "") return t.skip(why);
      const all = await bundle(programs());
      try {
        await act(t, (setting) => start(mode, all, setting));
      } finally {
        all.remove();
      }
    });
  };
  testDeaths(faultTest);
  testRestarts(faultTest);
  testLinker(faultTest);
}
