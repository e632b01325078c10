/**
 * Arguments that are records: those that calls fill, and handles that calls have returned. What is
 * no object at all makes the engine throw, which is documented.
 */
import {
  createClientInfo,
  createEvent,
  createMsgInfo,
  createPulse,
  createServerInfo,
  type Sigevent,
} from "../../../src/index.js";
import type { Dice } from "./dice.js";
import type { Actor } from "./values.js";

/** Kinds of records. */
export type Handle =
  | "info"
  | "serverInfo"
  | "clientInfo"
  | "pulse"
  | "event"
  | "dispatch"
  | "context"
  | "ledger"
  | "ledgerOptions"
  | "restartOptions";

const NONE: readonly unknown[] = [undefined, null, 4, "text", true];

function event(dice: Dice, { seen }: Actor): Sigevent {
  const made = createEvent();
  made.type = dice.pick([4, 0, 5, 6, -1]);
  made.coid = dice.pick([...(seen.get("coid") ?? []), 0, -1]);
  made.priority = dice.pick([10, 1, 63, 64, 0.5, NaN]);
  made.code = dice.pick([1, 0, 127, -33, 1.5]);
  made.value = dice.pick([1, -1, 0.5, 2 ** 31]);
  return made;
}

/** One record. */
export function handle(kind: Handle, dice: Dice, actor: Actor): unknown {
  if (dice.once(16)) {
    actor.isOdd = true;
    return dice.pick(NONE);
  }
  switch (kind) {
    case "info":
      return dice.once(3) ? null : createMsgInfo();
    case "serverInfo":
      return createServerInfo();
    case "clientInfo":
      return createClientInfo();
    case "pulse":
      return createPulse();
    case "event":
      return event(dice, actor);
    case "ledgerOptions":
      return {
        stateBytes: dice.pick([4, 0, 1, -1, NaN, 1e9]),
        replyBytes: dice.pick([4, 0, undefined, -1]),
        clients: dice.pick([1, 2, 0, 1e9]),
      };
    case "restartOptions":
      return { limit_ms: dice.pick([1, 0, NaN]), pause_ms: dice.pick([1, 0.1, -1]) };
    default: {
      // A handle of this task; or null, which name_attach takes.
      const kept = actor.kept.get(kind) ?? [];
      // A handle made of one that is none is none either, and its handlers may be anything.
      actor.isOdd = true;
      return kept.length === 0 || dice.once(6) ? null : dice.pick(kept);
    }
  }
}
