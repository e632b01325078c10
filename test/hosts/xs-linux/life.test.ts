/**
 * What counts as life on the device host: an idle event loop beats and costs nothing, a loop does
 * not; deadlocks and servers that do not answer are found.
 */
import { join } from "node:path";
import test from "tape";
import { EXIT_RESTARTED } from "../../../hosts/xs-test/exit-codes.mjs";
import { bundle, type Bundle } from "./bundle.js";
import { missing, run, THIRTY_TWO_BIT } from "./host.js";
import type { Life, LifeEvent, Until } from "./programs/life-events.js";
import { resultsIn } from "./results-in.js";

/** As on a board: slots of 16 bytes. */
const mode = { ...THIRTY_TWO_BIT, switches: ["--release"] };
/** Of a task that never leaves: short enough to wait for. */
const STOP_MS = 700;

type Spec = Life & Readonly<Record<string, unknown>>;

const KEYS = ["heartbeat_ms", "heartbeatHigh", "answer_ms", "priority", "restart"];

interface Setting {
  readonly lives: Readonly<Record<string, Spec>>;
  readonly until: Until;
  readonly board?: object;
  readonly switches?: readonly string[];
}

interface Played {
  readonly code: number | null;
  readonly events: string[];
  readonly log: string;
}

async function play(all: Bundle, setting: Setting): Promise<Played> {
  const { lives, until, board = {}, switches = [] } = setting;
  const tasks = Object.fromEntries(
    Object.entries(lives).map(([name, life]) => {
      const entries = Object.entries(life);
      const keys = Object.fromEntries(entries.filter(([key]) => KEYS.includes(key)));
      const args = Object.fromEntries(entries.filter(([key]) => !KEYS.includes(key)));
      return [name, { module: "lives", args, ...keys }];
    }),
  );
  const config = { until, reattach: { tasks, board } };
  const { code, stdout, stderr } = await run({ mode, bundle: all, main: "life", config, switches });
  const events = resultsIn<LifeEvent>(stdout);
  return {
    code,
    events: events.map(({ event, text }) => `${event} ${text}`),
    log: `${stdout}\n${stderr}`,
  };
}

/** A test with the programs at hand; skipped where there is no test host. */
function lifeTest(title: string, act: (t: test.Test, all: Bundle) => Promise<void>): void {
  test(title, async (t) => {
    const why = missing(mode);
    if (why !== "") return t.skip(why);
    const path = (name: string): string => join(import.meta.dirname, "programs", `${name}.ts`);
    const all = await bundle({ life: path("life"), lives: path("living") });
    try {
      await act(t, all);
    } finally {
      all.remove();
    }
  });
}

lifeTest("life on XS: an idle event loop beats, and a beat costs 0 slots", async (t, all) => {
  const played = await play(all, {
    lives: {
      idle: { act: "idle", isMeasured: true, heartbeat_ms: 100, heartbeatHigh: 50 },
      awaits: { act: "awaits", heartbeat_ms: 100, heartbeatHigh: 50 },
    },
    until: { idle: "idle", signs: 60 },
  });
  t.equal(played.code, 0, played.log);
  t.deepEqual(played.events, ["cost 0,0,0", "ps idle IDLE", "ps awaits IDLE"]);
});

for (const act of ["loops", "loops later"] as const) {
  lifeTest(`life on XS: a task that ${act} is hung: the board restarts`, async (t, all) => {
    const played = await play(all, {
      lives: { busy: { act, heartbeat_ms: 200 }, idle: { act: "idle" } },
      until: { deaths: 9 },
      board: { stop_ms: STOP_MS },
    });
    t.equal(played.code, EXIT_RESTARTED, played.log);
    t.match(played.log, /restarting the board: task busy did not leave/);
  });
}

lifeTest("life on XS: with a debugger nobody is hung", async (t, all) => {
  const played = await play(all, {
    lives: { busy: { act: "loops", heartbeat_ms: 200 }, slow: { act: "delays" } },
    until: { silent: "busy", silent_ms: 2_000 },
    switches: ["--debugged"],
  });
  t.equal(played.code, 0, played.log);
  t.deepEqual(played.events, ["ps busy RUNNING", "ps slow NANOSLEEP"]);
});

/** A ring of tasks p0, p1, … with the same keys. */
function ringOf(length: number, keys: object = {}): Record<string, Spec> {
  return Object.fromEntries(
    Array.from({ length }, (_, i): [string, Spec] => [
      `p${i}`,
      { act: "ring", own: `p${i}`, next: `p${(i + 1) % length}`, ...keys },
    ]),
  );
}

for (const length of [2, 3]) {
  const names = Object.keys(ringOf(length));

  lifeTest(`deadlock on XS: a ring of ${length} is told, and nobody ended`, async (t, all) => {
    const played = await play(all, { lives: ringOf(length), until: { deadlocks: 1 } });
    t.equal(played.code, 0, played.log);
    t.equal(played.events[0], `deadlock ${names.join(" > ")}`);
    t.match(played.events[1] ?? "", /^ps p0 SEND p0 > p1/);
    t.match(played.log, /deadlock: p0 > p1 .*: each waits for the next, for ever/);
  });

  lifeTest(`deadlock on XS: "break" ends exactly one of ${length}`, async (t, all) => {
    const keys = { heartbeat_ms: 200, restart: { when: "never" } };
    const lives = ringOf(length, keys);
    const played = await play(all, {
      lives: { ...lives, p1: { ...lives["p1"]!, priority: 5 } },
      board: { deadlock: "break" },
      until: { deaths: 1 },
    });
    t.equal(played.code, 0, played.log);
    const deaths = played.events.filter((event) => event.startsWith("death"));
    t.deepEqual(deaths.length, 1);
    t.match(deaths[0]!, /^death p1 deadlock deadlock: p0 > p1 > /);
  });
}

for (const act of ["mute", "returned"] as const) {
  lifeTest(`answer_ms on XS: a server that is ${act} is hung`, async (t, all) => {
    const played = await play(all, {
      lives: {
        server: { act, own: "service", answer_ms: 300, restart: { when: "never" } },
        asker: { act: "asks", next: "service" },
      },
      until: { deaths: 1 },
    });
    t.equal(played.code, 0, played.log);
    t.match(played.events[0] ?? "", /^death server hung did not answer asker within 300 ms/);
  });
}
