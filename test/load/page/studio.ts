/**
 * `reattach dev` of the weather station in a process of its own, and what is read of it.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { startDev } from "../../hosts/node/page/dev-process.js";

const STATION = join(import.meta.dirname, "../../../examples/weather-station");
/** Of Linux, for what /proc counts in ticks. */
const TICK_MS = 10;

export class Studio {
  readonly #dev: Awaited<ReturnType<typeof startDev>>;
  readonly #origin: string;
  readonly token: string;

  private constructor(dev: Awaited<ReturnType<typeof startDev>>) {
    this.#dev = dev;
    const { origin, hash } = new URL(dev.address);
    this.#origin = origin;
    this.token = hash.slice(1);
  }

  /** Starts it, with options of `reattach dev`. */
  static async start(...options: readonly string[]): Promise<Studio> {
    return new Studio(await startDev(STATION, "--log-level", "warn", ...options));
  }

  /** Of the page, with its token. */
  get address(): string {
    return this.#dev.address;
  }

  /** Of the stream that pages read. */
  get events(): string {
    return `${this.#origin}/events`;
  }

  get pid(): number {
    return this.#dev.child.pid!;
  }

  async stop(): Promise<void> {
    await this.#dev.stop();
  }

  /** The sum of a number of /metrics over all its labels. */
  async sumOf(name: string): Promise<number> {
    const headers = { Authorization: `Bearer ${this.token}` };
    const text = await (await fetch(`${this.#origin}/metrics`, { headers })).text();
    const values = [...text.matchAll(new RegExp(`^${name}(?:\\{.*\\})? (\\S+)$`, "gm"))];
    if (values.length === 0) throw new Error(`/metrics: there is no ${name}`);
    return values.reduce((sum, [, value]) => sum + Number(value), 0);
  }

  /** Bytes of the process. */
  get rss_bytes(): number {
    const status = readFileSync(`/proc/${this.pid}/status`, "utf8");
    return Number(/^VmRSS:\s+(\d+) kB/m.exec(status)?.[1]) * 1024;
  }

  /** Processor time of its main thread so far. */
  get main_ms(): number {
    return processorTime(`${this.pid}/task/${this.pid}`);
  }
}

/** Processor time so far of a process, or of a thread as `<pid>/task/<tid>`, in ms. */
export function processorTime(of: string): number {
  const stat = readFileSync(`/proc/${of}/stat`, "utf8");
  // The name, in brackets, may have blanks.
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return (Number(fields[11]) + Number(fields[12])) * TICK_MS;
}
