/**
 * `reattach boards` against aedes and, where it is installed, mosquitto: what it shows of statuses
 * that boards have left, of those that are none, and of a broker that does not want it.
 */
import { createServer, type AddressInfo } from "node:net";
import { Aedes, type AedesOptions } from "aedes";
import { connectAsync, type IClientOptions, type MqttClient } from "mqtt";
import test, { type Test } from "tape";
import { startBroker } from "../../../../hosts/node/net/broker.js";
import { statusText } from "../../../../src/net/status.js";
import { folderOf } from "../temp-folder.js";
import { makeCertificates } from "./certificates.js";
import { startBoards } from "./boards-process.js";
import { mosquittoTest, startMosquitto } from "./mosquitto.js";

const HERE = statusText({
  life: 305_419_896,
  services: [
    { name: "counter", life: 2 },
    { name: "valve", life: 0 },
  ],
});
const GONE = statusText({ life: 9, services: null });
/** It would clear the screen, ring the bell, and turn the writing around. */
const RUDE = "\u001b[2Jbell\u0007\u009b31m\u202e\n";
const SHOWN = "\\\\u001b\\[2Jbell\\\\u0007\\\\u009b31m\\\\u202e\\\\u000a";

/** Somebody who keeps statuses at a broker, until the test ends. */
async function writerAt(t: Test, url: string, options: IClientOptions = {}): Promise<MqttClient> {
  const client = await connectAsync(url, { protocolVersion: 4, ...options });
  t.teardown(() => client.endAsync());
  return client;
}

async function keep(client: MqttClient, board: string, text: string): Promise<void> {
  await client.publishAsync(`reattach/${board}/status`, text, { qos: 1, retain: true });
}

/** Three boards, of which one is rude, and two statuses that are none. */
async function keepAll(client: MqttClient): Promise<void> {
  await keep(client, "attic", HERE);
  await keep(client, "cellar", GONE);
  await keep(client, "shed", statusText({ life: 3, services: [{ name: RUDE, life: 1 }] }));
  await keep(client, "office", "{ what?");
  await keep(client, "Nobody", HERE);
}

const TABLE = new RegExp(
  [
    "^board   state  services +not there  heard",
    "attic   here   counter +valve      -",
    "cellar  gone   - +-          -",
    `shed    here   ${SHOWN}  -          -`,
    "",
    "mqtt://127\\.0\\.0\\.1:\\d+, reattach/\\+/status: 3 boards, 1 gone",
    "2 statuses are none, or of another version",
    "$",
  ].join("\n"),
);

async function checkTable(t: Test, url: string): Promise<void> {
  await keepAll(await writerAt(t, url));
  const text = await startBoards(t, ["--broker", url]).ended;
  t.equal(text.stderr, "");
  t.match(text.stdout, TABLE);
  t.equal(text.code, 0);
  const json = await startBoards(t, ["--json"], { env: { REATTACH_BROKER: url } }).ended;
  t.equal(json.code, 0);
  t.notOk(/[^\n\x20-\x7e]/.test(json.stdout), "nothing that a terminal obeys");
  t.deepEqual(JSON.parse(json.stdout), {
    ok: true,
    broker: url,
    prefix: "reattach",
    boards: [
      {
        board: "attic",
        state: "here",
        life: 305_419_896,
        services: ["counter"],
        missing: ["valve"],
        heardAgo_ms: null,
      },
      {
        board: "cellar",
        state: "gone",
        life: 9,
        services: null,
        missing: null,
        heardAgo_ms: null,
      },
      {
        board: "shed",
        state: "here",
        life: 3,
        services: [RUDE],
        missing: [],
        heardAgo_ms: null,
      },
    ],
    malformed: 2,
  });
}

test("boards: a table, and JSON, of what aedes has kept", async (t) => {
  const broker = await startBroker(0);
  t.teardown(() => broker.stop());
  await checkTable(t, broker.url);
});

mosquittoTest("boards: a table, and JSON, of what mosquitto has kept", [], async (t) => {
  await checkTable(t, (await startMosquitto(t)).url);
});

/** More than a broker sends before it is acknowledged, and than a buffer of a socket holds. */
const MANY = 2_000;

async function checkMany(t: Test, url: string): Promise<void> {
  const writer = await writerAt(t, url);
  const services = Array.from({ length: 20 }, (_, i) => ({ name: `service-${i}`, life: 1 }));
  const text = statusText({ life: 1, services });
  await Promise.all(Array.from({ length: MANY }, (_, i) => keep(writer, `b${i}`, text)));
  const { code, stdout } = await startBoards(t, ["--broker", url, "--json"]).ended;
  t.equal(code, 0);
  t.equal((JSON.parse(stdout) as { boards: object[] }).boards.length, MANY, "all of them");
}

test("boards: 2,000 boards of aedes", async (t) => {
  const broker = await startBroker(0);
  t.teardown(() => broker.stop());
  await checkMany(t, broker.url);
});

mosquittoTest("boards: 2,000 boards of mosquitto", [], async (t) => {
  await checkMany(t, (await startMosquitto(t)).url);
});

/** A folder with the manifest of an application that has a net. */
function applicationWith(t: Test, net: object): string {
  const reattach = { tasks: { ticker: { module: "ticker" } }, net };
  return folderOf(t, {
    "manifest.json": { modules: { "*": "./ticker" }, config: { reattach } },
    "ticker.ts": "export function main() {}",
  });
}

test("boards: a broker without boards, and the manifest of the folder", async (t) => {
  const broker = await startBroker(0);
  t.teardown(() => broker.stop());
  const net = { board: "attic", broker: broker.url, prefix: "house/top" };
  const folder = applicationWith(t, net);
  const none = await startBoards(t, [], { folder }).ended;
  t.equal(none.stderr, "");
  const text = ", house/top/+/status: no boards, or none that this user may read\n";
  t.equal(none.stdout, broker.url + text);
  t.equal(none.code, 0);
  const other = await startBoards(t, ["--prefix", "shed"], { folder }).ended;
  t.equal(other.stdout, broker.url + text.replace("house/top", "shed"));
});

/** A broker that does what a test wants, and where it is. */
async function aedesWith(t: Test, options: AedesOptions): Promise<{ aedes: Aedes; url: string }> {
  const aedes = await Aedes.createBroker(options);
  const server = createServer((socket) => void aedes.handle(socket));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  t.teardown(async () => {
    await new Promise<void>((resolve) => aedes.close(() => resolve()));
    await new Promise((resolve) => server.close(resolve));
  });
  return { aedes, url: `mqtt://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

test("boards: --listen tells who has said something, and how long ago", async (t) => {
  const { aedes, url } = await aedesWith(t, {});
  const writer = await writerAt(t, url, { keepalive: 0 });
  await keep(writer, "attic", HERE);
  await keep(writer, "cellar", HERE);
  // Whoever looks pings, and only he.
  aedes.on("ping", () => void keep(writer, "attic", HERE));
  const argv = ["--broker", url, "--listen", "1ms"];
  const { stdout } = await startBoards(t, argv).ended;
  t.match(stdout, /^attic .* valve +\d\S* m?s ago$/m);
  t.match(stdout, /^cellar .* valve +-$/m);
});

test("boards: --watch prints a line for each change, until Ctrl-C", async (t) => {
  let broker = await startBroker(0);
  t.teardown(() => broker.stop());
  let writer = await connectAsync(broker.url, { protocolVersion: 4, reconnectPeriod: 0 });
  await keep(writer, "attic", HERE);
  const watching = startBoards(t, ["--broker", broker.url, "--watch"]);
  await watching.printed(/status: 1 board\n/);
  await keep(writer, "attic", HERE);
  await keep(writer, "attic", GONE);
  await watching.printed(/^[\d:.]+ attic: gone$/m);
  await keep(writer, "attic", HERE);
  await watching.printed(/ attic: booted anew, here: counter, not there: valve$/m);
  await keep(writer, "shed", "what?");
  await watching.printed(/ 1 status is none, or of another version$/m);
  await keep(writer, "attic", "");
  await watching.printed(/ attic: the broker keeps no status of it$/m);
  await keep(writer, "attic", HERE);
  await watching.printed(/ attic: here: counter, not there: valve$/m);
  const { port } = new URL(broker.url);
  await broker.stop();
  await watching.printed(/ mqtt:\S+: .+$/m);
  broker = await startBroker(Number(port));
  await watching.printed(/ mqtt:\S+ is there again$/m);
  await watching.printed(/ attic: the broker keeps no status of it[^]+ attic: the broker keeps/m);
  writer = await writerAt(t, broker.url);
  await keep(writer, "cellar", HERE);
  await watching.printed(/ cellar: here: counter, not there: valve$/m);
  watching.interrupt();
  const { code, stderr, stdout } = await watching.ended;
  t.equal(stderr, "");
  t.equal(code, 0);
  t.equal(stdout.split("\n").length, 14, `a line each: ${stdout}`);
});

test("boards: --watch --json has an object a line, also of a board that is silent", async (t) => {
  const broker = await startBroker(0);
  t.teardown(() => broker.stop());
  await keep(await writerAt(t, broker.url), "attic", HERE);
  const net = { board: "a", broker: broker.url, beat_ms: 100, silent_ms: 200 };
  const folder = applicationWith(t, net);
  const watching = startBoards(t, ["--watch", "--json"], { folder });
  await watching.printed(/"state":"silent"/);
  watching.interrupt();
  const { code, stdout } = await watching.ended;
  t.equal(code, 0);
  const lines = stdout.trim().split("\n");
  const rows = lines.map((line) => JSON.parse(line) as { time: string; state: string });
  t.deepEqual(
    rows.map(({ state }) => state),
    ["here", "silent"],
  );
  t.ok(rows.every(({ time }) => !Number.isNaN(Date.parse(time))));
});

async function checkFailure(
  t: Test,
  url: string,
  problem: RegExp,
  env: Readonly<Record<string, string>> = {},
): Promise<void> {
  const text = await startBoards(t, ["--broker", url], { env }).ended;
  t.match(text.stderr, problem);
  t.equal(text.stderr.split("\n").length, 2, "one line");
  t.equal(text.stdout, "");
  t.equal(text.code, 1);
  const json = await startBoards(t, ["--broker", url, "--json"], { env }).ended;
  const { ok, problems } = JSON.parse(json.stdout) as { ok: boolean; problems: string[] };
  t.equal(ok, false);
  t.match(`reattach: ${problems[0]}\n`, problem);
  t.equal(json.code, 1);
  const watching = await startBoards(t, ["--broker", url, "--watch"], { env }).ended;
  t.match(watching.stderr, problem, "also at the beginning of a watch");
  t.equal(watching.code, 1);
}

test("boards: a broker that is not there, and one that is none", async (t) => {
  const broker = await startBroker(0);
  await broker.stop();
  await checkFailure(t, broker.url, /^reattach: mqtt:\S+: connect ECONNREFUSED .*\n$/);
  const server = createServer((socket) => void socket.end("HTTP/1.1 400 Bad Request\r\n\r\n"));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  t.teardown(() => void server.close());
  const { port } = server.address() as AddressInfo;
  await checkFailure(t, `mqtt://127.0.0.1:${port}`, /^reattach: mqtt:\S+: .+\n$/);
});

test("boards: a broker that does not let somebody in, or read", async (t) => {
  const { url: closed } = await aedesWith(t, {
    authenticate: (_client, _name, password, done) => {
      done(null, String(password) === "right");
    },
    authorizeSubscribe: (_client, _subscription, done) => done(null, null),
  });
  const env = { REATTACH_MQTT_USER: "who", REATTACH_MQTT_PASSWORD: "wrong" };
  await checkFailure(t, closed, /^reattach: mqtt:\S+: Connection refused: Not authorized\n$/, env);
  const right = { ...env, REATTACH_MQTT_PASSWORD: "right" };
  const problem = /: the broker does not let this user read reattach\/\+\/status\n$/;
  await checkFailure(t, closed, problem, right);
});

mosquittoTest("boards: users and rights of mosquitto", [], async (t) => {
  const acl = "pattern write reattach/%u/status\nuser reader\ntopic read reattach/+/status\n";
  const passwords = { attic: "one", reader: "two" };
  const broker = await startMosquitto(t, { passwords, acl });
  const writer = await writerAt(t, broker.url, { username: "attic", password: "one" });
  await keep(writer, "attic", HERE);
  const as = (user: string, password: string) => ({
    REATTACH_MQTT_USER: user,
    REATTACH_MQTT_PASSWORD: password,
  });
  await checkFailure(t, broker.url, /: Connection refused: Not authorized\n$/, as("reader", "one"));
  const argv = ["--broker", broker.url];
  const read = await startBoards(t, argv, { env: as("reader", "two") }).ended;
  t.match(read.stdout, /^attic .* counter /m, "to read statuses is all that it needs");
  // Whether it says so, or keeps silent, is mosquitto's to decide.
  const none = await startBoards(t, argv, { env: as("attic", "one") }).ended;
  t.match(`${none.stdout}${none.stderr}`, /this user (may )?read/);
});

mosquittoTest("boards: TLS, with the certificate of who has signed it", ["openssl"], async (t) => {
  const certificates = makeCertificates(folderOf(t, {}));
  const broker = await startMosquitto(t, { certificates });
  const argv = ["--broker", broker.url];
  const known = { REATTACH_MQTT_CA: certificates.ca };
  const good = await startBoards(t, argv, { env: known }).ended;
  t.equal(good.stderr, "");
  t.match(good.stdout, /^mqtts:\S+ reattach\/\+\/status: no boards, or none that/);
  await checkFailure(t, broker.url, /^reattach: mqtts:\S+: .*certificate.*\n$/);
  const missing = await startBoards(t, argv, { env: { REATTACH_MQTT_CA: "none.pem" } }).ended;
  t.match(missing.stderr, /^reattach: net: the certificate cannot be read: ENOENT/);
  t.equal(missing.code, 2);
});

test("boards: a wrong command line", async (t) => {
  const cases: [argv: string[], problem: RegExp][] = [
    [[], /found no broker, allowed is --broker mqtt:\/\/host:1883, REATTACH_BROKER, or a manifest/],
    [["--broker", "http://a"], /boards: found the broker "http:\/\/a", allowed is "mqtt:/],
    [["--broker", "mqtt://a:70000"], /boards: found the broker "mqtt:\/\/a:70000", allowed is/],
    [["--broker=mqtt://a", "--prefix=a/+"], /--prefix: found "a\/\+", allowed is text without/],
    [["--broker=mqtt://a", "--watch", "--listen=1s"], /found --listen with --watch/],
  ];
  const results = await Promise.all(cases.map(([argv]) => startBoards(t, argv).ended));
  for (const [i, { code, stderr, stdout }] of results.entries()) {
    t.match(stderr, cases[i]![1]);
    t.equal(code, 2);
    t.equal(stdout, "");
  }
});
