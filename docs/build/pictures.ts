/**
 * `npm run docs:pictures`: takes the pictures of docs/studio.md, of a weather station that runs.
 * They are another each time, so no test compares them. It needs a Chromium in PATH, and a build.
 */
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { Locator, Page } from "playwright-core";
import { launchChromium } from "../../test/hosts/node/page/chromium.js";
import { startDev } from "../../test/hosts/node/page/dev-process.js";

const ROOT = join(import.meta.dirname, "../..");
const FOLDER = join(ROOT, "docs/studio");
const WIDTH = 1280;
/** The verdict, the board, the timeline and the tasks; and without the timeline. */
const HEIGHT = 510;
const HEIGHT_OF_BOARD = 345;
/** Until there is something to see in the timeline, and after what is to be shown. */
const RUN_MS = 8_000;
const KILLED_MS = 700;
const HUNG_MS = 1_400;
/** A restart of what hung, and calm after it. */
const CALM_MS = 4_000;
/** There may be too many messages to show: then closer, so often, with this time to look. */
const CLOSER_MAX = 8;
const CLOSER_MS = 600;
/** Where nobody reads the sensor just then: somewhere else, so often. */
const STILL_MAX = 5;
/** The message that is picked, in the order of the list. */
const SHOWN = 2;
const FOLLOW = '#timeline button:text-is("Follow")';

/** Does something to a task with its button. */
async function order(page: Page, task: string, action: string): Promise<void> {
  const row = `tr[data-task="${task}"]`;
  await page.click(row);
  await page.click(`[data-act="${action}"]`);
  // No task is selected any more.
  await page.click(row);
  await page.mouse.move(0, 0);
}

async function take(page: Page, name: string, height: number): Promise<void> {
  const clip = { x: 0, y: 0, width: WIDTH, height };
  await page.screenshot({ path: join(FOLDER, `${name}.png`), clip });
}

/** Stands still, close enough to see messages; those that read the sensor. */
async function standStill(page: Page): Promise<Locator> {
  await page.click('#timeline button:text-is("0.1 s")');
  await page.waitForSelector("#timeline .note");
  await page.click(FOLLOW);
  const reads = page.locator('.messages tr:has(td:text-is("sensor.read"))');
  for (let closer = 0; closer < CLOSER_MAX; closer++) {
    await page.waitForTimeout(CLOSER_MS);
    if ((await reads.count()) > SHOWN) break;
    await page.click('#timeline button[aria-label="Closer"]');
  }
  return reads;
}

/** Stands still close by, and picks a message in the middle. */
async function showMessage(page: Page): Promise<void> {
  await page.setViewportSize({ width: WIDTH, height: 2 * HEIGHT });
  let reads = await standStill(page);
  for (let tries = 1; (await reads.count()) <= SHOWN && tries < STILL_MAX; tries++) {
    await page.click(FOLLOW);
    reads = await standStill(page);
  }
  await reads.nth(SHOWN).click();
  await page.waitForSelector(".message .fields");
  await page.mouse.move(0, 0);
}

async function picture(address: string): Promise<void> {
  const browser = await launchChromium();
  try {
    const page = await browser.newPage({ viewport: { width: WIDTH, height: HEIGHT } });
    await page.goto(address);
    await page.waitForTimeout(RUN_MS);
    await order(page, "sensor", "kill");
    await page.waitForTimeout(KILLED_MS);
    await take(page, "killed", HEIGHT);
    await page.emulateMedia({ colorScheme: "dark" });
    await order(page, "store", "hang");
    await page.waitForTimeout(HUNG_MS);
    await take(page, "hung", HEIGHT_OF_BOARD);
    await page.emulateMedia({ colorScheme: "light" });
    await order(page, "store", "restart");
    await page.waitForTimeout(CALM_MS);
    await showMessage(page);
    await page.locator("#timeline").screenshot({ path: join(FOLDER, "messages.png") });
  } finally {
    await browser.close();
  }
}

mkdirSync(FOLDER, { recursive: true });
const dev = await startDev("examples/weather-station");
try {
  await picture(dev.address);
} finally {
  await dev.stop();
}
