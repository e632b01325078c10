/**
 * A million calls, half of them with garbage in the callers' own records: see sequences.test.ts.
 */
import test from "tape";
import { figure } from "../verify/figure.js";
import { isReplay, playMany, seeded } from "./sequences.js";

const CALLS = Number(process.env["HOSTILE_CALLS"] ?? 600_000);

for (const mayScribble of [false, true]) {
  const what = mayScribble ? "with garbage in their own records" : "with any arguments";
  test(seeded(`${CALLS} hostile calls ${what}: nobody else is harmed`), (t) => {
    const calls = playMany(CALLS, mayScribble, 1_000_000);
    t.ok(isReplay || calls >= CALLS, `${calls} calls`);
    figure(t, "hostile calls", calls);
    t.end();
  });
}
