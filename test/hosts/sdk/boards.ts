/**
 * A device among other boards: an application on the SDK's own engine, with the SDK's own client of
 * MQTT, and a board of the simulator. Each serves the other through a real broker, which is killed;
 * so is the device.
 *
 * `npm test` has the link alone, with a client that stands for the SDK's (hosts/moddable).
 */
import { spawn, type ChildProcess } from "node:child_process";
import { join } from "node:path";
import { boot } from "reattach/node";
import type { Test } from "tape";
import { PATIENT } from "../../patient-board.js";
import { mosquittoTest, startMosquitto } from "../node/net/mosquitto.js";
import { areInOrder, untilMore } from "../node/net/two-boards.js";
import { killProcess } from "../../../hosts/node/fleet/kill-process.js";
import { folderOf, writeFiles } from "../node/temp-folder.js";
import { headlessProgram } from "./headless.js";
import { buildForLin, root, warningsIn } from "./tools.js";

const SERVICES = `import { call, defineService, u32 } from "reattach/service";
export const Counter = defineService("counter", {
  add: call({ count: u32 }, { sum: u32 }, { once: true }),
});
`;

const SERVER = `import { EOK, Ledger } from "reattach";
import { serve } from "reattach/service";
import { Counter } from "services";
export function main() {
  const ledger = new Ledger({ stateBytes: 4, replyBytes: 4, clients: 4 });
  const sum = new Uint32Array(ledger.state.buffer, ledger.state.byteOffset, 1);
  serve(Counter, {
    add({ count }, reply) {
      sum[0] += count;
      reply.sum = sum[0];
      return EOK;
    },
  }, { ledger });
}
`;

/** Has another board count, and says what it has been told. */
function client(board: string): string {
  return `import { delay, restartRecovery } from "reattach";
import { open } from "reattach/service";
import { Counter } from "services";
export function main() {
  const recovery = restartRecovery("/net/${board}/counter", { limit_ms: 86_400_000 });
  const { add } = open(Counter, { board: "${board}", timeout_ms: Infinity, recovery });
  for (;;) {
    add.request.count = 1;
    const status = add.send();
    trace(\`sum \${status} \${add.reply.sum}\\n\`);
    delay(5);
  }
}
`;
}

const MAIN = `import { boot } from "reattach/moddable";
import { connectBoards } from "reattach/net";
const system = boot();
system.on("death", ({ name, cause, text }) => trace(\`\${name} died: \${cause} \${text}\\n\`));
connectBoards(system);
system.start();
`;

const TASKS = {
  counter: { module: "server", services: ["counter"], stableBytes: 256 },
  client: { module: "client" },
};
const TIMES = { beat_ms: 500, silent_ms: 60_000, broker_ms: 60_000 };

/** What a board says of itself and the other one; each serves, and has itself served. */
function reattach(board: string, other: string, broker: string): object {
  const net = { board, broker, exports: ["counter"], imports: [`${other}/counter`], ...TIMES };
  return { tasks: TASKS, net, board: PATIENT };
}

/** The device, as a process: it is started, killed, and started again. */
class Device {
  /** What its client has been told. */
  readonly sums: number[] = [];
  /** All that it has written but sums. */
  text = "";
  readonly #library: string;
  readonly #cwd: string;
  #child: ChildProcess | null = null;

  constructor(library: string, cwd: string) {
    this.#library = library;
    this.#cwd = cwd;
  }

  start(): void {
    const child = spawn(headlessProgram(), [this.#library], { cwd: this.#cwd });
    this.#child = child;
    let rest = "";
    const hear = (chunk: string): void => {
      const lines = (rest + chunk).split("\n");
      rest = lines.pop()!;
      for (const line of lines) this.#hear(line);
    };
    child.stdout.setEncoding("utf8").on("data", hear);
    child.on("exit", (code, signal) => (this.text += `(ended: ${code ?? signal})\n`));
    child.stderr.setEncoding("utf8").on("data", (chunk: string) => (this.text += chunk));
  }

  #hear(line: string): void {
    const sum = /^sum 0 (\d+)$/.exec(line)?.[1];
    if (sum === undefined) this.text += `${line}\n`;
    else this.sums.push(Number(sum));
  }

  async kill(): Promise<void> {
    const child = this.#child;
    this.#child = null;
    await killProcess(child);
  }
}

async function build(t: Test, folder: string, broker: string): Promise<Device> {
  const app = join(folder, "boards-app");
  writeFiles(app, {
    "manifest.json": {
      include: [
        "$(MODDABLE)/examples/manifest_base.json",
        join(root, "service/manifest.json"),
        join(root, "net/manifest.json"),
      ],
      modules: { "*": ["./main", "./server", "./client", "./services"] },
      preload: ["server", "client", "services"],
      config: { file: { root: `${folder}/` }, reattach: reattach("attic", "cellar", broker) },
    },
    "main.js": MAIN,
    "services.js": SERVICES,
    "server.js": SERVER,
    "client.js": client("cellar"),
  });
  const { library, code, text } = await buildForLin(app);
  t.equal(code, 0, "mcconfig builds it");
  if (code !== 0) throw new Error(text);
  const ours = warningsIn(text).filter((line) => line.includes("reattach"));
  t.deepEqual(ours, [], "the linker warns of nothing of ours");
  const device = new Device(library, app);
  t.teardown(() => device.kill());
  return device;
}

mosquittoTest("boards: a device and a board of the simulator serve each other", [], async (t) => {
  const broker = await startMosquitto(t);
  const folder = folderOf(t, {
    "services.js": SERVICES,
    "server.js": SERVER,
    "client.js": client("attic"),
  });
  const device = await build(t, folder, broker.url);
  const manifest = {
    modules: { "*": ["./server", "./client", "./services"] },
    config: { reattach: reattach("cellar", "attic", broker.url) },
  };
  const cellar = await boot(manifest as never, { baseDir: folder });
  t.teardown(() => cellar.stop());
  const sums: number[] = [];
  const problems: string[] = [];
  cellar.on("log", (task, _level, text) => {
    const sum = /^sum 0 (\d+)$/.exec(text)?.[1];
    if (sum !== undefined) sums.push(Number(sum));
    else if (task !== "main") problems.push(`${task}: ${text}`);
  });
  await cellar.start();
  device.start();
  try {
    await untilMore(sums, 20);
    await untilMore(device.sums, 20);
    t.pass("each has been served by the other");
    await broker.kill();
    await broker.start();
    await untilMore(sums, 20);
    await untilMore(device.sums, 20);
    t.pass("and after a restart of the broker");
    await cellar.kill("counter");
    await untilMore(device.sums, 20);
    t.pass("and after a death of the server");
    t.ok(areInOrder(sums), `${sums.length} answers of the device, each one more than the last`);
    t.ok(areInOrder(device.sums), `${device.sums.length} for it, each one more than the last`);
    const before = sums.length;
    const atDevice = device.sums.length;
    await device.kill();
    device.start();
    await untilMore(sums, 20);
    await untilMore(device.sums, 20);
    const since = sums.slice(before).findIndex((sum, i, all) => i > 0 && sum < all[i - 1]!);
    t.ok(
      areInOrder(sums.slice(before + Math.max(since, 0))),
      "a device that was killed counts anew",
    );
    t.ok(areInOrder(device.sums.slice(atDevice)), "its new client is served on");
    t.deepEqual(problems, [], "no call of the simulator's board has failed");
  } finally {
    t.comment(device.text);
  }
});
