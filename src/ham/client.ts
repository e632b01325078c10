/**
 * The calls of the table of operations: each makes its request and gives its answer.
 */
import { EHOSTUNREACH } from "../kernel/errno.js";
import { ask, connectOnce } from "../manager/for-extensions.js";
import { NODE, type Operation } from "../manager/request.js";

/** 0 for this board, as number 0 or as the name null; -EHOSTUNREACH for another. */
export function nodeError(node: unknown): number {
  return node === 0 || node === null ? 0 : -EHOSTUNREACH;
}

function nodeErrorIn(params: readonly number[], args: readonly unknown[]): number {
  for (let i = 0; i < params.length; i++) {
    if (params[i] === NODE && nodeError(args[i]) !== 0) return -EHOSTUNREACH;
  }
  return 0;
}

/**
 * The call for a row of the table: its parameters are those of the row. It connects by itself. One
 * function serves every form of a call, since a board is 0 by its number and null by its name.
 */
export function call(operation: Operation): (...args: readonly unknown[]) => number {
  // A constant: of a parameter that a function in flash sees, each VM keeps a copy in RAM.
  const row = operation;
  return (...args) => nodeErrorIn(row.params, args) || connectOnce() || ask(row, args);
}
