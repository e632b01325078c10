/**
 * What actions do: which may be added, and how one is carried out on the board.
 */
import { EINVAL, ETIMEDOUT, NO_RESULT } from "../../kernel/errno.js";
import { ND_LOCAL_NODE } from "../../kernel/connection/connection.js";
import { SIGKILL, SIGTERM } from "../protocol/constants.js";
import { declareHealthy, isText } from "../../manager/for-extensions.js";
import type { TaskControl } from "../../manager/task-control.js";
import type { Heart } from "../../manager/monitor/heartbeat.js";
import type { ActionSpec, Entity, Step } from "./tree.js";

/** User pulses: those that MsgSendPulse takes. */
const PULSE_CODE_MAX = 127;
/** The longest a waitfor may hold up its queue: a day. */
const DELAY_MAX_MS = 86_400_000;

/** 0 when such an action may be added; else the errno. */
export function specError(spec: ActionSpec): number {
  switch (spec.kind) {
    case "restart":
      return isText(spec.line) ? 0 : -EINVAL;
    case "execute":
      return isText(spec.line) && spec.line.length > 0 ? 0 : -EINVAL;
    case "waitfor":
      return isText(spec.path) && spec.delay_ms > 0 && spec.delay_ms <= DELAY_MAX_MS ? 0 : -EINVAL;
    case "notify_pulse":
      if (!(spec.pid > 0) || !Number.isSafeInteger(spec.chid) || spec.chid <= 0) return -EINVAL;
      return spec.code >= 0 && spec.code <= PULSE_CODE_MAX ? 0 : -EINVAL;
    case "notify_signal":
      return spec.pid > 0 && (spec.signum === SIGTERM || spec.signum === SIGKILL) ? 0 : -EINVAL;
    case "heartbeat_healthy":
      return 0;
    case "log":
      return isText(spec.text) && spec.verbosity >= 0 ? 0 : -EINVAL;
  }
}

/** What carryOut() is told beside the step. */
export interface Occasion {
  /** Whom it concerns: of a condition of the global entity, the one for which it fired. */
  readonly entity: Entity;
  /** When it was begun. */
  readonly since_ms: number;
  readonly now: number;
  readonly verbosity: number;
  /** Where the step stands: entity/condition/action. */
  readonly path: string;
}

/**
 * Carries a step out. Returns 0 or more; NO_RESULT when it is not done yet; or the errno with which
 * it has failed.
 */
export function carryOut(control: TaskControl, { name, spec }: Step, occasion: Occasion): number {
  const { entity } = occasion;
  switch (spec.kind) {
    case "restart":
      return restart(control, entity, spec.line);
    case "execute":
      return control.start(name, spec.line);
    case "waitfor":
      if (spec.path !== "" && control.isRegistered(spec.path)) return 0;
      if (occasion.now - occasion.since_ms < spec.delay_ms) return NO_RESULT;
      return spec.path === "" ? 0 : -ETIMEDOUT;
    case "notify_pulse":
      return control.sendPulse(ND_LOCAL_NODE, spec.pid, spec.chid, spec.code, spec.value);
    case "notify_signal":
      return control.end(spec.pid, spec.signum === SIGKILL);
    case "heartbeat_healthy":
      healthy(entity.heart ?? control.heartOf(entity.task));
      return 0;
    case "log":
      if (spec.verbosity > occasion.verbosity) return 0;
      control.log(spec.hasPrefix ? `${occasion.path}: ${spec.text}` : spec.text);
      return 0;
  }
}

function healthy(heart: Heart | null): void {
  if (heart !== null) declareHealthy(heart);
}

/** The mark first: the board may tell at once that the task runs. */
function restart(control: TaskControl, entity: Entity, line: string): number {
  const wasStarting = entity.isStarting;
  entity.isStarting = true;
  const status = control.start(entity.task, line);
  if (status < 0) entity.isStarting = wasStarting;
  return status;
}
