/**
 * Debian's mosquitto for tests: a broker in a process of its own, as people have it, on a free port
 * of this machine, with its files in a folder of its own.
 *
 * Where it is not installed the tests are skipped, and say so; in .ci/run that is a failure.
 */
import { execFileSync, spawn, type ChildProcess } from "node:child_process";
import { writeFileSync } from "node:fs";
import { userInfo } from "node:os";
import { join } from "node:path";
import test, { type Test } from "tape";
import { Patience, watch } from "../../../patience.js";
import { killProcess } from "../../../../hosts/node/fleet/kill-process.js";
import { findProgram, freePort } from "../../../../hosts/node/fleet/mosquitto.js";
import { folderOf } from "../temp-folder.js";
import type { Certificates } from "./certificates.js";

/** How long it may take to start; and how often a port may be taken by somebody else meanwhile. */
const START_MS = 30_000;
const TRIES = 20;

/** What a broker asks of its clients, and what it keeps. */
export interface MosquittoOptions {
  /** Passwords by user; without this everybody may connect. */
  readonly passwords?: Readonly<Record<string, string>>;
  /** The text of its access list; without this everybody may do everything. */
  readonly acl?: string;
  /** It speaks TLS. */
  readonly certificates?: Certificates;
  /** It saves what it keeps so often, and has that when it starts again. Default: never. */
  readonly save_s?: number;
}

function passwordsIn(folder: string, passwords: Readonly<Record<string, string>>): void {
  const file = join(folder, "passwords");
  writeFileSync(file, "", { mode: 0o600 });
  for (const [user, password] of Object.entries(passwords)) {
    execFileSync(findProgram("mosquitto_passwd")!, ["-b", file, user, password], {
      stdio: "ignore",
    });
  }
}

function configuration(folder: string, port: number, options: MosquittoOptions): string {
  const { passwords, acl, certificates, save_s } = options;
  return [
    `listener ${port} 127.0.0.1`,
    "set_tcp_nodelay true",
    // Root would become another user, who may not read the folder.
    `user ${userInfo().username}`,
    "log_dest stderr",
    "log_type all",
    passwords === undefined ? "allow_anonymous true" : `password_file ${folder}/passwords`,
    ...(acl === undefined ? [] : [`acl_file ${folder}/acl`]),
    ...(certificates === undefined
      ? []
      : [`certfile ${certificates.chain}`, `keyfile ${certificates.key}`]),
    ...(save_s === undefined
      ? ["persistence false"]
      : ["persistence true", `persistence_location ${folder}/`, `autosave_interval ${save_s}`]),
    "",
  ].join("\n");
}

export class Mosquitto {
  readonly port: number;
  readonly #folder: string;
  readonly #options: MosquittoOptions;
  #child: ChildProcess | null = null;
  #log = "";

  /** Use startMosquitto(). */
  constructor(folder: string, port: number, options: MosquittoOptions) {
    this.port = port;
    this.#folder = folder;
    this.#options = options;
  }

  /** What boards connect to. */
  get url(): string {
    const scheme = this.#options.certificates === undefined ? "mqtt" : "mqtts";
    return `${scheme}://127.0.0.1:${this.port}`;
  }

  /** What it has logged since it was started for the first time. */
  get log(): string {
    return this.#log;
  }

  /** How many have connected, or tried to. */
  get connections(): number {
    return this.#log.split("New connection from").length - 1;
  }

  /** Starts it, or starts it again, on the same port. Resolves when it can be connected to. */
  async start(): Promise<void> {
    const { passwords, acl } = this.#options;
    const config = join(this.#folder, "mosquitto.conf");
    if (passwords !== undefined) passwordsIn(this.#folder, passwords);
    if (acl !== undefined) writeFileSync(join(this.#folder, "acl"), acl, { mode: 0o600 });
    writeFileSync(config, configuration(this.#folder, this.port, this.#options));
    const child = spawn(findProgram("mosquitto")!, ["-c", config], {
      stdio: ["ignore", "ignore", "pipe"],
    });
    this.#child = child;
    const begin = this.#log.length;
    let isRunning = false;
    const endWatch = watch(new Patience(START_MS, child.pid), () => child.kill("SIGKILL"));
    try {
      await new Promise<void>((resolve, reject) => {
        child.stderr.setEncoding("utf8").on("data", (text: string) => {
          this.#log += text;
          // It logs each message: what it says later is not looked through.
          if (isRunning || !/ running$/m.test(this.#log.slice(begin))) return;
          isRunning = true;
          resolve();
        });
        child.on("error", reject);
        child.on("close", () => {
          reject(new Error(`mosquitto does not start:\n${this.#log.slice(begin)}`));
        });
      });
    } finally {
      endWatch();
    }
  }

  /** Has it take another password of a user, from now on. */
  changePassword(user: string, password: string): void {
    passwordsIn(this.#folder, { ...this.#options.passwords, [user]: password });
    this.#child?.kill("SIGHUP");
  }

  /** Ends it at once, as when its machine is switched off. */
  async kill(): Promise<void> {
    const child = this.#child;
    this.#child = null;
    await killProcess(child);
  }
}

/** Starts a broker that lives as long as the test. */
export async function startMosquitto(t: Test, options: MosquittoOptions = {}): Promise<Mosquitto> {
  for (let left = TRIES; ; left--) {
    const folder = folderOf(t, {});
    const broker = new Mosquitto(folder, await freePort(), options);
    try {
      await broker.start();
      t.teardown(() => broker.kill());
      return broker;
    } catch (error) {
      if (left === 0 || !String(error).includes("Address already in use")) throw error;
    }
  }
}

/** A test with mosquitto, and whatever else it needs of programs. */
export function mosquittoTest(
  title: string,
  programs: readonly string[],
  run: (t: Test) => Promise<void>,
): void {
  test(title, async (t) => {
    const missing = ["mosquitto", "mosquitto_passwd", ...programs].find(
      (name) => !findProgram(name),
    );
    if (missing !== undefined) {
      t.skip(`no ${missing} in PATH: apt install mosquitto openssl`);
      return;
    }
    await run(t);
  });
}
