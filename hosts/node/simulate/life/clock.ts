/**
 * The clock of a task in virtual time: Date, performance and process.hrtime.
 */
import { BEGIN_MS } from "../baton/baton.js";

/** The date at which a simulation begins. */
const EPOCH_MS = Date.UTC(2030, 0, 1);

type Now = () => number;

/** Date.now() at a virtual time. */
function dateAt(virtual_ms: number): number {
  return Math.floor(EPOCH_MS + virtual_ms - BEGIN_MS);
}

/** Date of a context, with virtual time; the constructor of that context is given. */
export function virtualDate(OwnDate: DateConstructor, now: Now): DateConstructor {
  const today = (): number => dateAt(now());
  const Virtual = new Proxy(OwnDate, {
    construct: (target, args, newTarget) =>
      Reflect.construct(target, args.length === 0 ? [today()] : args, newTarget) as Date,
    apply: (target) => new target(today()).toString(),
    get: (target, key) => (key === "now" ? today : (Reflect.get(target, key) as unknown)),
  });
  Object.defineProperty(OwnDate.prototype, "constructor", { value: Virtual, writable: true });
  return Virtual;
}

/** `performance` of a life that begins now. */
export function virtualPerformance(now: Now) {
  const origin = now();
  return { now: () => now() - origin, timeOrigin: dateAt(origin), toJSON: () => ({}) };
}

/** process.hrtime and process.uptime of a life that begins now. */
export function virtualUptime(now: Now) {
  const origin = now();
  const nanoseconds = (): bigint => BigInt(Math.round(now() * 1e6));
  const hrtime = (before: readonly [number, number] = [0, 0]): [number, number] => {
    const passed = nanoseconds() - BigInt(before[0]) * 1_000_000_000n - BigInt(before[1]);
    return [Number(passed / 1_000_000_000n), Number(passed % 1_000_000_000n)];
  };
  return {
    hrtime: Object.assign(hrtime, { bigint: nanoseconds }),
    uptime: () => (now() - origin) / 1000,
  };
}
