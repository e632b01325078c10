/**
 * The greenhouse of the examples survives a thousand kills and a thousand bus faults.
 */
import test from "tape";
import { figure } from "../../proof/verify/figure.js";
import { setOnFire } from "./greenhouse.js";

const KILLS = 1_000;
const FAULTS = 1_000;

test("examples/greenhouse: a thousand kills, a thousand bus faults, an exact valve", async (t) => {
  const seed = Date.now() % 1_000_000;
  const harvest = await setOnFire({ kills: KILLS, faults: FAULTS, seed });
  t.comment(`seed ${seed}: ${JSON.stringify(harvest)}`);
  const { nack = 0, noise = 0, hang = 0 } = harvest.faults;
  t.ok(harvest.kills >= KILLS, `${harvest.kills} kills`);
  t.ok(nack + noise + hang >= FAULTS, `${nack} nack, ${noise} noise, ${hang} hang`);
  t.ok(harvest.waterings > 0, "the soil was watered");
  t.equal(harvest.rises, harvest.waterings, "the valve has opened once for each watering");
  t.equal(harvest.openings, harvest.waterings, "as the garden has seen it");
  figure(t, "kills", harvest.kills);
  figure(t, "bus faults", nack + noise + hang);
});
