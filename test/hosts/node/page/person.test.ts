/**
 * The page of the real `reattach dev` as somebody uses it who writes an application: a file is
 * saved, and saved with a mistake; a fault is planned, its scenario saved and run again; numbers
 * are looked at; every view is there at both widths.
 */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Page } from "playwright-core";
import type { Test } from "tape";
import { reattach } from "../run-process.js";
import { folderOf } from "../temp-folder.js";
import { browserTest, keepPicture, overflowOf } from "./browser.js";
import { startDev } from "./dev-process.js";

const LIBRARY = fileURLToPath(new URL("../../../../manifest.json", import.meta.url));

function greeter(version: number): string {
  return `import { MsgReceive, MsgReply, name_attach } from "reattach";
export function main() {
  const message = new Uint8Array(16);
  const chid = name_attach(null, "greeter", 0);
  console.log("greeter has version ${version}");
  for (;;) MsgReply(MsgReceive(chid, message, 16, null), 0, message, 1);
}
`;
}

const CLIENT = `import { delay, ha_open, MsgSend, restartRecovery } from "reattach";
export function main() {
  const message = new Uint8Array(16);
  const coid = ha_open("greeter", 0, restartRecovery("greeter"), null, 0);
  for (;;) {
    const status = MsgSend(coid, message, 1, message, 1);
    if (status !== 0) console.error("lost: " + status);
    delay(5);
  }
}
`;

function appIn(t: Test): string {
  return folderOf(t, {
    "manifest.json": {
      include: [LIBRARY],
      modules: { "*": ["./greeter", "./client"] },
      config: {
        reattach: {
          tasks: {
            greeter: { module: "greeter", services: ["greeter"], restart: { backoff_ms: 0 } },
            client: { module: "client", dependsOn: ["greeter"] },
          },
        },
      },
    },
    "greeter.js": greeter(1),
    "client.js": CLIENT,
  });
}

async function untilLogged(page: Page, text: string): Promise<void> {
  await page.waitForSelector(`#lines .text:has-text("${text}")`);
}

/** One of the sums beside the verdict. */
async function sum(page: Page, name: string): Promise<string | null> {
  return page.textContent(`.sum div:has(dt:text-is("${name}")) dd`);
}

/** Pictures of all views, each by itself, at both widths. */
async function keepViews(t: Test, page: Page): Promise<void> {
  const views = await page.locator("section.panel").all();
  t.ok(views.length >= 7, `${views.length} views`);
  for (const width of [1280, 390]) {
    await page.setViewportSize({ width, height: 900 });
    t.deepEqual(await overflowOf(page), [], `${width} pixels: as wide as its window`);
    await keepPicture(page, `views-${width}`);
    for (const view of views) {
      const name = await view.getAttribute("id");
      await keepPicture(view, `view-${name}-${width}`);
    }
  }
}

browserTest(
  "reattach dev: files are edited, faults planned, saved and run again",
  async (t, browser) => {
    const folder = appIn(t);
    const dev = await startDev(folder);
    t.teardown(() => dev.stop());
    const { page, complaints } = await browser.open(dev.address, { width: 1280, theme: "light" });

    await untilLogged(page, "greeter has version 1");
    writeFileSync(join(folder, "greeter.js"), greeter(2));
    await untilLogged(page, "greeter has version 2");
    t.equal(await sum(page, "deaths"), "0", "a saved file is a restart and no death");
    writeFileSync(join(folder, "greeter.js"), "export functionmain() {}");
    await untilLogged(page, "Unexpected");
    t.equal(await page.locator('#tasks tr[data-task="greeter"]').count(), 1, "and runs on");

    await page.selectOption("[aria-label='What to strike']", "greeter");
    await page.selectOption("[aria-label='Fault']", "kill");
    await page.fill('#fault-form [name="every"]', "200ms");
    await page.click('#fault-form button[type="submit"]');
    await page.waitForSelector(".plan li:has-text('struck'):not(:has-text('struck 0'))");
    const [download] = await Promise.all([
      page.waitForEvent("download"),
      page.click("text=Save scenario"),
    ]);
    const scenario = join(folder, "storm.json");
    await download.saveAs(scenario);
    writeFileSync(join(folder, "greeter.js"), greeter(3));
    await untilLogged(page, "greeter has version 3");

    await keepViews(t, page);
    t.equal(await page.locator("#lines .text:has-text('lost:')").count(), 0, "nothing is lost");
    t.deepEqual(complaints, [], "nothing on the console");

    const { origin, hash } = new URL(dev.address);
    await page.goto(`${origin}/metrics?token=${hash.slice(1)}`);
    const numbers = (await page.textContent("body")) ?? "";
    const [, crashes = "0"] =
      /^reattach_crashes_total\{task="greeter"\} (\d+)$/m.exec(numbers) ?? [];
    t.ok(Number(crashes) > 0, `/metrics counts ${crashes} crashes`);
    t.equal(await dev.stop(), 0, "Ctrl-C ends it well");

    const run = reattach(["run", folder, "--scenario", scenario, "--duration", "10s", "--json"]);
    const { code, stdout } = await run.ended;
    const { seed, injected } = JSON.parse(stdout) as { seed: number; injected: number };
    t.equal(code, 0, "the scenario runs by itself");
    t.ok(injected > 0, `and strikes ${injected} times, seed ${seed}`);
  },
);
