/**
 * A scenario, as the page saves it, run from the command line.
 */
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import test from "tape";
import type { Report } from "../../../../hosts/node/cli/report.js";
import { reattach } from "../run-process.js";
import { folderOf } from "../temp-folder.js";
import { clientOf, SERVER } from "./lab.js";

const APP = fileURLToPath(new URL("./fixtures/", import.meta.url));
const FAULT = "kill:server@message:put#41";
const NEVER = "hold=1s:server@after-effect:put#1000000";
const ROUNDS = 50;

test("run: a scenario with a fault at a message is run by the tracing build", async (t) => {
  const folder = folderOf(t, {
    "manifest.json": {
      modules: { "*": ["counter", "server", "client"].map((name) => join(APP, name)) },
      config: {
        reattach: { tasks: { server: SERVER, client: clientOf({ pause_ms: 0, rounds: ROUNDS }) } },
      },
    },
    "storm.json": { seed: 7, faults: [FAULT, NEVER] },
  });
  const running = reattach(["run", folder, "--scenario", join(folder, "storm.json"), "--json"]);
  await running.seen(new RegExp(`value ${ROUNDS} took`));
  running.child.kill("SIGINT");
  const { code, stdout, stderr } = await running.ended;
  t.equal(code, 0);
  t.ok(stderr.includes(`, seed 7, with the tracing build as ${FAULT} needs it\n`));
  t.ok(stderr.includes(`fault ${FAULT} strikes server`), "what has struck whom is in the log");
  const report = JSON.parse(stdout) as Report;
  t.deepEqual(report.faults, [
    { fault: FAULT, struck: 1 },
    { fault: NEVER, struck: 0 },
  ]);
  t.deepEqual(
    report.deaths.map(({ name, cause, isInjected }) => [name, cause, isInjected]),
    [["server", "killed", true]],
  );
  const puts = stderr.match(/put \d+/g)!.map((put) => Number(put.slice(4)));
  t.deepEqual(
    puts,
    Array.from({ length: ROUNDS }, (_, i) => i + 1),
    "its server saw each put once",
  );
});
