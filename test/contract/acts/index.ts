/**
 * Acts of a puppet: what takes functions as arguments, or several calls in a row without the suite
 * in between. An act's result is a number; what else it has to tell goes into its arguments.
 */
import { dispatchActs } from "./dispatch.js";
import { haActs } from "./ha.js";
import { hamActs } from "./ham.js";
import { ledgerActs } from "./ledger.js";
import { ownActs } from "./own.js";
import { raceActs } from "./race.js";
import { roomActs } from "./room.js";
import { sendActs } from "./send.js";
import { serviceActs } from "./service.js";
import { sharedActs } from "./shared.js";

/** Acts by name. */
export const acts = {
  ...ownActs,
  ...roomActs,
  ...sendActs,
  ...haActs,
  ...hamActs,
  ...ledgerActs,
  ...sharedActs,
  ...dispatchActs,
  ...raceActs,
  ...serviceActs,
};
