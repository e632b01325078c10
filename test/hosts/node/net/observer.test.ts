/**
 * When somebody who looks at boards knows all, and what a broker may do meanwhile: a client of MQTT
 * whose packets come by hand.
 */
import { EventEmitter } from "node:events";
import type { IClientOptions, MqttClient } from "mqtt";
import test, { type Test } from "tape";
import { BoardsObserver } from "../../../../hosts/node/net/observer.js";
import { statusText } from "../../../../src/net/status.js";

type Subscribed = (error: Error | null, granted?: { qos: number }[], answer?: object) => void;

interface Made {
  readonly observer: BoardsObserver;
  readonly client: EventEmitter;
  readonly options: IClientOptions;
  readonly told: string[];
  readonly topics: string[];
  /** Answers the subscription that was made last. */
  readonly answer: Subscribed;
  /** Lets time pass. */
  readonly wait: (ms: number) => void;
  readonly pings: () => number;
}

const HERE = statusText({ life: 7, services: [{ name: "heat", life: 1 }] });
const GONE = statusText({ life: 7, services: null });

function make(isLasting: boolean): Made {
  const topics: string[] = [];
  const told: string[] = [];
  let subscribed: Subscribed = () => undefined;
  let options: IClientOptions = {};
  let now = 1_000;
  let pings = 0;
  const client = Object.assign(new EventEmitter(), {
    connected: true,
    options: {},
    sendPing: () => pings++,
    subscribe: (topic: string, _options: object, callback: Subscribed) => {
      topics.push(topic);
      subscribed = callback;
    },
    end: (_isForced: boolean, _options: object, done: () => void) => {
      told.push("end");
      done();
    },
  });
  const observer = new BoardsObserver(
    {
      connect: (_url, given) => {
        options = given;
        return client as unknown as MqttClient;
      },
      broker: "mqtt://localhost:1",
      prefix: "house/top",
      credentials: { username: "who" },
      random: () => 0.5,
      now: () => now,
      isLasting,
    },
    {
      changed: (board, seen) => void told.push(`${board} ${seen === null ? "forgotten" : "said"}`),
      malformed: (count) => void told.push(`malformed ${count}`),
      up: () => void told.push("up"),
      down: (reason) => void told.push(`down: ${reason}`),
    },
  );
  return {
    observer,
    client,
    options,
    told,
    topics,
    answer: (...words) => subscribed(...words),
    wait: (ms) => void (now += ms),
    pings: () => pings,
  };
}

function publish(client: EventEmitter, topic: string, text: string, retain = true): void {
  client.emit("message", topic, Buffer.from(text), { retain });
}

/** Is it known by now? */
async function isKnown({ observer }: Made): Promise<boolean> {
  const soon = new Promise<false>((resolve) => void setImmediate(() => resolve(false)));
  return Promise.race([observer.known.then(() => true), soon]);
}

/** The broker answers as long as it is pinged. Returns how often. */
function answerPings({ client, pings }: Made): number {
  let answered = 0;
  for (let before = -1; before !== pings(); answered++) {
    before = pings();
    client.emit("packetreceive", { cmd: "pingresp" });
  }
  return answered;
}

function connect(t: Test, made: Made): void {
  made.client.emit("connect");
  t.equal(made.topics.at(-1), "house/top/+/status");
  made.answer(null, [{ qos: 0 }], {});
}

test("BoardsObserver: what comes between two pings puts the end off", async (t) => {
  const made = make(false);
  const { client, observer } = made;
  client.emit("packetreceive", { cmd: "pingresp" });
  connect(t, made);
  t.notOk(await isKnown(made), "the answer to the subscription says nothing");
  for (let board = 0; board < 10; board++) {
    publish(client, `house/top/b${board}/status`, HERE);
    client.emit("packetreceive", { cmd: "pingresp" });
    t.notOk(await isKnown(made), `b${board}: there may be more`);
  }
  // What boards say meanwhile is not what was kept, and never ends.
  publish(client, "house/top/b0/status", GONE, false);
  publish(client, "house/top/b0/status", HERE);
  t.equal(answerPings(made), 4, "that ping, and three with nothing kept between them");
  t.ok(await isKnown(made));
  t.equal(observer.boards.size, 10);
  const gone = { life: 7, services: null, heard_ms: 1_000 };
  t.deepEqual(observer.boards.get("b0"), gone, "what was kept is older than what it has said");
  t.equal(observer.boards.get("b1")?.heard_ms, null, "nobody knows how old that is");
});

test("BoardsObserver: for how long a board has said nothing", (t) => {
  const made = make(true);
  const { client, observer, wait } = made;
  connect(t, made);
  publish(client, "house/top/attic/status", HERE);
  answerPings(made);
  wait(500);
  t.equal(observer.silent_ms(observer.boards.get("attic")!), 500, "since we listen");
  publish(client, "house/top/attic/status", HERE, false);
  wait(30);
  t.equal(observer.silent_ms(observer.boards.get("attic")!), 30, "since it spoke");
  client.emit("close");
  wait(1_000);
  connect(t, made);
  publish(client, "house/top/attic/status", HERE);
  wait(20);
  t.equal(observer.silent_ms(observer.boards.get("attic")!), 20, "nobody could be heard meanwhile");
  t.end();
});

test("BoardsObserver: statuses that are none are counted, an empty one is forgotten", async (t) => {
  const made = make(false);
  const { client, observer, told } = made;
  connect(t, made);
  publish(client, "house/top/attic/status", HERE);
  publish(client, "house/top/Attic/status", HERE);
  publish(client, "house/top/cellar/status", "{");
  publish(client, "house/top/shed/status", HERE.replace('"version":1', '"version":99'));
  publish(client, "house/top/shed/status", `${HERE}${" ".repeat(70_000)}`);
  publish(client, "elsewhere/attic/status", HERE);
  publish(client, "house/top/never/status", "", false);
  publish(client, "house/top/attic/status", "", false);
  answerPings(made);
  await observer.known;
  t.equal(observer.malformed, 5);
  t.equal(observer.boards.size, 0);
  const malformed = [1, 2, 3, 4, 5].map((count) => `malformed ${count}`);
  t.deepEqual(told, ["attic said", ...malformed, "attic forgotten"]);
});

test("BoardsObserver: a broker that is back may have forgotten a board", async (t) => {
  const made = make(true);
  const { client, observer, told, options } = made;
  t.equal(options.username, "who");
  t.equal(options.reconnectPeriod, 750, "it tries again");
  connect(t, made);
  publish(client, "house/top/attic/status", HERE);
  publish(client, "house/top/cellar/status", HERE);
  answerPings(made);
  await observer.known;
  told.length = 0;
  client.emit("error", new Error("Keepalive timeout"));
  client.emit("close");
  client.emit("error", new Error("connect ECONNREFUSED"));
  client.emit("close");
  t.deepEqual(told.splice(0), ["down: Keepalive timeout"], "once");
  connect(t, made);
  t.deepEqual(told.splice(0), ["up"]);
  publish(client, "house/top/cellar/status", HERE);
  t.equal(observer.boards.size, 2, "the other one may follow");
  answerPings(made);
  t.deepEqual(told, ["cellar said", "attic forgotten"]);
  t.deepEqual([...observer.boards.keys()], ["cellar"]);
});

test("BoardsObserver: why nothing can be known", async (t) => {
  const refused = "the broker does not let this user read house/top/+/status";
  const cases: [what: string, reason: string, happens: (made: Made) => void][] = [
    ["it is refused", "no", ({ client }) => client.emit("error", new Error("no"))],
    ["it is closed", "the connection was closed", ({ client }) => client.emit("close")],
    ["as 3.1.1 says it", refused, ({ answer }) => answer(null, [{ qos: 128 }], {})],
    ["as npm's mqtt says it", refused, ({ answer }) => answer(new Error("128"), undefined, {})],
    ["lost meanwhile", "lost", ({ answer }) => answer(new Error("lost"))],
  ];
  for (const [what, reason, happens] of cases) {
    const made = make(false);
    t.equal(made.options.reconnectPeriod, 0, "it does not try again");
    made.client.emit("connect");
    happens(made);
    made.client.emit("error", new Error("later"));
    await made.observer.known.then(
      () => t.fail(what),
      (error: Error) => t.equal(error.message, reason, what),
    );
    t.deepEqual(made.told, ["end"], "and the connection is closed");
  }
});

test("BoardsObserver: after close() nothing is told", async (t) => {
  const made = make(true);
  connect(t, made);
  answerPings(made);
  await made.observer.known;
  await made.observer.close();
  publish(made.client, "house/top/attic/status", HERE);
  made.client.emit("close");
  t.deepEqual(made.told, ["end"]);
});
