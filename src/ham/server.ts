/**
 * The manager's side of its clients' requests: takes them from its channel, has them done by the
 * model, and answers. Every request comes from a task that may be wrong, or hostile: it is checked
 * as a whole, and what is wrong with it is an errno. Who sent it says the kernel.
 */
import { EBADF, EINVAL } from "../kernel/errno.js";
import { MsgReceive, MsgReply } from "../kernel/message/fast-path.js";
import * as L from "../arena/layout.js";
import { createMsgInfo } from "../arena/records.js";
import { MsgError } from "../kernel/message/reply.js";
import * as conditions from "./model/conditions.js";
import { CONDANY, CONDRAISE, CONDSTATE } from "./protocol/constants.js";
import * as control from "./model/control.js";
import * as entities from "./model/entities.js";
import type { HamModel } from "./model/model.js";
import type { Deed } from "./model/tree.js";
import * as W from "./protocol/wire.js";

/** Requests of one poll(): busy clients must not keep the main VM from its other work. */
const REQUESTS_MAX = 32;

export class HamServer {
  readonly #model: HamModel;
  readonly #chid: number;
  readonly #message = new Uint8Array($words[L.HEAD_MESSAGE_BYTES]);
  readonly #info = createMsgInfo();
  readonly #request = W.createRequest();

  /** `chid` is what openManagerChannel() gave. Main VM only. */
  constructor(model: HamModel, chid: number) {
    this.#model = model;
    this.#chid = chid;
  }

  /** Answers the requests that have come. Does not block. Returns how many there were. */
  poll(): number {
    for (let count = 0; count < REQUESTS_MAX; count++) {
      const message = this.#message;
      const rcvid = MsgReceive(this.#chid, message, message.length, this.#info);
      if (rcvid <= 0) return count;
      const { pid, msglen, srcmsglen } = this.#info;
      const status = srcmsglen > msglen ? -EINVAL : this.handle(pid, message, msglen);
      if (status >= 0) MsgReply(rcvid, status, null, 0);
      else MsgError(rcvid, -status);
    }
    return REQUESTS_MAX;
  }

  /** Does what a request of `count` bytes asks for. Returns what the client's call does. */
  handle(caller: number, message: Uint8Array, count: number): number {
    if (this.#model.isStopped) return -EBADF;
    const request = this.#request;
    if (!W.decode(message, count, request)) return -EINVAL;
    return perform(this.#model, caller, request);
  }
}

/** Entities here; the rest by the range in which the operation lies. */
function perform(model: HamModel, caller: number, request: W.Request): number {
  const { op } = request;
  if (op >= W.OP_CONDITION && op <= W.OP_FAIL_REMOVE) return editTree(model, request);
  if (op >= W.OP_REPORT_STATE) return report(model, request);
  const { flags, numbers, texts } = request;
  const [name] = texts;
  if (op === W.OP_ATTACH) return entities.attach(model, name, numbers[0], texts[1], flags);
  if (op === W.OP_ATTACH_SELF) {
    const period_ns = W.wideOf(numbers[0], numbers[1]);
    return entities.attachSelf(model, caller, name, period_ns, numbers[2], numbers[3], flags);
  }
  if (op === W.OP_ENTITY) return entities.addEntity(model, name, flags);
  if (flags !== 0) return -EINVAL;
  switch (op) {
    case W.OP_DETACH:
      return entities.detach(model, numbers[0]);
    case W.OP_DETACH_SELF:
      return entities.detachSelf(model, caller, numbers[0]);
    case W.OP_DETACH_NAME:
      return entities.detachName(model, name);
    case W.OP_ENTITY_HANDLE:
      return entities.entityHandle(model, name);
    case W.OP_CONDITION_HANDLE:
      return conditions.conditionHandle(model, name, texts[1]);
    case W.OP_ACTION_HANDLE:
      return conditions.actionHandle(model, name, texts[1], texts[2]);
    default:
      return -EINVAL;
  }
}

/** Reports and commands. */
function report(model: HamModel, { op, flags, numbers, texts }: W.Request): number {
  const [first, second, third, fourth] = numbers;
  if (op === W.OP_CONTROL_ENTITY) return control.controlEntity(model, first, second, flags);
  if (op === W.OP_CONTROL_CONDITION) return control.controlCondition(model, first, second, flags);
  if (op === W.OP_CONTROL_ACTION) return control.controlAction(model, first, second, flags);
  if (flags !== 0) return -EINVAL;
  switch (op) {
    case W.OP_REPORT_STATE:
      return entities.reportState(model, first, second);
    case W.OP_RAISE:
      return entities.raise(model, first, second, third, fourth);
    case W.OP_VERBOSE:
      return control.setVerbosity(model, first, second);
    case W.OP_HEARTBEAT_CONTROL:
      return control.controlHeartbeats(model, first);
    case W.OP_STOP:
      model.stop();
      return 0;
    case W.OP_START_SERVICE:
      return model.startService(texts[0]);
    default:
      return -EINVAL;
  }
}

/** Conditions, actions and action-fail lists. */
function editTree(model: HamModel, request: W.Request): number {
  const { op, flags, numbers, texts } = request;
  const [handle, first, second, third] = numbers;
  const [name] = texts;
  switch (op) {
    case W.OP_CONDITION:
      // These have their own calls.
      if (!(first >= CONDANY && first < CONDSTATE)) return -EINVAL;
      return conditions.addCondition(model, handle, first, name, flags);
    case W.OP_CONDITION_STATE:
      return conditions.addCondition(model, handle, CONDSTATE, name, flags, first, second);
    case W.OP_CONDITION_RAISE:
      return conditions.addCondition(model, handle, CONDRAISE, name, flags, first, second, third);
    case W.OP_CONDITION_REMOVE:
      return flags === 0 ? conditions.removeCondition(model, handle) : -EINVAL;
    case W.OP_ACTION_REMOVE:
      return flags === 0 ? conditions.removeAction(model, handle) : -EINVAL;
    case W.OP_FAIL_REMOVE:
      return flags === 0 ? conditions.removeFail(model, handle, name) : -EINVAL;
    default:
      break;
  }
  const deed = deedOf(request);
  if (deed === null) return -EINVAL;
  return op >= W.OP_FAIL_EXECUTE
    ? conditions.addFail(model, handle, name, deed, flags)
    : conditions.addAction(model, handle, name, deed, flags);
}

/** What the action of a request does; null when it is no such request. */
function deedOf({ op, numbers, texts }: W.Request): Deed | null {
  const [, first, second, third, code, value] = numbers;
  const text = texts[1];
  switch (op) {
    case W.OP_ACTION_RESTART:
      return { kind: "restart", line: text };
    case W.OP_ACTION_EXECUTE:
    case W.OP_FAIL_EXECUTE:
      return { kind: "execute", line: text };
    case W.OP_ACTION_WAITFOR:
    case W.OP_FAIL_WAITFOR:
      return { kind: "waitfor", path: text, delay_ms: first };
    case W.OP_ACTION_PULSE:
    case W.OP_FAIL_PULSE:
      return { kind: "notify_pulse", pid: first, chid: W.wideOf(second, third), code, value };
    case W.OP_ACTION_SIGNAL:
    case W.OP_FAIL_SIGNAL:
      return { kind: "notify_signal", pid: first, signum: second };
    case W.OP_ACTION_HEALTHY:
      return { kind: "heartbeat_healthy" };
    case W.OP_ACTION_LOG:
    case W.OP_FAIL_LOG:
      return { kind: "log", hasPrefix: first !== 0, verbosity: second, text };
    default:
      return null;
  }
}
