/**
 * How the measured tasks tell main what they found: in a message, like any result.
 */
import { MsgReceive, MsgReply, MsgSend, name_attach, name_open } from "reattach";
import type { Cost } from "../results.js";

const NAME = "costs";
const FIELDS = [
  "rounds",
  "slots",
  "chunkBytes",
  "collections",
  "bytecodes",
  "records",
  "stackSlots",
] as const;
const BYTES = 8 * (FIELDS.length + 1);

export type Role = "client" | "server" | "main";
const ROLES: readonly Role[] = ["client", "server", "main"];

/** A task's last act. */
export function tellCost(role: Role, cost: Cost): void {
  const values = Float64Array.from([ROLES.indexOf(role), ...FIELDS.map((field) => cost[field])]);
  const status = MsgSend(name_open(NAME, 0), new Uint8Array(values.buffer), BYTES, null, 0);
  if (status !== 0) throw new Error(`tellCost: MsgSend: ${status}`);
}

/** Costs by role, on the main VM. */
export class Costs {
  readonly found: Partial<Record<Role, Cost>> = {};
  readonly #chid = name_attach(null, NAME, 0);

  /** Takes what has come in. Does not block. */
  poll(): void {
    const values = new Float64Array(FIELDS.length + 1);
    for (;;) {
      const rcvid = MsgReceive(this.#chid, new Uint8Array(values.buffer), BYTES, null);
      if (rcvid <= 0) return;
      const entries = FIELDS.map((field, i) => [field, values[i + 1]!]);
      this.found[ROLES[values[0]!]!] = Object.fromEntries(entries) as Cost;
      MsgReply(rcvid, 0, null, 0);
    }
  }
}
