/**
 * One side of bench/boards.ts: of a bare request over MQTT, or of two boards.
 */
import { connectAsync, type MqttClient } from "mqtt";
import { boot } from "reattach/node";
import { here, startClient } from "./measure.js";
import { BYTES } from "./server.js";

const [role = "", url = "", level = "0"] = process.argv.slice(2);
/** Of bare requests and responses: 0, which may be lost, or 1. */
const qos = level === "1" ? 1 : 0;
const REQUEST = `bare/request/${qos}`;
const RESPONSE = `bare/response/${qos}`;

/** Tells the one who measures: that it is ready, or how many microseconds a batch took. */
function tell(us: number): void {
  process.send!(us);
}

async function connectBare(): Promise<MqttClient> {
  const client = await connectAsync(url, { protocolVersion: 4 });
  (client.stream as { setNoDelay?: (isOn: boolean) => void }).setNoDelay?.(true);
  return client;
}

async function answer(): Promise<void> {
  const client = await connectBare();
  client.on("message", (_topic, payload) => client.publish(RESPONSE, payload, { qos }));
  await client.subscribeAsync(REQUEST, { qos });
  tell(0);
}

async function ask(): Promise<void> {
  const client = await connectBare();
  const message = Buffer.alloc(BYTES);
  let left = 0;
  let began_ms = 0;
  client.on("message", () => {
    if (--left > 0) client.publish(REQUEST, message, { qos });
    else tell((performance.now() - began_ms) * 1000);
  });
  await client.subscribeAsync(RESPONSE, { qos });
  process.on("message", (rounds: number) => {
    left = rounds;
    began_ms = performance.now();
    client.publish(REQUEST, message, { qos });
  });
  tell(0);
}

async function attic(): Promise<void> {
  const net = { board: "attic", broker: url, exports: ["echo"] };
  const modules = { server: here("server") };
  const tasks = { server: { module: "server" } };
  const system = await boot({ modules, config: { reattach: { tasks, net } } });
  await system.start();
  tell(0);
}

async function cellar(): Promise<void> {
  const net = { board: "cellar", broker: url, imports: ["attic/echo"] };
  const args = { echo: "/net/attic/echo" };
  const { order } = await startClient(here("client"), {}, net, args);
  process.on("message", (rounds: number) => void order(rounds, 0).then(tell));
  tell(0);
}

const roles: Readonly<Record<string, () => Promise<void>>> = { answer, ask, attic, cellar };
await roles[role]!();
