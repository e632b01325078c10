/**
 * The rules of the Trace Event Format, as far as what we write is concerned: what is wrong with a
 * file of events.
 */

/** One event of a file. */
export interface TraceEvent {
  readonly ph: string;
  readonly pid: number;
  readonly tid: number;
  readonly name: string;
  readonly ts?: number;
  readonly dur?: number;
  readonly cat?: string;
  readonly id?: string;
  readonly bp?: string;
  readonly s?: string;
  readonly args?: Readonly<Record<string, string | number | boolean>>;
}

function checkFields(event: TraceEvent): string {
  const { ph, pid, tid, name, ts, dur, cat, id, bp, s, args } = event;
  if (!Number.isInteger(pid) || !Number.isInteger(tid) || typeof name !== "string") return "no pid";
  if (ph === "M") return typeof args === "object" ? "" : "no args";
  if (!Number.isFinite(ts) || ts! < 0) return `ts ${ts}`;
  if (ph === "X") return Number.isFinite(dur) && dur! >= 0 ? "" : `dur ${dur}`;
  if (ph === "C") return typeof args?.["value"] === "number" ? "" : "no value";
  if (ph === "i") return /^[gpt]$/.test(s ?? "") ? "" : `scope ${s}`;
  if (!["b", "e", "s", "f"].includes(ph)) return `phase ${ph}`;
  if (typeof cat !== "string" || typeof id !== "string") return "no cat or no id";
  return ph === "f" && bp !== "e" ? "an arrow that ends in the next slice" : "";
}

/** Slices of one thread follow each other. */
function checkSlices(events: readonly TraceEvent[]): string[] {
  const ends = new Map<number, number>();
  const problems: string[] = [];
  for (const { ph, tid, ts, dur, name } of events) {
    if (ph !== "X") continue;
    if (ts! < (ends.get(tid) ?? 0)) problems.push(`thread ${tid}: ${name} at ${ts} overlaps`);
    ends.set(tid, ts! + dur!);
  }
  return problems;
}

/** Each begin has its end, and each arrow both ends, in this order. */
function checkPairs(events: readonly TraceEvent[], first: string, second: string): string[] {
  const open = new Map<string, TraceEvent>();
  const problems: string[] = [];
  for (const event of events) {
    const key = `${event.cat} ${event.id}`;
    if (event.ph === first) {
      if (open.has(key)) problems.push(`${first} ${key} twice`);
      open.set(key, event);
    } else if (event.ph === second) {
      const begin = open.get(key);
      if (begin === undefined) problems.push(`${second} ${key} without ${first}`);
      else if (event.ts! < begin.ts!) problems.push(`${key} ends before it begins`);
      open.delete(key);
    }
  }
  return [...problems, ...[...open.keys()].map((key) => `${first} ${key} without ${second}`)];
}

/** An arrow binds to the slice around each of its ends. */
function checkArrows(events: readonly TraceEvent[]): string[] {
  const slices = new Map<number, { from: number; until: number }[]>();
  for (const { ph, tid, ts, dur } of events) {
    if (ph !== "X") continue;
    const known = slices.get(tid) ?? [];
    known.push({ from: ts!, until: ts! + dur! });
    slices.set(tid, known);
  }
  const isInside = ({ tid, ts }: TraceEvent): boolean => {
    const known = slices.get(tid) ?? [];
    let low = 0;
    let high = known.length;
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if (known[middle]!.from <= ts!) low = middle;
      else high = middle;
    }
    return known.length > 0 && known[low]!.from <= ts! && ts! <= known[low]!.until;
  };
  return events
    .filter((event) => (event.ph === "s" || event.ph === "f") && !isInside(event))
    .map(({ ph, tid, ts, id }) => `arrow ${id}: ${ph} of thread ${tid} at ${ts} is in no slice`);
}

/** All threads that have events are named. */
function checkNames(events: readonly TraceEvent[]): string[] {
  const named = new Set<number>();
  for (const { ph, name, pid } of events) if (ph === "M" && name === "thread_name") named.add(pid);
  const unnamed = new Set(events.map(({ pid }) => pid).filter((pid) => !named.has(pid)));
  return [...unnamed].map((pid) => `process ${pid} has no name`);
}

/** Everything that is wrong; none for a good file. */
export function problemsIn(events: readonly TraceEvent[]): string[] {
  const fields = events.map((event, i) => `${checkFields(event)} in event ${i}`);
  return [
    ...fields.filter((problem) => !problem.startsWith(" in")),
    ...checkSlices(events),
    ...checkPairs(events, "b", "e"),
    ...checkPairs(events, "s", "f"),
    ...checkArrows(events),
    ...checkNames(events),
  ];
}
