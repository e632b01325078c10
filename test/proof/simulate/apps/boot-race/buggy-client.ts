/**
 * The bug: it looks once. Mostly the server has been started by then.
 */
import { work } from "./client.js";

export function main(): never {
  return work(0);
}
