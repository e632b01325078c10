/**
 * What the model does for each operation, by the names of protocol/operations.ts. The requests come
 * from tasks that may be wrong, or hostile: what is wrong with one is an errno, and nothing has
 * changed.
 */
import { EINVAL } from "../kernel/errno.js";
import { serialOf, wideOf } from "../manager/for-extensions.js";
import { EXTENSION_SERIAL, type Request } from "../manager/request.js";
import { type Caller, managerError } from "./model/authority.js";
import * as conditions from "./model/conditions.js";
import * as controls from "./model/control.js";
import * as entities from "./model/entities.js";
import type { HamModel } from "./model/model.js";
import type { ActionSpec } from "./model/tree.js";
import { CONDANY, CONDRAISE, CONDSTATE } from "./protocol/constants.js";
import { type OperationName, OPERATIONS } from "./protocol/operations.js";

type Handler = (model: HamModel, caller: Caller, request: Request) => number;

const withoutFlags =
  (handler: Handler): Handler =>
  (model, caller, request) =>
    request.flags === 0 ? handler(model, caller, request) : -EINVAL;

/** Of a request that adds an action: what the action does. */
type SpecReader = (request: Request) => ActionSpec;

const action =
  (specOf: SpecReader): Handler =>
  (model, caller, request) =>
    conditions.addAction(
      model,
      caller,
      request.numbers[0],
      request.texts[0],
      specOf(request),
      request.flags,
    );

const fail =
  (specOf: SpecReader): Handler =>
  (model, caller, request) =>
    conditions.addFail(
      model,
      caller,
      request.numbers[0],
      request.texts[0],
      specOf(request),
      request.flags,
    );

const restart: SpecReader = ({ texts }) => ({ kind: "restart", line: texts[1] });
const execute: SpecReader = ({ texts }) => ({ kind: "execute", line: texts[1] });
const waitfor: SpecReader = ({ numbers, texts }) => ({
  kind: "waitfor",
  path: texts[1],
  delay_ms: numbers[1],
});
const pulse: SpecReader = ({ numbers }) => ({
  kind: "notify_pulse",
  pid: numbers[1],
  chid: wideOf(numbers[2], numbers[3]),
  code: numbers[4],
  value: numbers[5],
});
const signal: SpecReader = ({ numbers }) => ({
  kind: "notify_signal",
  pid: numbers[1],
  signum: numbers[2],
});
const healthy: SpecReader = () => ({ kind: "heartbeat_healthy" });
const log: SpecReader = ({ numbers, texts }) => ({
  kind: "log",
  hasPrefix: numbers[1] !== 0,
  verbosity: numbers[2],
  text: texts[1],
});

const HANDLERS: { readonly [Name in OperationName]: Handler } = {
  attach: (model, caller, { numbers, texts, flags }) =>
    entities.attach(model, caller, texts[0], numbers[0], texts[1], flags),
  attachSelf: (model, caller, { numbers, texts, flags }) =>
    entities.attachSelf(
      model,
      caller,
      texts[0],
      wideOf(numbers[0], numbers[1]),
      numbers[2],
      numbers[3],
      flags,
    ),
  detach: withoutFlags((model, caller, { numbers }) => entities.detach(model, caller, numbers[0])),
  detachSelf: withoutFlags((model, caller, { numbers }) =>
    entities.detachSelf(model, caller, numbers[0]),
  ),
  detachName: withoutFlags((model, caller, { texts }) =>
    entities.detachName(model, caller, texts[0]),
  ),
  entity: (model, caller, { texts, flags }) => entities.addEntity(model, caller, texts[0], flags),
  entityHandle: withoutFlags((model, caller, { texts }) =>
    entities.entityHandle(model, caller, texts[0]),
  ),
  conditionHandle: withoutFlags((model, caller, { texts }) =>
    conditions.conditionHandle(model, caller, texts[0], texts[1]),
  ),
  actionHandle: withoutFlags((model, caller, { texts }) =>
    conditions.actionHandle(model, caller, texts[0], texts[1], texts[2]),
  ),
  reportState: withoutFlags((model, caller, { numbers }) =>
    entities.reportState(model, caller, numbers[0], numbers[1]),
  ),
  raise: withoutFlags((model, caller, { numbers }) =>
    entities.raise(model, caller, numbers[0], numbers[1], numbers[2], numbers[3]),
  ),
  entityControl: (model, caller, { numbers, flags }) =>
    controls.controlEntity(model, caller, numbers[0], numbers[1], flags),
  condition: (model, caller, { numbers, texts, flags }) =>
    // Those on states and raised ones have their own calls.
    numbers[1] >= CONDANY && numbers[1] < CONDSTATE
      ? conditions.addCondition(model, caller, numbers[0], numbers[1], texts[0], flags)
      : -EINVAL,
  conditionState: (model, caller, { numbers, texts, flags }) =>
    conditions.addCondition(
      model,
      caller,
      numbers[0],
      CONDSTATE,
      texts[0],
      flags,
      numbers[1],
      numbers[2],
    ),
  conditionRaise: (model, caller, { numbers, texts, flags }) =>
    conditions.addCondition(
      model,
      caller,
      numbers[0],
      CONDRAISE,
      texts[0],
      flags,
      numbers[1],
      numbers[2],
      numbers[3],
    ),
  conditionRemove: withoutFlags((model, caller, { numbers }) =>
    conditions.removeCondition(model, caller, numbers[0]),
  ),
  conditionControl: (model, caller, { numbers, flags }) =>
    controls.controlCondition(model, caller, numbers[0], numbers[1], flags),
  restart: action(restart),
  execute: action(execute),
  waitfor: action(waitfor),
  pulse: action(pulse),
  signal: action(signal),
  healthy: action(healthy),
  log: action(log),
  actionRemove: withoutFlags((model, caller, { numbers }) =>
    conditions.removeAction(model, caller, numbers[0]),
  ),
  actionControl: (model, caller, { numbers, flags }) =>
    controls.controlAction(model, caller, numbers[0], numbers[1], flags),
  failExecute: fail(execute),
  failWaitfor: fail(waitfor),
  failPulse: fail(pulse),
  failSignal: fail(signal),
  failLog: fail(log),
  failRemove: withoutFlags((model, caller, { numbers, texts }) =>
    conditions.removeFail(model, caller, numbers[0], texts[0]),
  ),
  verbose: withoutFlags((model, caller, { numbers }) =>
    controls.setVerbosity(model, caller, numbers[0], numbers[1]),
  ),
  heartbeatControl: withoutFlags((model, caller, { numbers }) =>
    controls.controlHeartbeats(model, caller, numbers[0]),
  ),
  stop: withoutFlags((model, caller) => {
    const error = managerError(caller);
    if (error === 0) model.stop();
    return error;
  }),
};

/** The same by their serial numbers, from EXTENSION_SERIAL on. */
const BY_SERIAL: readonly { readonly op: number; readonly handler: Handler }[] = Object.freeze(
  (Object.keys(OPERATIONS) as OperationName[]).reduce<{ op: number; handler: Handler }[]>(
    (rows, name) => {
      const { op } = OPERATIONS[name];
      rows[serialOf(op) - EXTENSION_SERIAL] = Object.freeze({ op, handler: HANDLERS[name] });
      return rows;
    },
    [],
  ),
);

/** Does what a request asks for. Returns what the client's call does. */
export function perform(model: HamModel, caller: Caller, request: Request): number {
  const row = BY_SERIAL[serialOf(request.op) - EXTENSION_SERIAL];
  // Its counts of numbers and texts are part of the operation: handlers find them there.
  if (row === undefined || row.op !== request.op) return -EINVAL;
  return row.handler(model, caller, request);
}
