/**
 * `reattach fleet`: a few boards, each of which calls another one.
 */
import test from "tape";
import { startBroker } from "../../../../hosts/node/net/broker.js";
import type { FleetFigures } from "../../../../hosts/node/fleet/fleet.js";
import { reattach } from "../run-process.js";
import { mosquittoTest } from "./mosquitto.js";

mosquittoTest("fleet: boards connect, call each other, and lose their broker", [], async (t) => {
  const args = ["fleet", "--boards", "4", "--every", "100ms", "--for", "1s", "--json"];
  const { code, stdout, stderr } = await reattach(args).ended;
  t.equal(code, 0, stderr);
  const { boards, calls, boardBytes, restart, wills } = JSON.parse(stdout) as FleetFigures;
  t.equal(boards, 4);
  t.ok(calls.perSecond > 0, "they have called each other");
  t.equal(calls.failed, 0, "no call has failed");
  t.ok(boardBytes > 0, "they take memory");
  t.ok(
    restart!.half_ms > 0 && restart!.all_ms >= restart!.half_ms,
    "all have found the broker again",
  );
  t.equal(wills, null, "they are in one process: nobody is left to hear of its end");
});

test("fleet: at a broker that runs, in which nothing of it is left", async (t) => {
  const broker = await startBroker(0);
  t.teardown(() => broker.stop());
  const args = ["--boards", "4", "--every", "100ms", "--for", "1s", "--broker", broker.url];
  const { code, stdout, stderr } = await reattach(["fleet", ...args, "--json"]).ended;
  t.equal(code, 0, stderr);
  t.equal((JSON.parse(stdout) as FleetFigures).restart, null, "it is not restarted");
  const place = ["--broker", broker.url, "--prefix", "reattach-fleet", "--json"];
  const listed = await reattach(["boards", ...place]).ended;
  t.deepEqual((JSON.parse(listed.stdout) as { boards: [] }).boards, [], "no board is known");
});

test("fleet: what it does not take", async (t) => {
  for (const [args, problem] of [
    [["--boards", "1"], '--boards: found "1", allowed is a whole number from 2 to 20000'],
    [["--every", "soon"], '--every: found "soon", allowed is a number of seconds'],
    [["--broker", "somewhere"], '--broker: found the broker "somewhere", allowed'],
    [["--prefix", "a/+"], '--prefix: found "a/+", allowed'],
  ] as const) {
    const { code, stderr } = await reattach(["fleet", ...args]).ended;
    t.equal(code, 2, args.join(" "));
    t.ok(stderr.includes(problem), problem);
  }
});

test("fleet: a broker that is not there", async (t) => {
  const args = ["fleet", "--broker", "mqtt://127.0.0.1:1"];
  const { code, stderr } = await reattach(args).ended;
  t.equal(code, 1);
  t.equal(stderr, "reattach: fleet: the broker: connect ECONNREFUSED 127.0.0.1:1\n");
});
