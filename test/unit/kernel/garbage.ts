/**
 * For tests of garbage in the records that a task may write.
 */
import type { Vm } from "../../../src/arena/vm.js";
import { viewUsage } from "../../../src/kernel/inspect/usage.js";
import { as, Bench, connect, post, take } from "./vms.js";

/** What a word may hold that nobody expects there. */
export const GARBAGE: readonly number[] = [-1, -5, 1, 7, 77, 0x7fff_ffff, -0x8000_0000, 1_000_000];

/** Writes a word of its own record, or slot. */
export function write(vm: Vm, field: number, value: number): void {
  vm.words[vm.me + field] = value;
}

/** How much of the tables of the system is in use, all together. */
export function used(bench: Bench): number {
  return as(bench.main, () =>
    Object.values(viewUsage()).reduce((sum: number, usage) => sum + usage.used, 0),
  );
}

/** A client whose message a server holds. */
export function held(bench: Bench): { server: Vm; client: Vm; chid: number; rcvid: number } {
  const server = bench.start(1);
  const client = bench.start(2);
  const { chid, coid } = connect(server, client);
  post(client, coid, new Uint8Array(8));
  return { server, client, chid, rcvid: take(server, chid) };
}
