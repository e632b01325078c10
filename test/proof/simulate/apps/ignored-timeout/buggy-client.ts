/**
 * The bug: after -ETIMEDOUT the reply is still the one before.
 */
import { ask } from "./client.js";

export function main(): never {
  return ask((_status, number, square) => trace(`${number} squared is ${square}\n`));
}
