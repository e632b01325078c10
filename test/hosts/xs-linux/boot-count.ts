/**
 * Restarts of a board in a row, whoever caused them, on the real engine: each is counted, and when
 * there were too many the culprit is held, or all that are not essential.
 */
import { join } from "node:path";
import test from "tape";
import { EXIT_ABORTED, EXIT_RESTARTED } from "../../../hosts/xs-test/exit-codes.mjs";
import { bundle, type Bundle } from "./bundle.js";
import { missing, type Mode, run, type Run } from "./host.js";
import type { BootCountAction, BootCountNote, Fate } from "./programs/fates.js";
import { resultsIn } from "./results-in.js";

/** Short enough to wait for, three times. */
const GUARDIAN_MS = 1_500;
const REBOOTS_MAX = 2;
/** A task that loops is not waited for. */
const STOP_MS = 1_000;

function programs(): Promise<Bundle> {
  const path = (name: string): string => join(import.meta.dirname, "programs", `${name}.ts`);
  return bundle({
    "boot-count": path("boot-count"),
    preference: path("preference"),
    unlucky: path("unlucky"),
    bystander: join(import.meta.dirname, "../../unit/manager/supervise/bystander.ts"),
  });
}

/** What a board is like, and what happens to it. */
interface Setting {
  readonly fate: Fate;
  readonly action: BootCountAction;
  readonly settled_ms?: number;
  readonly switches?: readonly string[];
}

/** Runs the programs; a run after another is the next start of the same board. */
type Play = (setting: Setting) => Promise<Run>;
type CountTest = (title: string, act: (t: test.Test, play: Play) => Promise<void>) => void;

function start(
  mode: Mode,
  all: Bundle,
  { fate, action, settled_ms = 60_000, switches = [] }: Setting,
): Promise<Run> {
  const bystander = (name: string): object => ({ module: "bystander", args: { name } });
  const tasks = {
    unlucky: { module: "unlucky", args: { fate } },
    other: bystander("other"),
    vital: { ...bystander("vital"), essential: true },
  };
  const board = { guardian_ms: GUARDIAN_MS, rebootsMax: REBOOTS_MAX, settled_ms, stop_ms: STOP_MS };
  const config = { bootCount: { action }, reattach: { tasks, board } };
  const preferences = `--preferences=${join(all.modules, "../preferences")}`;
  const main = "boot-count";
  return run({ mode, bundle: all, main, config, switches: [preferences, ...switches] });
}

function notesIn({ stdout }: Run): BootCountNote[] {
  return resultsIn(stdout);
}

const ALL_BUT_VITAL = ["unlucky HELD", "other HELD", "vital RECEIVE"];
const NO_MEMORY = ["--no-reset-memory"];

const ROWS: readonly [what: string, Setting, code: number, states: readonly string[]][] = [
  [
    "a task that does not leave is held",
    { fate: "loops", action: "stop" },
    EXIT_RESTARTED,
    ["unlucky HELD", "other RECEIVE", "vital RECEIVE"],
  ],
  [
    "an overflow of a stack, which nobody can announce",
    { fate: "overflows its stack", action: "" },
    EXIT_ABORTED,
    ALL_BUT_VITAL,
  ],
  [
    "a main VM that stands still",
    { fate: "waits for a message", action: "stall" },
    EXIT_RESTARTED,
    ALL_BUT_VITAL,
  ],
  [
    "the same, on a chip whose only memory is flash",
    { fate: "overflows its stack", action: "", switches: NO_MEMORY },
    EXIT_ABORTED,
    ALL_BUT_VITAL,
  ],
];

/** What a boot has written to flash. */
const writtenIn = (played: Run): string[] =>
  notesIn(played).flatMap(({ written }) => (written === undefined ? [] : [written]));

function testRows(countTest: CountTest): void {
  for (const [what, setting, code, states] of ROWS) {
    countTest(what, async (t, play) => {
      for (let i = 0; i < REBOOTS_MAX; i++) {
        const { code: ended, stderr } = await play(setting);
        t.equal(ended, code, `restart ${i + 1}`);
        if (ended !== code) t.comment(stderr);
      }
      const last = await play(setting);
      t.equal(last.code, 0, "it does not restart again");
      t.deepEqual(notesIn(last).at(-1)?.states, states, "who is held");
      const anew = await play(setting);
      t.equal(anew.code, code, "after the power was off it begins anew");
    });
  }
}

function testFlash(countTest: CountTest): void {
  countTest("flash is written twice a boot at most", async (t, play) => {
    const setting: Setting = {
      fate: "waits for a message",
      action: "reboot late",
      settled_ms: 100,
      switches: NO_MEMORY,
    };
    for (let i = 0; i < REBOOTS_MAX + 1; i++) {
      const played = await play(setting);
      t.equal(played.code, EXIT_RESTARTED, "it restarts as often as it is ordered to");
      t.deepEqual(writtenIn(played), ["1||?|", ""], "the mark, and that it is taken back");
    }
    const early = await play({ fate: "loops", action: "stop", switches: NO_MEMORY });
    const reason = `task unlucky did not leave within ${STOP_MS} ms`;
    t.deepEqual(writtenIn(early), ["1||?|", `1||unlucky|${reason}`], "or the mark, and why");
    const next = await play(setting);
    t.ok(
      notesIn(next).some(({ reason: told }) => told === reason),
      "which is told",
    );
    t.deepEqual(writtenIn(next), ["2||?|", ""], "in no third write");
  });

  countTest("memory that a reset leaves alone spares the flash", async (t, play) => {
    const setting: Setting = {
      fate: "waits for a message",
      action: "reboot late",
      settled_ms: 100,
    };
    const first = await play(setting);
    const second = await play(setting);
    t.deepEqual([...writtenIn(first), ...writtenIn(second)], [], "nothing is written");
    t.deepEqual(notesIn(second), [{ reason: "late" }], "and the reason is told");
  });
}

/** Tests of all of it in this mode; skipped where there is no test host. */
export function bootCountTests(mode: Mode): void {
  const countTest: CountTest = (title, act) => {
    test(`boot count on XS, ${mode.name}: ${title}`, async (t) => {
      const why = missing(mode);
      if (why !== "") return t.skip(why);
      const all = await programs();
      try {
        await act(t, (setting) => start(mode, all, setting));
      } finally {
        all.remove();
      }
    });
  };
  testRows(countTest);
  testFlash(countTest);
}
