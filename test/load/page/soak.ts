/**
 * One page in Chromium for a long time, on a board under load whose sensor is killed again and
 * again: memory of the page and of the host stays flat; how late the main VM's looks were.
 */
import { setTimeout as sleep } from "node:timers/promises";
import type { CDPSession } from "playwright-core";
import { launchChromium } from "../../hosts/node/page/chromium.js";
import { judgeSeries, type Judgement, type Series } from "../soak/verdict.js";
import { Studio } from "./studio.js";

/** Readings of a run, as far as they are not more than one in two seconds. */
const READINGS = 240;
const EVERY_MIN_MS = 500;
/** Allowed is a look so much later than it was due. */
const LATE_MS = 20;
const MB = 1_000_000;
/** The host's process takes so long to come to its full size: a shorter run says nothing of it. */
const GROWING_MINUTES = 5;

/** One reading. */
export interface Reading {
  readonly at_s: number;
  /** Of the page, after a collection. */
  readonly pageHeap_bytes: number;
  readonly pageNodes: number;
  readonly pageListeners: number;
  /** Of the host's process. */
  readonly hostRss_bytes: number;
  /** Of its main thread, before a collection. */
  readonly hostHeap_bytes: number;
  readonly messages: number;
}

/** What came out. */
export interface SoakReport {
  readonly isGood: boolean;
  readonly seconds: number;
  readonly messages: number;
  readonly flat: readonly Judgement[];
  /** Errors on the page's console. */
  readonly complaints: readonly string[];
  /** Frames that were seen, those with a look later than allowed, and the worst look. */
  readonly frames: number;
  readonly lateFrames: number;
  readonly latest_ms: number;
}

/** Hears how late the main VM's looks are, from the frames that pages get. */
class Lateness {
  frames = 0;
  late = 0;
  latest_ms = 0;
  readonly #abort = new AbortController();
  readonly #ended: Promise<void>;

  constructor(studio: Studio) {
    this.#ended = this.#hear(studio).catch((error: Error) => {
      if (!this.#abort.signal.aborted) throw error;
    });
  }

  async stop(): Promise<void> {
    this.#abort.abort();
    await this.#ended;
  }

  async #hear({ events, token }: Studio): Promise<void> {
    const headers = { Authorization: `Bearer ${token}` };
    const response = await fetch(events, { headers, signal: this.#abort.signal });
    const decoder = new TextDecoder();
    let rest = "";
    for await (const piece of response.body as unknown as AsyncIterable<Uint8Array>) {
      const lines = (rest + decoder.decode(piece, { stream: true })).split("\n");
      rest = lines.pop()!;
      for (const line of lines) if (line.startsWith('data: {"type":"frame"')) this.#note(line);
    }
  }

  #note(line: string): void {
    const { late_ms } = JSON.parse(line.slice("data: ".length)) as { late_ms: number };
    this.frames++;
    if (late_ms > LATE_MS) this.late++;
    this.latest_ms = Math.max(this.latest_ms, late_ms);
  }
}

async function readAll(studio: Studio, cdp: CDPSession, at_s: number): Promise<Reading> {
  // A reading between two collections would say how long ago the last one was.
  await cdp.send("HeapProfiler.collectGarbage");
  const { metrics } = await cdp.send("Performance.getMetrics");
  const of = (name: string): number => metrics.find((one) => one.name === name)!.value;
  return {
    at_s,
    pageHeap_bytes: of("JSHeapUsedSize"),
    pageNodes: of("Nodes"),
    pageListeners: of("JSEventListeners"),
    hostRss_bytes: studio.rss_bytes,
    hostHeap_bytes: await studio.sumOf("reattach_main_heap_bytes"),
    messages: await studio.sumOf("reattach_messages_sent_total"),
  };
}

function seriesOf(readings: readonly Reading[], minutes: number): Series[] {
  const series = (name: keyof Reading, limit: number, reason: string): Series => {
    return { name, values: readings.map((reading) => reading[name]), limit, reason };
  };
  const ofHost = series(
    "hostRss_bytes",
    24 * MB,
    "24 MB: pools of the allocator, threads that start",
  );
  return [
    series("pageHeap_bytes", 2 * MB, "2 MB: what the last minute holds is more or less"),
    series("pageNodes", 1_000, "lines of the log come and go"),
    series("pageListeners", 200, "those of lines that come and go"),
    ...(minutes < GROWING_MINUTES ? [] : [ofHost]),
    series("hostHeap_bytes", 8 * MB, "8 MB: it is read before a collection"),
  ];
}

/** Runs it. `tell` hears of each reading. */
export async function soakPage(
  minutes: number,
  tell: (reading: Reading) => void,
): Promise<SoakReport> {
  const studio = await Studio.start("--fault", "kill:sensor:2s", "--seed", "7");
  const browser = await launchChromium();
  const readings: Reading[] = [];
  const complaints: string[] = [];
  try {
    const page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
    page.on("console", (message) => {
      if (message.type() === "error") complaints.push(message.text());
    });
    page.on("pageerror", (error) => complaints.push(String(error)));
    await page.goto(studio.address);
    await page.waitForSelector("#tasks tbody tr");
    const cdp = await page.context().newCDPSession(page);
    await cdp.send("Performance.enable");
    const lateness = new Lateness(studio);
    const start = performance.now();
    const length_ms = minutes * 60_000;
    const every_ms = Math.max(EVERY_MIN_MS, length_ms / READINGS);
    while (performance.now() - start < length_ms) {
      await sleep(every_ms);
      const reading = await readAll(studio, cdp, (performance.now() - start) / 1000);
      readings.push(reading);
      tell(reading);
    }
    await lateness.stop();
    const flat = seriesOf(readings, minutes).map((one) => judgeSeries(one));
    return {
      isGood: flat.every(({ isFlat }) => isFlat !== false) && complaints.length === 0,
      seconds: readings.at(-1)?.at_s ?? 0,
      messages: (readings.at(-1)?.messages ?? 0) - (readings[0]?.messages ?? 0),
      flat,
      complaints,
      frames: lateness.frames,
      lateFrames: lateness.late,
      latest_ms: lateness.latest_ms,
    };
  } finally {
    await browser.close();
    await studio.stop();
  }
}

function mega(bytes: number): string {
  return `${(bytes / MB).toFixed(1)} MB`;
}

/** A reading, for people. */
export function readingLine(reading: Reading): string {
  const { at_s, pageHeap_bytes, pageNodes, pageListeners, messages } = reading;
  return (
    `${at_s.toFixed(1).padStart(7)} s  page ${mega(pageHeap_bytes)}, ${pageNodes} nodes, ` +
    `${pageListeners} listeners  host ${mega(reading.hostRss_bytes)}, heap ` +
    `${mega(reading.hostHeap_bytes)}  messages ${messages}\n`
  );
}

/** What came out, for people. */
export function soakText(report: SoakReport): string {
  const lines = report.flat.map(({ name, isFlat, growth, limit, reason }) => {
    const word = isFlat === null ? "too short to say" : isFlat ? "flat" : "GROWS";
    const show = (value: number): string =>
      name.endsWith("_bytes") ? mega(value) : value.toFixed(0);
    const what = name.replace("_bytes", "").padEnd(14);
    return `${what} ${word}: ${show(growth)} by the slope; allowed ${show(limit)} (${reason})\n`;
  });
  const { seconds, messages, frames, lateFrames, latest_ms, complaints, isGood } = report;
  return (
    `\n${lines.join("")}\n${seconds.toFixed(0)} s, ${messages} messages\n` +
    `looks of the main VM: in ${lateFrames} of ${frames} frames one was later than ` +
    `${LATE_MS} ms, the latest ${latest_ms} ms\n` +
    complaints.map((complaint) => `console: ${complaint}\n`).join("") +
    `verdict: ${isGood ? "good" : "BAD"}\n`
  );
}
