/**
 * The greenhouse of the examples survives a thousand kills and a thousand bus faults.
 *
 * GREENHOUSE_FAULTS=n makes n of each, GREENHOUSE_SEED the same ones again.
 */
import test from "tape";
import { figure } from "../../proof/verify/figure.js";
import { setOnFire } from "./greenhouse.js";

const count = Number(process.env["GREENHOUSE_FAULTS"] ?? 1_000);
const seed = Number(process.env["GREENHOUSE_SEED"] ?? Date.now() % 1_000_000);
const title = `${count} kills, ${count} bus faults, an exact valve (GREENHOUSE_SEED=${seed})`;

test(`examples/greenhouse: ${title}`, async (t) => {
  const harvest = await setOnFire({ kills: count, faults: count, seed });
  t.comment(JSON.stringify(harvest));
  const { nack = 0, noise = 0, hang = 0 } = harvest.faults;
  t.ok(harvest.kills >= count, `${harvest.kills} kills`);
  t.ok(nack + noise + hang >= count, `${nack} nack, ${noise} noise, ${hang} hang`);
  t.ok(harvest.waterings > 0, "the soil was watered");
  t.equal(harvest.rises, harvest.waterings, "the valve has opened once for each watering");
  t.equal(harvest.openings, harvest.waterings, "as the garden has seen it");
  figure(t, "kills", harvest.kills);
  figure(t, "bus faults", nack + noise + hang);
});
