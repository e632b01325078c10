/**
 * What a connection to the broker tells of its troubles, which a broker of the test cannot have: a
 * client of MQTT whose faults are emitted by hand.
 */
import { EventEmitter } from "node:events";
import type { IClientOptions, MqttClient } from "mqtt";
import test, { type Test } from "tape";
import { MqttLink } from "../../../../hosts/node/net/mqtt-link.js";

interface Made {
  readonly client: EventEmitter & { readonly options: IClientOptions };
  readonly options: IClientOptions;
  readonly warnings: string[];
  readonly told: string[];
}

function make(t: Test): Made {
  const client = Object.assign(new EventEmitter(), {
    connected: true,
    options: {} as IClientOptions,
    stream: {},
    subscribe: () => undefined,
    publish: () => undefined,
  });
  const warnings: string[] = [];
  const told: string[] = [];
  let options: IClientOptions = {};
  const link = new MqttLink(
    {
      connect: (_url, given) => {
        options = given;
        return client as unknown as MqttClient;
      },
      broker: "mqtt://localhost:1",
      prefix: "reattach",
      board: "attic",
      life: 7,
      credentials: {},
      random: () => 0.5,
      warn: (text) => warnings.push(text),
    },
    {
      up: () => told.push("up"),
      down: () => told.push("down"),
      malformed: () => told.push("malformed"),
      frame: (from, bytes) => told.push(`frame ${from} ${bytes.length}`),
      status: (board, text, isKept) => told.push(`status ${board} ${text} ${isKept}`),
    },
  );
  t.ok(link, "nothing is told from within the constructor");
  t.deepEqual(told, []);
  return { client, options, warnings, told };
}

test("MqttLink: the reasons of a host that has several addresses are told", (t) => {
  const { client, warnings } = make(t);
  const reasons = ["connect ECONNREFUSED ::1:1", "connect ECONNREFUSED 127.0.0.1:1"];
  const error = new AggregateError(reasons.map((reason) => new Error(reason)));
  client.emit("error", error);
  client.emit("error", error);
  t.deepEqual(warnings, [`net: mqtt://localhost:1: ${reasons.join(", ")}`], "once");
  client.emit("connect");
  client.emit("error", error);
  t.equal(warnings.length, 3, "that it is there again, and that it is gone again");
  t.end();
});

test("MqttLink: a broker that refuses is tried again, and frames are not queued", (t) => {
  const { options } = make(t);
  t.equal(options.reconnectOnConnackError, true);
  t.equal(options.queueQoSZero, false);
  t.equal(options.will?.topic, "reattach/attic/status");
  t.equal(String(options.will?.payload), '{"version":1,"life":7,"services":null}');
  t.end();
});

test("MqttLink: frames and statuses are told, all else is malformed", (t) => {
  const { client, told } = make(t);
  const come = (topic: string, bytes: number, retain = false): void => {
    client.emit("message", topic, Buffer.alloc(bytes, "x"), { retain });
  };
  come("reattach/attic/in/cellar", 65_536 + 16);
  come("reattach/cellar/status", 2);
  come("reattach/cellar/status", 2, true);
  t.deepEqual(told.splice(0), [
    "frame cellar 65552",
    "status cellar xx false",
    "status cellar xx true",
  ]);
  come("reattach/attic/in/cellar", 100_000);
  come("reattach/cellar/status", 100_000);
  come("reattach/shed/in/cellar", 20);
  come("reattach/attic/in/Cellar", 20);
  come("other/cellar/status", 2);
  t.deepEqual(
    told,
    Array.from({ length: 5 }, () => "malformed"),
  );
  t.end();
});

test("MqttLink: waits longer and longer for a broker that stays away", (t) => {
  const { client, options } = make(t);
  t.equal(options.reconnectPeriod, 750, "half a second, and up to as much more");
  const pauses = [1, 2, 3, 4].map(() => {
    client.emit("close");
    return client.options.reconnectPeriod;
  });
  t.deepEqual(pauses, [1_500, 3_000, 6_000, 6_000]);
  client.emit("connect");
  t.equal(client.options.reconnectPeriod, 750, "and as at the beginning when it was there");
  t.end();
});
