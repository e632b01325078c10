/**
 * What a gateway to other boards needs, on top of what the application has.
 */
import test from "tape";
import { readReattach } from "../../../src/manifest/reattach.js";

const BROKER = "mqtt://127.0.0.1:1883";

function problemsOf(limits: object, net: object): string[] {
  const problems: string[] = [];
  const tasks = { a: { module: "a" } };
  const all = { limits, tasks, net: { board: "attic", broker: BROKER, ...net } };
  readReattach(all, null, problems, true);
  return problems;
}

test("config.reattach.net: its channels, names, connections and agents are added", (t) => {
  const problems: string[] = [];
  const net = { board: "attic", broker: BROKER, exports: ["a", "b"], imports: ["cellar/c"] };
  const { limits } = readReattach({ tasks: { a: { module: "a" } }, net }, null, problems, true);
  t.deepEqual(problems, []);
  const { channels, names, connections, agents } = limits;
  t.deepEqual(
    { channels, names, connections, agents },
    {
      channels: 9,
      names: 9,
      connections: 42,
      agents: 5,
    },
  );
  t.end();
});

test("config.reattach.net: with the limits together they fit, or it is said which do not", (t) => {
  t.deepEqual(problemsOf({ tasks: 507 }, { exports: ["a"], clients: 3 }), [], "511 places");
  t.deepEqual(problemsOf({ tasks: 508 }, { exports: ["a"], clients: 3 }), [
    "config.reattach.net: found 512 tasks and clients with those of the limits, allowed are 511 " +
      "together",
  ]);
  t.deepEqual(problemsOf({ connections: 4_096 }, { exports: ["a"], clients: 3 }), [
    "config.reattach.net: found 4100 connections with those of the limits, allowed are 4096 " +
      "together",
  ]);
  t.deepEqual(problemsOf({ names: 1_024 }, { imports: ["cellar/c"] }), [
    "config.reattach.net: found 1025 names with those of the limits, allowed are 1024 together",
  ]);
  t.end();
});
