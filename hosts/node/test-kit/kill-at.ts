/**
 * A kill at a message: of which task, by which call of which service, and which one it is.
 */
import { inspect } from "node:util";
import { allowedNames } from "../../../src/manifest/suggest.js";
import { isObject } from "../../../src/manifest/value.js";
import { callsOf } from "../definitions/calls.js";
import type { ServiceShape } from "../definitions/protocol.js";
import { FAULT_POINTS, type FaultPoint } from "../faults/kinds.js";
import type { AtPoint } from "../faults/text.js";
import { UsageError } from "../input-error.js";
import type { AppManifest } from "../manifest/read.js";

/** At which message a task is killed. */
export interface KillAt {
  /** As its definition names it. */
  readonly service: string;
  /** One of its calls. */
  readonly call: string;
  /** Which of these messages, from now on; 1 is the first. Default 1. */
  readonly n?: number;
  /**
   * "message": its server has received it, and has not seen it; "after-effect": its server has done
   * what it does for it, and has not answered. Default "message".
   */
  readonly point?: FaultPoint;
}

const KEYS = ["service", "call", "n", "point"] as const satisfies readonly (keyof KillAt)[];
/** The numbers of messages end here: they are counted in a word. */
const NUMBER_MAX = 0x7fff_ffff;

function wrong(found: string, allowed: string): UsageError {
  return new UsageError(`app.kill: at: found ${found}, ${allowed}`);
}

/** The task that serves it: `victim` where several do, or the manifest does not say who. */
function serverOf({ tasks }: AppManifest, service: string, victim: string): string {
  const servers = tasks.filter(({ services }) => services?.includes(service));
  const isOwn = servers.length === 0 || servers.some(({ name }) => name === victim);
  return isOwn ? victim : servers[0]!.name;
}

/** Where the fault strikes; `victim` is who is killed. Throws a UsageError for what is wrong. */
export function readKillAt(
  at: unknown,
  victim: string,
  manifest: AppManifest,
  services: readonly ServiceShape[],
): AtPoint {
  if (!isObject(at)) throw wrong(inspect(at), 'allowed is { service: "store", call: "put" }');
  for (const key of Object.keys(at)) {
    if (!KEYS.some((known) => known === key)) throw wrong(`"${key}"`, allowedNames(key, KEYS));
  }
  const { service, call, n = 1, point = "message" } = at;
  const names = services.map(({ name }) => name);
  if (names.length === 0) throw wrong(inspect(service), "but no module calls defineService");
  const shape = services.find(({ name }) => name === service);
  if (shape === undefined) {
    throw wrong(`service ${inspect(service)}`, allowedNames(String(service), names));
  }
  const calls = shape.calls.map(({ name }) => name);
  if (typeof call !== "string" || !calls.includes(call)) {
    throw wrong(`call ${inspect(call)}`, allowedNames(String(call), calls));
  }
  if (!Number.isInteger(n) || Number(n) < 1 || Number(n) > NUMBER_MAX) {
    throw wrong(`n ${inspect(n)}`, `allowed is a whole number from 1 to ${NUMBER_MAX}`);
  }
  const known = FAULT_POINTS.find((each) => each === point);
  if (known === undefined) {
    throw wrong(`point ${inspect(point)}`, allowedNames(String(point), FAULT_POINTS));
  }
  const task = serverOf(manifest, shape.name, victim);
  const own = manifest.tasks.find(({ name }) => name === task)?.services ?? [];
  const isShort = callsOf(services, own).has(call);
  return {
    task,
    point: known,
    call: isShort ? call : `${shape.name}.${call}`,
    number: Number(n),
  };
}
