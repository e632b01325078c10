/**
 * Messages in the timeline: as arrows, as a list, and one of them with what it holds; of a play, at
 * both widths and in both themes, and of the real weather station.
 */
import type { Page } from "playwright-core";
import test, { type Test } from "tape";
import {
  arrowsOf,
  covers,
  hexWords,
  isWhole,
  messageAt,
  outcomeWords,
  tookWords,
  united,
  valueWords,
} from "../../../../hosts/node/page/model/messages.js";
import type { MessageRow } from "../../../../hosts/node/watch/message-window.js";
import type { Answer, Request, WatchMessage } from "../../../../hosts/node/watch/protocol.js";
import { barriersIn, browserTest, keepPicture, overflowOf, type TestBrowser } from "./browser.js";
import { startDev } from "./dev-process.js";
import { Patience } from "../../../patience.js";
import { folderOf } from "../temp-folder.js";
import { THERMO } from "../watch/thermo.js";
import { Play } from "./play.js";
import { ReplayServer } from "./replay-server.js";

function message(number: number, at_ms: number, more: Partial<MessageRow> = {}): MessageRow {
  return {
    id: String(number),
    client: "station",
    server: "sensor",
    number,
    attempt: 1,
    coid: 3,
    sent_ms: at_ms,
    received_ms: at_ms + 10,
    replied_ms: at_ms + 40,
    ended_ms: at_ms + 50,
    outcome: "returned",
    result: 0,
    service: "sensor",
    name: "read",
    request: { bytes: 8, hex: "c17a22062e050000", values: { number: 1326 } },
    reply: { bytes: 4, hex: "2e050000", values: { at: { x: 1, all: [2, "three"] } } },
    ...more,
  };
}

const NAMES = ["sensor", "station", "display"];
const PLACE = { span: { from_ms: 1_000, to_ms: 1_100 }, width: 1_000, height: 20 };

test("arrows: there, along, and back; none for what has not been", (t) => {
  const kinds = (row: MessageRow): string[] =>
    arrowsOf([row], NAMES).map(({ kind, from, to, from_ms, to_ms }) => {
      return `${kind} ${from}>${to} ${from_ms}-${to_ms}`;
    });
  const open = { replied_ms: null, ended_ms: null, outcome: "open" } as const;
  t.deepEqual(kinds(message(1, 1_000)), [
    "message 1>0 1000-1010",
    "handling 0>0 1010-1040",
    "reply 0>1 1040-1050",
  ]);
  t.deepEqual(kinds(message(1, 1_000, open)), ["message 1>0 1000-1010"]);
  t.deepEqual(kinds(message(1, 1_000, { ...open, received_ms: null })), []);
  t.deepEqual(kinds(message(1, 1_000, { sent_ms: null })).length, 2, "of the main VM");
  t.deepEqual(kinds(message(1, 1_000, { outcome: "died" })).length, 2, "answered in vain");
  t.deepEqual(kinds(message(1, 1_000, { client: "gone" })), [], "it has no lane");
  t.end();
});

test("arrows: the nearest one is under the pointer, and far from all of them none", (t) => {
  const arrows = arrowsOf([message(1, 1_000), message(2, 1_050)], NAMES);
  const under = (x: number, y: number): string => messageAt(arrows, PLACE, x, y)?.id ?? "";
  t.equal(under(50, 20), "1", "halfway there");
  t.equal(under(250, 12), "1", "while it is handled");
  t.equal(under(450, 20), "1", "halfway back");
  t.equal(under(550, 20), "2");
  t.equal(under(250, 30), "", "below");
  t.equal(messageAt([], PLACE, 0, 0), null);
  t.end();
});

test("messages: what was heard once is kept while the simulator forgets it", (t) => {
  const whole = (from_ms: number, rows: readonly MessageRow[], known_ms: number) => {
    return { from_ms, to_ms: 2_000, messages: rows, total: rows.length, known_ms };
  };
  const open = message(3, 1_300, { outcome: "open", replied_ms: null, ended_ms: null });
  const earlier = whole(1_000, [message(1, 1_000), message(2, 1_200), open], 900);
  const later = whole(1_100, [message(3, 1_300), message(4, 1_400)], 1_300);
  const { messages, total, known_ms, from_ms } = united(earlier, later);
  t.deepEqual(
    messages.map(({ number, outcome }) => `${number} ${outcome}`),
    ["2 returned", "3 returned", "4 returned"],
  );
  t.deepEqual([total, known_ms, from_ms], [3, 900, 1_100]);
  const many = { ...later, total: 999 };
  t.equal(united(earlier, many), many, "there are too many now");
  t.ok(covers(earlier, { from_ms: 1_000, to_ms: 2_000 }));
  t.notOk(covers(earlier, { from_ms: 999, to_ms: 2_000 }));
  t.end();
});

test("words: how a message ended, what it held, and what is not known", (t) => {
  t.equal(tookWords(message(1, 1_000)), "50 ms");
  t.equal(tookWords(message(1, 1_000, { ended_ms: null })), "–");
  const words = [
    outcomeWords(message(1, 0, { result: 7 })),
    outcomeWords(message(1, 0, { result: null })),
    outcomeWords(message(1, 0, { outcome: "failed", result: 3 })),
    outcomeWords(message(1, 0, { outcome: "died" })),
    outcomeWords(message(1, 0, { outcome: "open" })),
    outcomeWords(message(1, 0, { outcome: "open", received_ms: null })),
  ];
  t.deepEqual(words, [
    "status 7",
    "answered",
    "errno 3",
    "its client died",
    "not answered",
    "not received",
  ]);
  t.equal(valueWords({ x: 1, all: [2, "thr\nee", true] }), '{ x: 1, all: [2, "thr\\nee", true] }');
  t.equal(hexWords({ bytes: 6, hex: "0011223344", values: null }), "00112233 44 …");
  t.equal(hexWords({ bytes: 6, hex: null, values: null }), "not kept any more");
  t.notOk(isWhole({ total: 2, messages: [], from_ms: 0, to_ms: 1, known_ms: 0 }));
  t.end();
});

/** A board that is traced; its messages are those of `rows` that touch what is asked for. */
async function show(
  t: Test,
  browser: TestBrowser,
  rows: readonly MessageRow[],
  { width = 1280, theme = "light" as "light" | "dark", total = 0 } = {},
) {
  const play = new Play().show({ doing: { station: ["REPLY", "sensor"] } }, 3_000);
  const messages = play.messages.map((each): WatchMessage => {
    return each.type === "welcome" ? { ...each, isTraced: true } : each;
  });
  const answer = (request: Request): Answer => {
    if (request.call !== "messages") return { ok: true, value: null };
    const { from_ms, to_ms } = request;
    const found = rows.filter(({ sent_ms, ended_ms }) => {
      return (ended_ms ?? Infinity) >= from_ms && (sent_ms ?? 0) <= to_ms;
    });
    const value = { from_ms, to_ms, known_ms: 2_500, total: total + found.length, messages: found };
    return { ok: true, value };
  };
  const server = new ReplayServer(messages, answer);
  t.teardown(() => server.close());
  const window = await browser.open(await server.listen(), { width, theme });
  await window.page.waitForSelector("#tasks tbody tr");
  return { ...window, server };
}

const ROWS = [
  message(41, 2_560),
  message(42, 2_700, { outcome: "failed", result: 22, reply: null }),
  message(43, 2_800, { client: "display", server: "station", service: "", name: "" }),
  message(44, 2_900, { ended_ms: null, replied_ms: null, outcome: "open", reply: null }),
];

/** Resolves when what has happened so far is to be seen. */
const PAINTED = "new Promise((end) => requestAnimationFrame(() => requestAnimationFrame(end)))";

/** Stands still at a second that has messages. */
async function comeClose(page: Page): Promise<void> {
  await page.click('#timeline button:text-is("1 s")');
  await page.waitForSelector("#timeline .note");
  await page.click('#timeline button:text-is("Follow")');
  await page.waitForSelector(".messages tbody tr");
}

for (const width of [1280, 390]) {
  for (const theme of ["light", "dark"] as const) {
    browserTest(
      `messages: ${width} pixels, ${theme}: a list, and one of them`,
      async (t, browser) => {
        const { page, complaints } = await show(t, browser, ROWS, { width, theme });
        await comeClose(page);
        t.equal(await page.locator(".messages tbody tr").count(), ROWS.length);
        await page.locator(".messages tbody tr").first().focus();
        await page.keyboard.press("Enter");
        await page.waitForSelector(".message");
        t.match(
          (await page.textContent(".message"))!,
          /attempt1.*number.*1326.*at\{ x: 1, all: \[2/,
        );
        await page.keyboard.press("ArrowDown");
        await page.waitForFunction(() =>
          document.querySelector(".message")?.textContent?.includes("errno 22"),
        );
        t.deepEqual(await overflowOf(page), [], "as wide as its window");
        t.deepEqual(await barriersIn(page), [], "axe-core finds nothing serious");
        await keepPicture(page, `messages-${width}-${theme}`);
        t.deepEqual(complaints, [], "nothing on the console");
      },
    );
  }
}

browserTest("messages: a click on an arrow shows the message", async (t, browser) => {
  const { page } = await show(t, browser, ROWS);
  await comeClose(page);
  const at = await page.locator(".messages tbody tr td:first-child").allTextContents();
  t.deepEqual(at, ["2.560", "2.700", "2.800", "2.900"]);
  const note = await page.textContent("#timeline .note");
  t.equal(note, "4 messages in this span. Before 2.500 s some are missing.");
  // Along the lane of the sensor, until the pointer is on number 41 while it is worked on.
  const lanes = page.locator("#lanes");
  const { width } = (await lanes.boundingBox())!;
  const isUnder = async (): Promise<boolean> =>
    (await page.textContent("#timeline .hint"))!.includes("sensor.read: status 0");
  for (let x = 2; x < width && !(await isUnder()); x += 4) {
    // By the element, as what is above it may grow.
    await lanes.hover({ position: { x, y: 12 } });
    await page.evaluate(PAINTED);
  }
  t.ok(await isUnder(), "the pointer is on it, and the panel says so");
  await page.mouse.down();
  await page.mouse.up();
  await page.waitForSelector(".message");
  t.match((await page.textContent(".message"))!, /station → sensor.*number41/);
  await page.click('.message button:text-is("Close")');
  t.equal(await page.locator(".message").count(), 0);
});

browserTest(
  "messages: too many are counted, and none is shown as if it were all",
  async (t, browser) => {
    const { page } = await show(t, browser, ROWS, { total: 2_000 });
    await page.click('#timeline button:text-is("1 s")');
    await page.waitForSelector("#timeline .note");
    await page.click('#timeline button:text-is("Follow")');
    await page.waitForSelector('#timeline button[aria-pressed="false"]:text-is("Follow")');
    t.match(
      (await page.textContent("#timeline .note"))!,
      /^2,004 messages in this span: come closer/,
    );
    t.equal(await page.locator(".messages tbody tr").count(), 0);
  },
);

browserTest("reattach dev: messages of a real board, with their fields", async (t, browser) => {
  const dev = await startDev(folderOf(t, THERMO));
  t.teardown(() => dev.stop());
  const { page, complaints } = await browser.open(dev.address, { width: 1280, theme: "light" });
  await page.waitForSelector('#tasks tr[data-task="client"]');
  await page.click('#timeline button:text-is("1 s")');
  const isThere = '.messages tbody tr:has(td:text-is("thermo.read")):has(td:text-is("status 0"))';
  // The first second may be over before anything was sent.
  for (const patience = new Patience(60_000); !patience.isOver;) {
    await page.click('#timeline button:text-is("Follow")');
    await page.waitForTimeout(1_000);
    if ((await page.locator(isThere).count()) > 0) break;
    await page.click('#timeline button:text-is("Follow")');
    await page.waitForTimeout(1_000);
  }
  const count = await page.locator(".messages tbody tr").count();
  await page.locator(isThere).first().click();
  await page.waitForSelector(".message .fields");
  t.match(
    (await page.textContent(".message"))!,
    /client → server.*request: 16 bytessensor\dwho"me".*reply: 4 bytescelsius2\d\.5/,
  );
  await page.locator("#lanes").focus();
  await page.keyboard.press("+");
  await page.waitForFunction(
    (before) => document.querySelectorAll(".messages tbody tr").length < before,
    count,
  );
  t.pass("closer there are fewer");
  await page.click('tr[data-task="client"]');
  await page.waitForSelector(".connections .histogram");
  const label = await page.locator(".connections .histogram").first().getAttribute("aria-label");
  t.match(label ?? "", /^[\d,]+ calls, half below .* 99 of 100 below/);
  const heap = await page.textContent('.details dl div:has(dt:text-is("heap")) dd');
  t.match(heap ?? "", /^[\d.]+ MB of [\d.]+ MB$/);
  t.deepEqual(await barriersIn(page), [], "axe-core finds nothing serious");
  await keepPicture(page, "messages-real");
  t.deepEqual(complaints, []);
});
