/**
 * A browser for tests of the page: Debian's Chromium, driven by playwright-core, which brings none.
 *
 * Where there is no Chromium the tests are skipped, and say so; in .ci/run that is a failure.
 */
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import axe from "axe-core";
import type { Browser, Locator, Page } from "playwright-core";
import test, { type Test } from "tape";
import { findChromium, launchChromium } from "./chromium.js";

const PICTURES = join(import.meta.dirname, "../../../../.cache/page");

/** How long to wait for what is to be seen, on a machine that may be busy. */
const PATIENCE_MS = 120_000;

/** What went wrong inside a page: errors on its console, and exceptions. */
export type Complaints = readonly string[];

export interface Window {
  readonly page: Page;
  readonly complaints: Complaints;
}

export interface WindowOptions {
  readonly width: number;
  readonly theme: "light" | "dark";
}

/** One browser for the tests of a file. */
export class TestBrowser {
  readonly #browser: Browser;

  constructor(browser: Browser) {
    this.#browser = browser;
  }

  /** A page of its own: nothing that another one has kept is there. */
  async open(address: string, { width, theme }: WindowOptions): Promise<Window> {
    const page = await this.#browser.newPage({
      viewport: { width, height: 900 },
      colorScheme: theme,
      acceptDownloads: true,
    });
    page.setDefaultTimeout(PATIENCE_MS);
    const complaints: string[] = [];
    page.on("console", (message) => {
      if (message.type() === "error") complaints.push(message.text());
    });
    page.on("pageerror", (error) => complaints.push(String(error)));
    await page.goto(address);
    return { page, complaints };
  }

  async close(): Promise<void> {
    await this.#browser.close();
  }
}

/** A test with a browser. `close` is called when it has ended. */
export function browserTest(
  title: string,
  run: (t: Test, browser: TestBrowser) => Promise<void>,
): void {
  test(title, async (t) => {
    if (findChromium() === undefined) {
      t.skip("no Chromium in PATH: apt install chromium");
      return;
    }
    const browser = new TestBrowser(await launchChromium());
    t.teardown(() => browser.close());
    await run(t, browser);
  });
}

/** What makes the page wider than its window: nothing, if it is not. */
export function overflowOf(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const { scrollWidth, clientWidth } = document.documentElement;
    if (scrollWidth === clientWidth) return [];
    const wide = [...document.querySelectorAll("body *")].filter(
      (element) => element.getBoundingClientRect().right > clientWidth,
    );
    return wide.map(({ tagName, id, className }) => `${tagName} ${id} ${String(className)}`);
  });
}

/** Serious findings of axe-core, in words. */
export async function barriersIn(page: Page): Promise<string[]> {
  // The page's own policy forbids a script element; what the debugger runs is not asked.
  await page.evaluate(axe.source);
  const { violations } = await page.evaluate(() => {
    const { axe: inPage } = globalThis as unknown as { axe: typeof axe };
    return inPage.run();
  });
  return violations
    .filter(({ impact }) => impact === "serious" || impact === "critical")
    .map(({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target.join(" ")).join(", ")}`);
}

/** Keeps a picture of the whole page, or of a part of it, for a person to look at. */
export async function keepPicture(of: Page | Locator, name: string): Promise<void> {
  await mkdir(PICTURES, { recursive: true });
  const path = join(PICTURES, `${name}.png`);
  await of.screenshot("goto" in of ? { path, fullPage: true } : { path });
}
