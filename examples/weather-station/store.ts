/**
 * The store: keeps the summary of each day, counts what it was ever given, and answers queries.
 *
 * All it knows is the state of its ledger, in stable memory: what it has acknowledged is there
 * however it dies, and its successor goes on with it at once. A day that the station puts twice,
 * because the store died before it could answer, is counted once.
 */
import { EINVAL, EOK, Ledger } from "reattach";
import { serve } from "reattach/service";
import { Store } from "./services.js";
import { readRow, SUMMARY_FIELDS, writeRow } from "./summary.js";

const DAYS_MAX = 366;
/** The ledger's state: two 32-bit words, days and hours; then the days, 16 bits to a number. */
const TOTALS_WORDS = 2;
const DAYS_AT_BYTE = 4 * TOTALS_WORDS;
const DAYS_NUMBERS = DAYS_MAX * SUMMARY_FIELDS;

/** One client puts days: the station. Needs stableBytes of 4,420 in the manifest. */
const LEDGER = Object.freeze({ stateBytes: DAYS_AT_BYTE + 2 * DAYS_NUMBERS, clients: 1 });

/** Serves for ever. */
export function main(): void {
  const ledger = new Ledger(LEDGER);
  const totals = new Uint32Array(ledger.state.buffer, 0, TOTALS_WORDS);
  const days = new Int16Array(ledger.state.buffer, DAYS_AT_BYTE, DAYS_NUMBERS);
  serve(
    Store,
    {
      put(request) {
        if (request.day >= DAYS_MAX) return -EINVAL;
        writeRow(days, request.day, request);
        totals[0]! += 1;
        totals[1]! += request.count;
        return EOK;
      },
      get({ day }, reply) {
        if (day >= DAYS_MAX) return -EINVAL;
        readRow(days, day, reply);
        return EOK;
      },
      totals(_request, reply) {
        reply.days = totals[0]!;
        reply.hours = totals[1]!;
      },
    },
    { ledger },
  );
}
