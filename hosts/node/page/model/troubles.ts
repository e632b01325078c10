/**
 * What is wrong at a moment, the worst first.
 *
 * Red is a deadlock, and no answer or death for more than a second; amber is the same for less
 * long, a task that is held, a client that starves behind others, and a save that is not in use. A
 * death that is over within half a second is no trouble: to mend it is what the product is for.
 */
import { counted, firstLine, listed, shownCount, shownSpan } from "./format.js";
import { isBlocked, type Moment, type TaskMoment } from "./moment.js";
import type { FailedReload } from "./recording.js";
import { isDown, isWaiting } from "./states.js";

export interface Trouble {
  readonly level: "bad" | "warn";
  /** Among those of one level the lowest comes first. */
  readonly rank: number;
  readonly glyph: string;
  /** For how long already. */
  readonly for_ms: number;
  /** Whom to look at. */
  readonly task: string;
  /** "deadlock", "does not answer", …: changes only with the kind of trouble. */
  readonly kind: string;
  readonly head: string;
  readonly because: string;
  /** Tasks that wait for each other; empty but for a deadlock. */
  readonly ring: readonly string[];
}

/** A server that has kept a client waiting for so long does not answer. */
const SILENT_MS = 300;
/** A death that is over sooner is no trouble. */
const GRACE_MS = 500;
/** From here on trouble is red. */
const BAD_MS = 1000;
/** The main VM is late: what is shown is late too. */
const LATE_MS = 500;

const levelAfter = (ms: number): Trouble["level"] => (ms > BAD_MS ? "bad" : "warn");

function waiters(names: readonly string[], what: string): string {
  if (names.length === 0) return "nobody waits for it";
  return `${listed(names)} ${names.length === 1 ? "waits" : "wait"} ${what}`;
}

/** What its heartbeat says: that is what ends a task that hangs. */
function beats({ row }: TaskMoment): string {
  if (row.watch === null) return "";
  const { period_ms, missed } = row.watch;
  return `; ${counted(missed, "heartbeat")} missed (one each ${shownSpan(period_ms)})`;
}

/** The ring that a task waits in, beginning with it; empty when it waits in none. */
function ringOf(start: TaskMoment, { byName }: Moment): readonly string[] {
  const chain: string[] = [];
  let task: TaskMoment | undefined = start;
  while (task !== undefined && isBlocked(task) && !chain.includes(task.name)) {
    chain.push(task.name);
    task = byName.get(task.peer);
  }
  return task?.name === start.name && chain.length > 0 ? chain : [];
}

/** Who is at the end of the chain in which a task waits: the one to blame. */
function rootOf(start: TaskMoment, { byName }: Moment): TaskMoment {
  let task = start;
  for (let steps = 0; steps < byName.size && isBlocked(task); steps++) {
    const next = byName.get(task.peer);
    if (next === undefined) break;
    task = next;
  }
  return task;
}

function deadlocks(moment: Moment): Trouble[] {
  const done = new Set<string>();
  return moment.tasks.flatMap((task) => {
    if (done.has(task.name)) return [];
    const ring = ringOf(task, moment);
    if (ring.length === 0) return [];
    for (const name of ring) done.add(name);
    const for_ms = Math.min(...ring.map((name) => moment.byName.get(name)!.for_ms));
    const behind = moment.tasks.filter(
      (other) =>
        isBlocked(other) && !ring.includes(other.name) && ring.includes(rootOf(other, moment).name),
    );
    const because = waiters(
      behind.map(({ name }) => name),
      "behind it",
    );
    return {
      level: "bad" as const,
      rank: 0,
      glyph: "⟲",
      for_ms,
      task: task.name,
      kind: "is in a deadlock",
      head: `Deadlock for ${shownSpan(for_ms)}: ${[...ring, task.name].join(" → ")}`,
      because: because + beats(task),
      ring,
    };
  });
}

/** Clients that have waited for a server for so long that something is the matter with it. */
function impatient(server: TaskMoment, { tasks }: Moment): TaskMoment[] {
  return tasks
    .filter(
      ({ state, peer, for_ms }) => isWaiting(state) && peer === server.name && for_ms >= SILENT_MS,
    )
    .sort((a, b) => b.for_ms - a.for_ms);
}

function silent(moment: Moment): Trouble[] {
  return moment.tasks.flatMap((task) => {
    // One that waits itself, or stands in a debugger, is not to blame.
    const isUp = !isBlocked(task) && !isDown(task.state) && task.state !== "PAUSED";
    const clients = impatient(task, moment);
    const [first] = clients;
    if (first === undefined || !isUp) return [];
    // Not for longer than its own life, or than it has been free itself.
    const for_ms = Math.min(first.for_ms, moment.ms - (task.last?.back_ms ?? 0));
    if (task.isWorking) {
      if (for_ms <= BAD_MS) return [];
      return {
        level: "warn" as const,
        rank: 4,
        glyph: "▷",
        for_ms,
        task: task.name,
        kind: "is overloaded",
        head: `${first.name} has waited ${shownSpan(first.for_ms)} for ${task.name}`,
        because: `${task.name} is busy with others: ${shownCount(task.in)} messages/s`,
        ring: [],
      };
    }
    if (task.state === "HUNG" || for_ms < SILENT_MS) return [];
    const behind = moment.tasks.filter(
      (other) => isBlocked(other) && rootOf(other, moment).name === task.name,
    );
    const isQueued = clients.every(({ state }) => state === "SEND");
    const what = isQueued ? "received nothing" : "not answered";
    return {
      level: levelAfter(for_ms),
      rank: 1,
      glyph: "▲",
      for_ms,
      task: task.name,
      kind: "does not answer",
      head: `${task.name} has ${what} for ${shownSpan(for_ms)}`,
      because:
        waiters(
          behind.map(({ name }) => name),
          "for it",
        ) + beats(task),
      ring: [],
    };
  });
}

/** A task that is dead for longer than a restart takes. */
function dead(task: TaskMoment, moment: Moment): Trouble[] {
  const { last, state, row, for_ms } = task;
  if (!isDown(state) || state === "HELD" || last === null || for_ms < GRACE_MS) return [];
  const healing = moment.tasks
    .filter((other) => other.state === "RECOVERING" && other.peer === task.name)
    .map(({ name }) => name);
  let because = `${last.cause}${last.text === "" ? "" : `: ${firstLine(last.text)}`}`;
  if (healing.length > 0) {
    because += `; ${listed(healing)} ${healing.length === 1 ? "is" : "are"} recovering`;
  }
  if (row.startsIn_ms !== null && row.startsIn_ms > 0) {
    because += `; starts again in ${shownSpan(row.startsIn_ms)}`;
  }
  const what = state === "DEAD" ? "has been dead for" : "is starting again, dead for";
  return [
    {
      level: levelAfter(for_ms),
      rank: 2,
      glyph: "✕",
      for_ms,
      task: task.name,
      kind: "is dead",
      head: `${task.name} ${what} ${shownSpan(for_ms)}`,
      because,
      ring: [],
    },
  ];
}

/** What was done to a task on purpose, or cannot be undone. */
function singular(task: TaskMoment, moment: Moment): Trouble[] {
  const { name, state, for_ms, last } = task;
  const clients = impatient(task, moment).map((client) => client.name);
  const one = (
    level: Trouble["level"],
    rank: number,
    glyph: string,
    kind: string,
    head: string,
    because: string,
  ): Trouble[] => [{ level, rank, glyph, for_ms, task: name, kind, head, because, ring: [] }];
  if (state === "HELD") {
    const cause = last === null ? "" : ` (${last.cause})`;
    const head = `${name} is held, dead for ${shownSpan(for_ms)}`;
    const because = `dead${cause} until somebody releases it; ${waiters(clients, "for it")}`;
    return one("warn", 3, "‖", "is held", head, because);
  }
  if (state === "HUNG") {
    const head = `${name} has been hung for ${shownSpan(for_ms)}`;
    const because = `it was made to hang; ${waiters(clients, "for it")}${beats(task)}`;
    return one(levelAfter(for_ms), 1, "▲", "is hung", head, because);
  }
  if (state === "STUCK") {
    const because = "its thread does not come back from native code, and nothing ends it";
    return one("bad", 2, "■", "is stuck", `${name} cannot be ended`, because);
  }
  return [];
}

function late({ frame }: Moment): Trouble[] {
  const { late_ms } = frame;
  if (late_ms < LATE_MS) return [];
  return [
    {
      level: "warn",
      rank: 5,
      glyph: "◔",
      for_ms: late_ms,
      task: "main",
      kind: "is late",
      head: `The main VM was late by ${shownSpan(late_ms)}`,
      because: "what is shown is late too; it supervises nobody while it computes",
      ring: [],
    },
  ];
}

/** What was saved is wrong: what runs is not what the sources say. */
function outdated({ ms }: Moment, failed: FailedReload | null): Trouble[] {
  if (failed === null) return [];
  return [
    {
      level: "warn",
      rank: 6,
      glyph: "⟳",
      for_ms: ms - failed.ms,
      task: "main",
      kind: "runs the old code",
      head: "The old code runs on",
      because: firstLine(failed.text),
      ring: [],
    },
  ];
}

/** What is wrong at a moment, the worst first; `failed` is a save that could not be used. */
export function troublesAt(moment: Moment, failed: FailedReload | null = null): readonly Trouble[] {
  const all = [
    ...deadlocks(moment),
    ...silent(moment),
    ...moment.tasks.flatMap((task) => [...dead(task, moment), ...singular(task, moment)]),
    ...late(moment),
    ...outdated(moment, failed),
  ];
  const badness = ({ level, rank }: Trouble): number => (level === "bad" ? 0 : 100) + rank;
  return all.sort((a, b) => badness(a) - badness(b));
}
