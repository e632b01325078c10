/**
 * The operations of QNX's model, one a line: the number of the request and the parameters of the
 * calls that make it. What their client sends, what their server reads and the calls themselves
 * (api/) come out of this table; its rows have the names of those in server/handlers.ts.
 *
 * Numbers are never used again: a client and the manager are of one build, but a trace is not.
 */
import { operation } from "../../manager/for-extensions.js";
import {
  EXTENSION_SERIAL,
  FLAGS,
  NODE,
  NUMBER,
  type Operation,
  RESERVED,
  TEXT,
  UNUSED,
  WIDE,
} from "../../manager/request.js";

const row = (serial: number, ...params: readonly number[]): Operation =>
  operation(EXTENSION_SERIAL + serial, params);

export const OPERATIONS = Object.freeze({
  attach: row(1, TEXT, NODE, NUMBER, TEXT, FLAGS),
  attachSelf: row(2, TEXT, WIDE, NUMBER, NUMBER, FLAGS),
  detach: row(3, NUMBER, FLAGS),
  detachSelf: row(4, NUMBER, FLAGS),
  detachName: row(5, NODE, TEXT, FLAGS),
  entity: row(6, TEXT, NODE, FLAGS),
  entityHandle: row(7, NODE, TEXT, FLAGS),
  conditionHandle: row(8, NODE, TEXT, TEXT, FLAGS),
  actionHandle: row(9, NODE, TEXT, TEXT, TEXT, FLAGS),
  reportState: row(10, NUMBER, NUMBER, FLAGS),
  raise: row(11, NUMBER, NUMBER, NUMBER, NUMBER, FLAGS),
  entityControl: row(12, NUMBER, NUMBER, FLAGS),
  condition: row(13, NUMBER, NUMBER, TEXT, FLAGS),
  conditionState: row(14, NUMBER, TEXT, NUMBER, NUMBER, FLAGS),
  conditionRaise: row(15, NUMBER, TEXT, NUMBER, NUMBER, NUMBER, FLAGS),
  conditionRemove: row(16, NUMBER, FLAGS),
  conditionControl: row(17, NUMBER, NUMBER, FLAGS),
  restart: row(18, NUMBER, TEXT, TEXT, FLAGS),
  execute: row(19, NUMBER, TEXT, TEXT, FLAGS),
  waitfor: row(20, NUMBER, TEXT, TEXT, NUMBER, FLAGS),
  pulse: row(21, NUMBER, TEXT, NODE, NUMBER, WIDE, NUMBER, NUMBER, FLAGS),
  signal: row(22, NUMBER, TEXT, NODE, NUMBER, NUMBER, UNUSED, UNUSED, FLAGS),
  healthy: row(23, NUMBER, TEXT, FLAGS),
  log: row(24, NUMBER, TEXT, TEXT, NUMBER, NUMBER, FLAGS),
  actionRemove: row(25, NUMBER, FLAGS),
  actionControl: row(26, NUMBER, NUMBER, FLAGS),
  failExecute: row(27, NUMBER, TEXT, TEXT, FLAGS),
  failWaitfor: row(28, NUMBER, TEXT, TEXT, NUMBER, FLAGS),
  failPulse: row(29, NUMBER, TEXT, NODE, NUMBER, WIDE, NUMBER, NUMBER, FLAGS),
  failSignal: row(30, NUMBER, TEXT, NODE, NUMBER, NUMBER, UNUSED, UNUSED, FLAGS),
  failLog: row(31, NUMBER, TEXT, TEXT, NUMBER, NUMBER, FLAGS),
  failRemove: row(32, NUMBER, TEXT, FLAGS),
  verbose: row(33, NODE, NUMBER, NUMBER),
  heartbeatControl: row(34, RESERVED, NUMBER),
  stop: row(35, NODE),
});

/** What a row is called. */
export type OperationName = keyof typeof OPERATIONS;
