/**
 * The state word of a pulse cell: 31-bit tickets that wrap.
 */
import * as fc from "fast-check";
import test from "tape";
import { isBefore, isPulseFull, pulseFull } from "../../../../src/kernel/channel/ticket.js";
import { check, seeded } from "../seed.js";

const ticket = fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 });
const ahead = fc.integer({ min: 1, max: 2 ** 30 - 1 });

/** Adds as a 32-bit word of the arena does. */
const add = (a: number, b: number): number => (a + b) | 0;

test("isPulseFull: a full state is negative; 0 and pids are not", (t) => {
  for (const state of [0, 1, 512, 2 ** 30, 2 ** 31 - 1]) t.notOk(isPulseFull(state), `${state}`);
  for (const one of [0, 1, 2 ** 31 - 1, -1, -(2 ** 31)]) {
    t.ok(isPulseFull(pulseFull(one)), `ticket ${one}`);
  }
  t.end();
});

test(seeded("isBefore: true for the ticket given out first, over every wrap"), (t) => {
  check(fc.property(ticket, ahead, (a, n) => isBefore(a, add(a, n)) && !isBefore(add(a, n), a)));
  check(
    fc.property(ticket, ahead, (a, n) => {
      const [first, second] = [pulseFull(a), pulseFull(add(a, n))];
      return isBefore(first, second) && !isBefore(second, first);
    }),
  );
  check(fc.property(ticket, ahead, (a, n) => isBefore(pulseFull(a), add(a, n)) && !isBefore(a, a)));
  t.pass("tickets, full states, and one of each");
  t.end();
});

test("isBefore: at the wraps of 31 and of 32 bits", (t) => {
  const edges = [2 ** 31 - 1, -1, 2 ** 30 - 1, -(2 ** 30) - 1];
  for (const last of edges) {
    const next = add(last, 1);
    t.ok(isBefore(last, next) && !isBefore(next, last), `${last}, then ${next}`);
    t.ok(isBefore(pulseFull(last), pulseFull(next)), "full states");
  }
  t.notOk(isBefore(5, 5), "a ticket is not before itself");
  t.end();
});
