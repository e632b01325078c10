/**
 * restartRecovery: the recovery function that most clients want. It waits for the server's
 * successor, or goes to another service, and has the client rebuild what the server has forgotten.
 */
import { isRecord, isTime } from "../kernel/argument.js";
import { EAGAIN, ENOENT, ESRCH, ETIMEDOUT, NO_RESULT } from "../kernel/errno.js";
import { nameError } from "../kernel/name/name-text.js";
import { limitCalls, STATES } from "../kernel/time/timeout.js";
import { awaitBell, delay } from "../kernel/task/doorbell.js";
import { beginWait, endWait } from "../kernel/task/waiters.js";
import { ha_reopen } from "./open.js";
import type { RecoveryFunction } from "./attach.js";

/** How restartRecovery goes about it. What is left out has its default. */
export interface RestartOptions {
  /** How long one recovery may take, in milliseconds, `rebuild` included. Default 10,000. */
  readonly limit_ms?: number;
  /**
   * The first pauses after a rebuild that has failed; later ones are a sixteenth of the time since
   * the recovery began. Until a service is registered it sleeps, and needs no pauses. Default 1.
   */
  readonly pause_ms?: number;
  /** The longest pause. Default 50. */
  readonly pauseMax_ms?: number;
  /**
   * Called when the connection is there again, to restore what the server has forgotten; sends on
   * `coid` are plain in it. `service` is the one that was found. False: it could not, try again.
   */
  readonly rebuild?: (coid: number, handle: unknown, service: string) => boolean;
}

interface Plan extends Required<Omit<RestartOptions, "rebuild">> {
  readonly services: readonly string[];
  readonly rebuild: RestartOptions["rebuild"];
  /** On the main VM, which is called again and again: for which failure, since when, and last. */
  coid: number;
  since_ms: number;
  looked_ms: number;
}

/**
 * On the main VM: after such a pause it is another failure. The one before has ended without a last
 * look: the send had no more time.
 */
const PAUSE_MS = 1_000;

/** connect(): a service is there, and could not be told what it has forgotten. */
const NOT_REBUILT = NO_RESULT + 1;

/** Of the time waited so far. */
const PAUSE_SHARE = 1 / 16;

/**
 * Makes a recovery function for ha_attach, ha_open and the like. It tells the manager that the
 * server is lost, looks for the services in the order given, sleeps until one is registered, and
 * connects to it under the same number. The first service is the
 * preferred one: a client that has failed over goes back to it at the next recovery.
 *
 * One function may serve any number of connections. In a task it blocks; on the main VM it returns
 * -EAGAIN while there is nothing to connect to, as sendAsync wants it. It gives up after
 * `limit_ms`, or when the call that is recovered has no more time (TimerTimeout).
 *
 * Throws a RangeError for a service that cannot be a name, for a time that is not a number above 0,
 * and for a rebuild that is no function: at the place where it is made, not when the first server
 * dies.
 */
export function restartRecovery(
  services: string | readonly string[],
  options: RestartOptions = {},
): RecoveryFunction {
  if (!isRecord(options)) throw new RangeError("restartRecovery: the options are no object");
  const { limit_ms = 10_000, pause_ms = 1, pauseMax_ms = 50, rebuild } = options;
  const list = listOf(services);
  if (list.length === 0) throw new RangeError("restartRecovery: no service is given");
  for (const service of list) checkName(service);
  checkTime("limit_ms", limit_ms);
  checkTime("pause_ms", pause_ms);
  checkTime("pauseMax_ms", pauseMax_ms);
  if (rebuild !== undefined && typeof rebuild !== "function") {
    throw new RangeError("restartRecovery: rebuild is no function");
  }
  const plan: Plan = {
    services: list,
    limit_ms,
    pause_ms,
    pauseMax_ms,
    rebuild,
    coid: -1,
    since_ms: 0,
    looked_ms: 0,
  };
  return (coid, handle) =>
    $vm.port.mayBlock ? restart(plan, coid, handle) : look(plan, coid, handle);
}

function listOf(services: string | readonly string[]): readonly string[] {
  if (typeof services === "string") return [services];
  return Array.isArray(services) ? services.slice() : [];
}

function checkName(service: string): void {
  if (nameError(service) === 0) return;
  const found = JSON.stringify(service) ?? typeof service;
  throw new RangeError(
    `restartRecovery: found service ${found}, allowed is what name_attach takes`,
  );
}

function checkTime(key: string, ms: number): void {
  if (isTime(ms) && ms > 0) return;
  const found = typeof ms === "number" ? ms : typeof ms;
  throw new RangeError(`restartRecovery: found ${key} ${found}, allowed is a number above 0`);
}

/** In a task: blocks until it is connected, or the time is over. */
function restart(plan: Plan, coid: number, handle: unknown): number {
  const outerStates = $vm.limitStates;
  const outerUntil = $vm.limitUntil;
  const start = $vm.port.now();
  const end = start + plan.limit_ms;
  limitCalls(STATES, end < outerUntil ? end : outerUntil);
  $vm.port.manager?.serviceLost(plan.services[0]!);
  let seen = beginWait();
  let result = connect(plan, coid, handle);
  while (isToGoOn(result) && $vm.port.now() < $vm.limitUntil) {
    if (result === NO_RESULT) awaitBell(seen, $vm.limitUntil);
    else delay(pauseAfter(plan, $vm.port.now() - start));
    seen = beginWait();
    result = connect(plan, coid, handle);
  }
  endWait();
  limitCalls(outerStates, outerUntil);
  return isToGoOn(result) ? -ETIMEDOUT : result;
}

function isToGoOn(result: number): boolean {
  return result === NO_RESULT || result === NOT_REBUILT;
}

/** The pause after a rebuild that has failed, when so much time has passed. */
function pauseAfter({ pause_ms, pauseMax_ms }: Plan, waited_ms: number): number {
  return Math.min(Math.max(pause_ms, waited_ms * PAUSE_SHARE), pauseMax_ms);
}

/** On the main VM: one look; -EAGAIN as long as there is time. */
function look(plan: Plan, coid: number, handle: unknown): number {
  const now = $vm.port.now();
  if (plan.coid !== coid || now - plan.looked_ms > PAUSE_MS) {
    plan.coid = coid;
    plan.since_ms = now;
    $vm.port.manager?.serviceLost(plan.services[0]!);
  }
  plan.looked_ms = now;
  let result = connect(plan, coid, handle);
  if (isToGoOn(result)) result = now - plan.since_ms < plan.limit_ms ? -EAGAIN : -ETIMEDOUT;
  if (result !== -EAGAIN) plan.coid = -1;
  return result;
}

/**
 * The coid, or an error that waiting does not cure; NO_RESULT when no service is there, or
 * NOT_REBUILT.
 */
function connect(plan: Plan, coid: number, handle: unknown): number {
  const { services, rebuild } = plan;
  let nothing = NO_RESULT;
  for (let i = 0; i < services.length; i++) {
    const service = services[i]!;
    const result = ha_reopen(coid, service, 0);
    if (result === coid) {
      // Whatever rebuild does: it may throw.
      endWait();
      if (rebuild === undefined || rebuild(coid, handle, service)) return coid;
      nothing = NOT_REBUILT;
    } else if (result !== -ENOENT && result !== -ESRCH) {
      return result;
    }
  }
  return nothing;
}
