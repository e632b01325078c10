/**
 * `npm run docs:pictures`: takes the pictures of docs/studio.md, of a weather station that runs.
 * They are another each time, so no test compares them. It needs a Chromium in PATH, and a build.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync } from "node:fs";
import { createInterface } from "node:readline";
import { join } from "node:path";
import { chromium, type Page } from "playwright-core";

const ROOT = join(import.meta.dirname, "../..");
const FOLDER = join(ROOT, "docs/studio");
const COMMAND = join(ROOT, "dist/node/hosts/node/cli/main.js");
const CHROMIUM = process.env["CHROMIUM"] ?? "/usr/bin/chromium";
const WIDTH = 1280;
/** The verdict, the board, the timeline and the tasks; and without the timeline. */
const HEIGHT = 510;
const HEIGHT_OF_BOARD = 345;
/** Until there is something to see in the timeline, and after what is to be shown. */
const RUN_MS = 8_000;
const KILLED_MS = 700;
const HUNG_MS = 1_400;

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

async function picture(address: string): Promise<void> {
  const browser = await chromium.launch({ executablePath: CHROMIUM, args: ["--no-sandbox"] });
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
  } finally {
    await browser.close();
  }
}

mkdirSync(FOLDER, { recursive: true });
const dev = spawn(process.execPath, [COMMAND, "dev", "examples/weather-station"], {
  cwd: ROOT,
  stdio: ["ignore", "pipe", "ignore"],
});
for await (const line of createInterface({ input: dev.stdout })) {
  const [address] = /http:\S+/.exec(line) ?? [];
  if (address === undefined) continue;
  await picture(address);
  dev.kill("SIGINT");
  await once(dev, "exit");
  break;
}
