/**
 * The page of the real `reattach dev`, as a person uses it: the weather station, its sensor killed
 * with the button, and what is to be seen of that.
 */
import type { Page } from "playwright-core";
import { barriersIn, browserTest, keepPicture, overflowOf } from "./browser.js";
import { startDev } from "./dev-process.js";

/** A number of the four sums beside the verdict. */
async function sum(page: Page, name: string): Promise<string> {
  return (await page.textContent(`.sum div:has(dt:text-is("${name}")) dd`)) ?? "";
}

/** What the details say of the selected task. */
async function fact(page: Page, name: string): Promise<number> {
  const text = await page.textContent(`.details dl div:has(dt:text-is("${name}")) dd`);
  return Number((text ?? "").replaceAll(",", ""));
}

browserTest(
  "reattach dev: a task is killed with its button, and its clients recover",
  async (t, browser) => {
    const dev = await startDev("examples/weather-station");
    t.teardown(() => dev.stop());
    const { page, complaints } = await browser.open(dev.address, { width: 1280, theme: "light" });
    await page.waitForSelector('#tasks tr[data-task="display"]');
    const names = await page.locator("#tasks tbody th").allTextContents();
    t.deepEqual(names, ["main", "sensor", "store", "station", "display"], "the tasks are there");

    await page.click('tr[data-task="sensor"]');
    await page.waitForFunction(() => {
      const terms = [...document.querySelectorAll(".details dt")];
      const received = terms.find(({ textContent }) => textContent === "received");
      return Number(received?.nextElementSibling?.textContent?.replaceAll(",", "")) > 0;
    });
    const before = {
      deaths: Number(await sum(page, "deaths")),
      lives: await fact(page, "generation"),
    };
    await page.click('[data-act="kill"]');
    await page.waitForFunction(
      (deaths) =>
        document.querySelector(".sum div:nth-child(2) dd")?.textContent === String(deaths),
      before.deaths + 1,
    );
    t.pass("the crash is counted");
    await page.keyboard.press("Escape");
    await page.fill("#log-words", "recovered");
    await page.waitForSelector('#lines li:has(.whose:text-is("station"))');
    // The log hears of it at once, the sum with the next frame.
    await page.waitForFunction(
      () => document.querySelector(".sum div:nth-child(3) dd")?.textContent !== "0",
    );
    t.ok(Number(await sum(page, "recoveries")) > 0, "its client recovers");
    const lines = await page.locator("#lines .text").allTextContents();
    t.ok(
      lines.every((line) => line.includes("recovered")),
      "the log shows what the filter says",
    );
    await page.click('tr[data-task="sensor"]');
    await page.waitForFunction(
      (lives) =>
        document.querySelector(".details dl div:nth-child(2) dd")?.textContent === String(lives),
      before.lives + 1,
    );
    t.pass("another incarnation answers");

    await page.selectOption('[aria-label="What to strike"]', "store");
    await page.selectOption('[aria-label="When"]', "message");
    await page.fill('#fault-form [name="number"]', "3");
    await page.click('#fault-form button[type="submit"]');
    await page.waitForSelector('.plan li:has-text("kill:store@message:3"):has-text("struck once")');
    t.pass("a fault strikes at the third message");
    await page.waitForSelector('.verdict[data-level="well"]');

    for (const width of [1280, 390]) {
      await page.setViewportSize({ width, height: 900 });
      t.deepEqual(await overflowOf(page), [], `${width} pixels: as wide as its window`);
      await keepPicture(page, `station-${width}`);
    }
    t.deepEqual(await barriersIn(page), [], "axe-core finds nothing serious");
    t.deepEqual(complaints, [], "nothing on the console");
    t.equal(await dev.stop(), 0, "Ctrl-C ends it well");
  },
);

browserTest("reattach dev: a page of a simulator that has ended says so", async (t, browser) => {
  const dev = await startDev("examples/weather-station");
  const { page } = await browser.open(dev.address, { width: 1280, theme: "dark" });
  await page.waitForSelector("#tasks tbody tr");
  await dev.stop();
  await page.waitForSelector('.live[data-is="lost"]');
  t.ok(await page.isDisabled('[data-act="kill"]'), "and takes no more orders");
});
