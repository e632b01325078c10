/**
 * Main on XS: orders that cross each other, and a listener that throws. Writes down what
 * became of them.
 */
import Timer from "timer";
import { name_open, sendAsync } from "reattach";
import { boot } from "reattach/moddable";
import { exit } from "xs";
import { MARK } from "./results.js";

const LOOK_MS = 5;

const system = boot();
const starts: string[] = [];
const found: Record<string, unknown> = {};

system.on("start", (name) => starts.push(name));
system.on("end", () => {
  throw new Error("in the listener");
});
system.on("death", ({ name }) => void system.restart(name));

/** Resolves when all tasks serve. */
function serving(): Promise<void> {
  return new Promise((resolve) => {
    const timer = Timer.repeat(() => {
      if (system.ps().some(({ state }) => state !== "RECEIVE")) return;
      Timer.clear(timer);
      resolve();
    }, LOOK_MS);
  });
}

async function play(): Promise<void> {
  found["start"] = await system.start();
  await serving();
  found["kill"] = await system.kill("one");
  await serving();
  found["starts"] = starts.splice(0);
  found["restarts"] = system.ps().map(({ restarts }) => restarts);
  found["stop, start"] = await Promise.all([system.stop(), system.start()]);
  await serving();
  const sent = new Promise((resolve) => {
    found["sendAsync"] = sendAsync(name_open("one", 0), null, 0, null, 0, resolve);
  });
  const orders = [system.stop(), system.restart("two")];
  found["stop, restart"] = await Promise.all(orders);
  found["done"] = await sent;
  found["state"] = system.state;
  found["sendAsync when off"] = sendAsync(1, null, 0, null, 0, () => {});
  found["states"] = system.ps().map(({ state }) => state);
  await system.start();
  await serving();
  found["stop again"] = await system.stop();
  trace(`${MARK}${JSON.stringify(found)}\n`);
  exit(0);
}

play().catch((error: unknown) => {
  trace(`${String(error)}\n`);
  exit(1);
});
