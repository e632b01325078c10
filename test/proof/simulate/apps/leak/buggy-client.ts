/**
 * The bug: each restart of the server costs it a connection.
 */
import { watch } from "./client.js";

export function main(): never {
  return watch(() => undefined);
}
