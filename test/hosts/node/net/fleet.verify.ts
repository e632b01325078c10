/**
 * `reattach fleet` with more than one process: boards that learn of the deaths of others.
 */
import type { FleetFigures } from "../../../../hosts/node/fleet/fleet.js";
import { reattach } from "../run-process.js";
import { mosquittoTest } from "./mosquitto.js";

/** Beside other work two hundred connections take their time. */
const LIMIT_MS = 600_000;

mosquittoTest(
  "fleet: a hundred boards die at once, and their clients learn of it",
  [],
  async (t) => {
    const { code, stdout, stderr } = await reattach(
      ["fleet", "--boards", "200", "--json"],
      "all",
      LIMIT_MS,
    ).ended;
    t.equal(code, 0, stderr);
    const { calls, wills } = JSON.parse(stdout) as FleetFigures;
    t.equal(calls.failed, 0, "no call has failed");
    t.deepEqual(
      [wills!.boards, wills!.users],
      [100, 100],
      "each has one client, in the other process",
    );
  },
);
