/**
 * What a call to another board costs, as a ratio to a bare request and its response over the same
 * broker with the same client of MQTT: 64 bytes there and back. Each side is a process of its own,
 * and batches of the two take turns. The broker is mosquitto; where that is missing it is aedes,
 * and it is said.
 */
import { type ChildProcess, fork, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { connect, createServer, type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { here, INSIDE, isInside, show, spreadOf } from "./measure.js";

const BATCHES = 30;
const ROUNDS = 300;
const CLI = here("../dist/node/hosts/node/cli/main.js");
/** Batches before the first that counts: compilers and caches. */
const WARM_UP = 5;
const LOOK_MS = 20;

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}

async function isOpen(port: number): Promise<boolean> {
  const socket = connect(port, "127.0.0.1");
  try {
    await once(socket, "connect");
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}

/** A broker in a process of its own. */
async function startBroker(): Promise<{ url: string; name: string; stop(): void }> {
  const port = await freePort();
  const folder = mkdtempSync(join(tmpdir(), "reattach-"));
  const config = join(folder, "mosquitto.conf");
  writeFileSync(config, `listener ${port} 127.0.0.1\nallow_anonymous true\nset_tcp_nodelay true\n`);
  let name = "mosquitto";
  let child: ChildProcess = spawn(name, ["-c", config], { stdio: "ignore" });
  const [problem] = (await Promise.race([once(child, "error"), once(child, "spawn")])) as unknown[];
  if (problem !== undefined) {
    name = "aedes, as mosquitto is not there";
    child = fork(CLI, ["broker", "--port", String(port)]);
  }
  while (!(await isOpen(port))) await delay(LOOK_MS);
  const stop = (): void => {
    child.kill();
    rmSync(folder, { recursive: true });
  };
  return { url: `mqtt://127.0.0.1:${port}`, name, stop };
}

/** One side, in a process of its own, when it says that it is ready. */
async function startSide(role: string, url: string, qos = 0): Promise<ChildProcess> {
  const argv = [role, url, String(qos)];
  const child = fork(here("boards-side.ts"), argv, { execArgv: process.execArgv });
  child.on("exit", (code) => {
    if (code !== null && code !== 0) throw new Error(`${role} has ended with ${code}`);
  });
  await once(child, "message");
  return child;
}

/** Has a side make so many round trips; the microseconds that each took. */
async function run(side: ChildProcess): Promise<number> {
  side.send(ROUNDS);
  const [us] = (await once(side, "message")) as [number];
  return us / ROUNDS;
}

/** All in one batch after the other; ratios of boards to bare requests of QoS 0, and of QoS 1. */
async function measure(): Promise<void> {
  const broker = await startBroker();
  const sides: ChildProcess[] = [];
  const start = async (role: string, qos?: number): Promise<ChildProcess> => {
    const side = await startSide(role, broker.url, qos);
    sides.push(side);
    return side;
  };
  for (const [role, qos] of [
    ["answer", 0],
    ["answer", 1],
    ["attic", 0],
  ] as const)
    await start(role, qos);
  const bare = [await start("ask", 0), await start("ask", 1)];
  const boards = await start("cellar");
  const ratios: number[][] = [[], []];
  for (let batch = 0; batch < WARM_UP + BATCHES; batch++) {
    const us = [await run(bare[0]!), await run(bare[1]!)];
    const ours = await run(boards);
    if (batch >= WARM_UP) us.forEach((each, qos) => ratios[qos]!.push(ours / each));
  }
  for (const side of sides) side.kill();
  broker.stop();
  ratios.forEach((all, qos) => {
    const what = `64 bytes to another board and back / a bare request with QoS ${qos}`;
    console.log(`${what} (${broker.name}): ${show(spreadOf(all))}`);
  });
}

if (isInside()) {
  await measure();
} else {
  for (const command of [["taskset", "-c", "0"], []]) {
    const where = command.length === 0 ? "on all cores" : "on one core";
    console.log(`\n${where}:`);
    const [program = "", ...args] = [...command, process.execPath, ...process.execArgv];
    const { error } = spawnSync(program, [...args, import.meta.filename, INSIDE], {
      stdio: "inherit",
    });
    if (error !== undefined)
      console.log(`not measured: ${program} is not there (${error.message})`);
  }
}
