/**
 * The order of arrivals of one client, whenever they come: fixtures/overtaking.ts.
 */
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import test from "tape";

const PROGRAM = join(import.meta.dirname, "fixtures/overtaking.ts");
const TIMEOUT_MS = 60_000;

test("MsgReceive: a message does not overtake its client's earlier pulse, nor a pulse it", (t) => {
  const args = ["--import", "tsx", PROGRAM];
  const { stdout, stderr } = spawnSync(process.execPath, args, {
    encoding: "utf8",
    timeout: TIMEOUT_MS,
  });
  t.equal(stdout, "[]", stderr);
  t.end();
});
