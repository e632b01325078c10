/**
 * The built page in a browser, playing scenes: that it is readable at both widths and in both
 * themes, for eyes and for screen readers; that it shows what is wrong, and asks for what is
 * clicked.
 */
import { readFile } from "node:fs/promises";
import type { Test } from "tape";
import type { Answer, Request } from "../../../../hosts/node/watch/protocol.js";
import {
  barriersIn,
  browserTest,
  keepPicture,
  overflowOf,
  type TestBrowser,
  type Window,
} from "./browser.js";
import { type Cast, Play } from "./play.js";
import { ReplayServer } from "./replay-server.js";

/**
 * A plant of sixteen tasks: sensors on a bus, loops that read them, a journal that all write to.
 */
const PLANT: Cast = {
  names: ["main", "bus", "journal", "valve", "pump", "alarm", "recipe", "batch", "panel"].concat(
    ["temperature", "pressure", "flow"].flatMap((name) => [`adc-${name}`, `loop-${name}`]),
    ["gateway-to-the-office", "audit"],
  ),
  asks: [
    ...["temperature", "pressure", "flow"].flatMap((name): [string, string][] => [
      [`adc-${name}`, "bus"],
      [`loop-${name}`, `adc-${name}`],
      [`loop-${name}`, "valve"],
      [`loop-${name}`, "journal"],
    ]),
    ["valve", "bus"],
    ["pump", "bus"],
    ["alarm", "adc-temperature"],
    ["recipe", "batch"],
    ["batch", "recipe"],
    ["panel", "recipe"],
    ["panel", "alarm"],
    ["gateway-to-the-office", "batch"],
    ["audit", "journal"],
  ],
};

/** A deadlock, a task that is dead, one that is held, a recovery, and what they have said. */
function troubled(): Play {
  const play = new Play(PLANT).show({}, 3000);
  play.tell({
    what: "log",
    task: "panel",
    level: "warn",
    text: "a long line without an end ".repeat(12),
  });
  play.kill("pump").kill("bus").tell({ what: "order", order: "hold", task: "pump", by: "page" });
  play.tell({ what: "deadlock", tasks: ["recipe", "batch"] });
  return play.show(
    {
      doing: {
        recipe: ["SEND", "batch"],
        batch: ["SEND", "recipe"],
        panel: ["SEND", "recipe"],
        pump: "HELD",
        bus: "DEAD",
        "adc-flow": ["RECOVERING", "bus"],
        "loop-flow": ["REPLY", "adc-flow"],
      },
      rows: { pump: { isHeld: true }, bus: { startsIn_ms: 1200, restarts: 3 } },
      counters: { "loop-flow": { sent: 1_234_567 } },
      frame: {
        net: {
          board: "plant",
          isBrokerThere: true,
          boards: [
            { board: "office", services: ["log", "a-service-whose-name-takes-room".repeat(8)] },
            { board: "home", services: null },
          ],
          refused: { malformed: 3, strange: 0 },
          exports: { calls: 0, repeats: 0, refused: 1 },
          imports: { calls: 0, retries: 0, late: 0 },
        },
        faults: {
          seed: 7,
          rules: [{ id: 1, fault: "kill:gateway-to-the-office:2s", struck: 3 }],
          tasks: PLANT.names.slice(1),
          parts: ["i2c.0x48"],
        },
      },
    },
    2600,
  );
}

const done = (): Answer => ({ ok: true, value: null });

/** Opens the page on a play; all of it ends with the test. */
async function show(
  t: Test,
  browser: TestBrowser,
  play: Play,
  {
    width = 1280,
    theme = "light" as "light" | "dark",
    answer = done as (r: Request) => Answer,
  } = {},
): Promise<Window & { readonly server: ReplayServer }> {
  const server = new ReplayServer(play.messages, answer);
  t.teardown(() => server.close());
  const window = await browser.open(await server.listen(), { width, theme });
  await window.page.waitForSelector("#tasks tbody tr");
  return { ...window, server };
}

for (const width of [1280, 390]) {
  for (const theme of ["light", "dark"] as const) {
    browserTest(
      `page: ${width} pixels, ${theme}: nothing overflows, no barriers`,
      async (t, browser) => {
        const { page, complaints } = await show(t, browser, troubled(), { width, theme });
        await page.waitForFunction(() => document.querySelector("h1")?.textContent !== "…");
        t.deepEqual(await overflowOf(page), [], "as wide as its window");
        t.deepEqual(await barriersIn(page), [], "axe-core finds nothing serious");
        await keepPicture(page, `plant-${width}-${theme}`);
        t.deepEqual(complaints, [], "nothing on the console");
      },
    );
  }
}

browserTest(
  "page: the verdict says what is wrong, for eyes and for screen readers",
  async (t, browser) => {
    const { page } = await show(t, browser, troubled());
    await page.waitForSelector('.verdict[data-level="bad"]');
    const head = await page.textContent(".verdict h1");
    t.ok(head?.startsWith("Deadlock for 2.6 s: recipe → batch → recipe, and "), head ?? "");
    t.equal(await page.textContent(".verdict [role=status]"), "recipe is in a deadlock");
    t.equal(await page.title(), "⟲ recipe is in a deadlock");
    t.equal(await page.locator('.wire[data-kind="ring"]').count(), 2, "both wires are in the ring");
    t.equal(await page.locator('.wire[data-kind="heal"]').count(), 1, "and one is being mended");
  },
);

browserTest("page: other boards, where there is a net", async (t, browser) => {
  const { page } = await show(t, browser, troubled());
  await page.waitForSelector("#others tbody tr");
  t.equal(
    await page.textContent("#others .hint"),
    "of plant: the broker is there, 4 frames refused",
  );
  const [office, home] = await page.locator("#others tbody tr").allTextContents();
  t.match(office ?? "", /^officeherelog a-service/);
  t.equal(home, "homegone");
  const { page: alone } = await show(t, browser, new Play().show({}, 400));
  t.equal(await alone.locator("#others").count(), 0);
});

browserTest("page: a task's buttons ask for it, and a refusal is shown", async (t, browser) => {
  const answer = ({ call }: Request): Answer =>
    call === "hang" ? { ok: false, refusal: "FAILED", error: "bus is dead" } : done();
  const { page, server } = await show(t, browser, troubled(), { answer });
  await page.click('tr[data-task="bus"]');
  await page.click('[data-act="kill"]');
  await page.click('[data-act="hang"]');
  await page.waitForFunction(
    () => document.querySelector(".notice")?.textContent === "bus is dead",
  );
  await page.click('tr[data-task="pump"]');
  await page.click('[data-act="release"]');
  t.deepEqual(server.asked, [
    { call: "kill", task: "bus" },
    { call: "hang", task: "bus" },
    { call: "release", task: "pump" },
  ]);
});

browserTest(
  "page: the keyboard alone selects, moves, filters and looks back",
  async (t, browser) => {
    const { page, complaints } = await show(t, browser, troubled());
    await page.keyboard.press("1");
    await page.keyboard.press("ArrowDown");
    const picked = (): Promise<string | null> =>
      page.locator("tr[data-selected]").getAttribute("data-task");
    t.equal(await picked(), "bus");
    await page.keyboard.press("Escape");
    t.equal(await page.locator("tr[data-selected]").count(), 0);
    await page.keyboard.press("2");
    await page.keyboard.press("Enter");
    t.equal(await page.locator('.node[aria-pressed="true"]').count(), 1, "a box of the board");
    await page.keyboard.press("Escape");
    await page.keyboard.press("/");
    await page.keyboard.type("died");
    await page.waitForFunction(() => document.querySelectorAll("#lines li").length === 2);
    t.ok((await page.textContent("#lines"))?.includes("killed"), "the log shows both deaths");
    await page.keyboard.press("Escape");
    await page.keyboard.press("p");
    t.equal(await page.textContent(".live"), "looking back");
    await page.keyboard.press("?");
    await page.waitForSelector("dialog[open]");
    t.deepEqual(complaints, []);
  },
);

/** Forty-two connections: each of seven clients asks six servers. */
const CROWD: Cast = {
  names: ["main"].concat(
    Array.from({ length: 6 }, (_, i) => `server-${i}`),
    Array.from({ length: 7 }, (_, i) => `client-${i}`),
  ),
  asks: Array.from({ length: 42 }, (_, i) => [`client-${i % 7}`, `server-${i % 6}`] as const),
};

browserTest(
  "page: of many connections only those that wait are drawn, and the selected task's",
  async (t, browser) => {
    const waiting = { doing: { "client-2": ["REPLY", "server-1"] } } as const;
    const { page } = await show(t, browser, new Play(CROWD).show(waiting, 2_000));
    const wires = page.locator("#board .wire");
    await page.waitForSelector('.wire[data-kind="reply"]');
    t.equal(await wires.count(), 1, "the one that waits");
    t.match(
      String(await page.textContent("#board .hint")),
      /42 connections: those of the selected task/,
    );
    await page.click('tr[data-task="server-3"]');
    await page.waitForSelector(".wire[data-near]");
    t.equal(await page.locator(".wire[data-near]").count(), 7, "those of the selected server");
    t.equal(await wires.count(), 8, "and the one that waits");
    await page.keyboard.press("Escape");
    await page.waitForFunction(() => document.querySelectorAll("#board .wire").length === 1);

    const forty = { ...CROWD, asks: CROWD.asks.slice(0, 40) };
    const { page: other } = await show(t, browser, new Play(forty).show({}, 2_000));
    await other.waitForSelector("#board .wire");
    t.equal(await other.locator("#board .wire").count(), 40, "forty are drawn");
  },
);

browserTest("page: what tasks write is text, never markup", async (t, browser) => {
  const evil = `<img src=x onerror="document.title='taken'"><script>1</script>`;
  const play = new Play().show({}, 400);
  play.tell({ what: "log", task: "station", level: "info", text: evil });
  const { page, complaints } = await show(t, browser, play.show({}, 400));
  await page.waitForFunction(() => document.querySelector("#lines .text") !== null);
  t.equal(await page.textContent("#lines .text"), evil);
  t.equal(await page.locator("#lines img, #lines script").count(), 0);
  t.notEqual(await page.title(), "taken");
  t.deepEqual(complaints, []);
});

browserTest("page: the fault lab adds, stops and saves", async (t, browser) => {
  const scenario = { seed: 7, faults: ["kill:bus:2s"] };
  const answer = ({ call }: Request): Answer =>
    call === "scenario" ? { ok: true, value: scenario } : done();
  const { page, server } = await show(t, browser, troubled(), { answer });
  await page.selectOption("#fault-form select >> nth=0", "i2c.0x48");
  await page.selectOption("#fault-form select >> nth=1", "nack");
  await page.fill('#fault-form [name="every"]', "2s");
  await page.click('#fault-form button[type="submit"]');
  await page.click(".plan button");
  await page.selectOption("#fault-form select >> nth=0", "bus");
  t.equal(await page.inputValue("#fault-form select >> nth=1"), "kill", "what a task can have");
  await page.selectOption("#fault-form select >> nth=1", "hold");
  await page.fill('#fault-form [name="times"]', "300ms");
  await page.click("text=Once, now");
  await page.click('#fault-form button[type="submit"]');
  const [download] = await Promise.all([
    page.waitForEvent("download"),
    page.click("text=Save scenario"),
  ]);
  t.deepEqual(JSON.parse(await readFile(await download.path(), "utf8")), scenario);
  t.deepEqual(server.asked, [
    { call: "addFault", fault: "nack:i2c.0x48:2s" },
    { call: "removeFault", id: 1 },
    { call: "strike", fault: "hold=300ms:bus" },
    { call: "addFault", fault: "hold=300ms:bus:2s" },
    { call: "scenario" },
  ]);
  t.equal(
    await page.textContent(".command code"),
    "npx reattach run station --fault kill:gateway-to-the-office:2s --seed 7",
  );
});

browserTest("page: without its token it says what to do", async (t, browser) => {
  const server = new ReplayServer(new Play().show({}, 200).messages, done);
  t.teardown(() => server.close());
  const address = (await server.listen()).replace(/#.*/, "");
  const { page } = await browser.open(address, { width: 1280, theme: "light" });
  await page.waitForSelector("text=This address lacks its token");
  t.pass("and shows no board");
});

browserTest("page: the token leaves the address bar, and survives a reload", async (t, browser) => {
  const { page } = await show(t, browser, troubled());
  t.notOk(page.url().includes("#"), page.url());
  await page.reload();
  await page.waitForSelector("#tasks tbody tr");
  t.pass("the board is there again");
});
