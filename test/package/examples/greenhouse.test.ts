/**
 * The greenhouse of the examples: a sample of the kills and faults that `npm run verify` has.
 */
import test from "tape";
import { setOnFire } from "./greenhouse.js";

test("examples/greenhouse: the valve's count is exact over kills and bus faults", async (t) => {
  const seed = 1;
  const harvest = await setOnFire({ kills: 60, faults: 60, seed });
  t.comment(`seed ${seed}: ${JSON.stringify(harvest)}`);
  t.ok(harvest.kills >= 60 && harvest.deaths >= harvest.kills, "they were killed");
  t.ok(harvest.waterings > 0, "the soil was watered");
  t.equal(harvest.rises, harvest.waterings, "the valve has opened once for each watering");
  t.equal(harvest.openings, harvest.waterings, "as the garden has seen it");
});
