/**
 * A mosquitto for a fleet: in a process of its own, on a free port of this machine, with its
 * configuration in a folder that goes with it.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { type AddressInfo, connect, createServer } from "node:net";
import { tmpdir, userInfo } from "node:os";
import { delimiter, join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { UsageError } from "../input-error.js";
import { FleetError } from "./fleet-error.js";
import { killProcess } from "./kill-process.js";

const HOST = "127.0.0.1";
/** Debian's package has it where not everybody looks. */
const FOLDERS = ["/usr/sbin", "/usr/local/sbin", "/opt/homebrew/sbin"];
const START_MS = 10_000;
const LOOK_MS = 10;
/** Linux counts processor time in hundredths of a second, and memory in pages of 4 KiB. */
const TICK_MS = 10;
const PAGE_BYTES = 4_096;

/** The file of a program; undefined where it is not installed. */
export function findProgram(name: string): string | undefined {
  const folders = [...(process.env["PATH"] ?? "").split(delimiter), ...FOLDERS];
  return folders.map((folder) => join(folder, name)).find((file) => existsSync(file));
}

function program(): string {
  const found = findProgram("mosquitto");
  if (found !== undefined) return found;
  throw new UsageError(
    "fleet: found no mosquitto, allowed is to install it (apt install mosquitto), " +
      "or --broker=<address> of a broker that runs",
  );
}

/** A port of this machine on which nobody listens: somebody else may, by the time it is used. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, HOST);
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}

function isListening(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, HOST);
    socket.on("connect", () => (socket.destroy(), resolve(true)));
    socket.on("error", () => resolve(false));
  });
}

/** What a process has used so far, as far as this system tells. */
export interface ProcessUse {
  readonly rss: number;
  readonly cpu_ms: number;
}

export class Mosquitto {
  readonly #program: string;
  readonly #folder: string;
  readonly #port: number;
  #child: ChildProcess | null = null;

  private constructor(file: string, folder: string, port: number) {
    this.#program = file;
    this.#folder = folder;
    this.#port = port;
  }

  /** Starts one. Rejects with a UsageError where there is none. */
  static async start(): Promise<Mosquitto> {
    const file = program();
    const port = await freePort();
    const folder = mkdtempSync(join(tmpdir(), "reattach-fleet-"));
    const config = [
      `listener ${port} ${HOST}`,
      "allow_anonymous true",
      "set_tcp_nodelay true",
      "persistence false",
      "log_dest none",
      // Root would become another user, who may not read the folder.
      `user ${userInfo().username}`,
    ];
    writeFileSync(join(folder, "mosquitto.conf"), `${config.join("\n")}\n`);
    const broker = new Mosquitto(file, folder, port);
    try {
      await broker.start();
    } catch (error) {
      await broker.remove();
      throw error;
    }
    return broker;
  }

  get url(): string {
    return `mqtt://${HOST}:${this.#port}`;
  }

  /** Starts it again, on the same port; it has kept nothing. */
  async start(): Promise<void> {
    const child = spawn(this.#program, ["-c", join(this.#folder, "mosquitto.conf")], {
      stdio: "ignore",
    });
    this.#child = child;
    const end = performance.now() + START_MS;
    while (!(await isListening(this.#port))) {
      if (child.exitCode !== null || performance.now() > end) {
        throw new FleetError(`mosquitto does not start: exit code ${child.exitCode}`);
      }
      await delay(LOOK_MS);
    }
  }

  /** Ends it at once, as when its machine is switched off. */
  async kill(): Promise<void> {
    const child = this.#child;
    this.#child = null;
    await killProcess(child);
  }

  async remove(): Promise<void> {
    await this.kill();
    rmSync(this.#folder, { recursive: true, force: true });
  }

  /** null where the system does not tell. */
  use(): ProcessUse | null {
    const folder = `/proc/${this.#child?.pid}`;
    if (!existsSync(folder)) return null;
    const fields = readFileSync(`${folder}/stat`, "utf8").split(") ")[1]!.split(" ");
    const pages = Number(readFileSync(`${folder}/statm`, "utf8").split(" ")[1]);
    const ticks = Number(fields[11]) + Number(fields[12]);
    return { rss: pages * PAGE_BYTES, cpu_ms: ticks * TICK_MS };
  }
}
