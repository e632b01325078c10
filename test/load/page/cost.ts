/**
 * What pages cost: messages a second of a board with pages and without, by turns.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";
import type { Browser } from "playwright-core";
import { launchChromium } from "../../hosts/node/page/chromium.js";
import { processorTime, Studio } from "./studio.js";

const READERS = join(import.meta.dirname, "readers.ts");
const WINDOW_MS = 2_000;
/** Until the board runs as fast as it will. */
const WARM_UP_MS = 5_000;
/** Until what comes with a page (its welcome, its first picture) is over. */
const SETTLE_MS = 700;
const SENT = "reattach_messages_sent_total";

/** One window. */
export interface Window {
  /** How many pages were open. */
  readonly pages: number;
  /** Messages a second. */
  readonly rate: number;
  /** Of a processor, of the main thread: 0 to 1. */
  readonly main: number;
  /** And of the process that reads the streams of pages: it has the same processors. */
  readonly readers: number;
}

/** What came out. */
export interface Cost {
  readonly pages: number;
  readonly windows: number;
  /** Messages a second without pages, the median. */
  readonly without: number;
  /** And with them. */
  readonly with: number;
  /** Of the medians: 1 is no difference, 0.95 is slower by 5 %. */
  readonly ratio: number;
  /** Of neighbours. */
  readonly quartiles: readonly [lower: number, upper: number];
  /** Of a processor, of the main thread, the medians. */
  readonly mainWithout: number;
  readonly mainWith: number;
  /** Of the process that reads the streams, the median; 0 with a browser. */
  readonly readers: number;
}

/** Pages that are open. */
interface Pages {
  /** The process that reads them; null with a browser, which is many. */
  readonly pid: number | null;
  close(): Promise<void>;
}

async function readPages(studio: Studio, count: number): Promise<Pages> {
  const args = ["--import", "tsx", READERS, studio.events, studio.token, String(count)];
  const child = spawn(process.execPath, args, { stdio: ["pipe", "pipe", "inherit"] });
  const exited = once(child, "exit") as Promise<[code: number | null]>;
  const lines = createInterface({ input: child.stdout });
  const told = once(lines, "line") as Promise<[line: string]>;
  const [first] = await Promise.race([told, exited]);
  if (first !== "ready") throw new Error(`the readers have ended: ${first}`);
  return {
    pid: child.pid!,
    close: async () => {
      child.stdin.end();
      const [code] = await exited;
      if (code !== 0) throw new Error(`the readers have ended with ${code}`);
    },
  };
}

async function openPages(studio: Studio, count: number, browser: Browser): Promise<Pages> {
  const pages = await Promise.all(
    Array.from({ length: count }, async () => {
      const page = await browser.newPage();
      await page.goto(studio.address);
      await page.waitForSelector("#tasks tbody tr");
      return page;
    }),
  );
  return {
    pid: null,
    close: async () => void (await Promise.all(pages.map((page) => page.close()))),
  };
}

async function measure(studio: Studio, count: number, pages: Pages | null): Promise<Window> {
  const readers_ms = (): number => (pages?.pid ? processorTime(String(pages.pid)) : 0);
  await sleep(SETTLE_MS);
  const [before, main, readers] = [await studio.sumOf(SENT), studio.main_ms, readers_ms()];
  const start = performance.now();
  await sleep(WINDOW_MS);
  const sent = (await studio.sumOf(SENT)) - before;
  const took_ms = performance.now() - start;
  return {
    pages: count,
    rate: (sent * 1000) / took_ms,
    main: (studio.main_ms - main) / took_ms,
    readers: (readers_ms() - readers) / took_ms,
  };
}

function quantile(values: readonly number[], share: number): number {
  const sorted = values.slice().sort((a, b) => a - b);
  const at = share * (sorted.length - 1);
  const [low, high] = [sorted[Math.floor(at)]!, sorted[Math.ceil(at)]!];
  return low + (high - low) * (at - Math.floor(at));
}

/** Of windows that came by turns, in the order of time. */
function costOf(windows: readonly Window[], pages: number): Cost {
  const some = windows.filter((one) => one.pages > 0);
  const none = windows.filter((one) => one.pages === 0);
  const median = (of: readonly Window[], what: "rate" | "main" | "readers"): number =>
    quantile(
      of.map((one) => one[what]),
      0.5,
    );
  const ratios = some.map(({ rate }, i) => rate / none[i]!.rate);
  const [without, withPages] = [median(none, "rate"), median(some, "rate")];
  return {
    pages,
    windows: some.length,
    without,
    with: withPages,
    ratio: withPages / without,
    quartiles: [quantile(ratios, 0.25), quantile(ratios, 0.75)],
    mainWithout: median(none, "main"),
    mainWith: median(some, "main"),
    readers: median(some, "readers"),
  };
}

/** Measures it. `tell` hears of each window. */
export async function measureCost(
  pages: number,
  windows: number,
  isBrowser: boolean,
  tell: (window: Window) => void,
): Promise<Cost> {
  const studio = await Studio.start();
  const browser = isBrowser ? await launchChromium() : null;
  const all: Window[] = [];
  const look = async (count: number): Promise<void> => {
    const open =
      count === 0
        ? null
        : await (browser === null ? readPages(studio, count) : openPages(studio, count, browser));
    try {
      const window = await measure(studio, count, open);
      all.push(window);
      tell(window);
    } finally {
      await open?.close();
    }
  };
  try {
    await sleep(WARM_UP_MS);
    for (let i = 0; i < windows; i++) {
      // By turns, and each first as often as second.
      for (const count of i % 2 === 0 ? [0, pages] : [pages, 0]) await look(count);
    }
  } finally {
    await browser?.close();
    await studio.stop();
  }
  return costOf(all, pages);
}

/** A window, for people. */
export function windowLine({ pages, rate, main }: Window): string {
  return (
    `${String(pages).padStart(3)} pages  ${rate.toFixed(0).padStart(8)} messages/s  ` +
    `main thread ${(main * 100).toFixed(1)} %\n`
  );
}

/** What came out, for people. */
export function costText(cost: Cost): string {
  const [low, high] = cost.quartiles;
  return (
    `\nwithout pages ${cost.without.toFixed(0)} messages/s, with ${cost.pages} pages ` +
    `${cost.with.toFixed(0)} messages/s (medians of ${cost.windows} windows each)\n` +
    `ratio ${cost.ratio.toFixed(3)}, quartiles of neighbours ${low.toFixed(3)} to ` +
    `${high.toFixed(3)}\nmain thread ${(cost.mainWithout * 100).toFixed(1)} % of a processor ` +
    `without, ${(cost.mainWith * 100).toFixed(1)} % with; ` +
    `the readers ${(cost.readers * 100).toFixed(1)} %\n`
  );
}
