/**
 * The page's load for some seconds: its readings are flat, and pages are read while messages go on.
 * How fast they go is told, and no reason to fail.
 */
import test from "tape";
import { figure } from "../../proof/verify/figure.js";
import { measureCost, windowLine } from "./cost.js";
import { soakPage, soakText } from "./soak.js";

test("page: half a minute under load is flat, and nothing is on its console", async (t) => {
  const report = await soakPage(0.4, () => undefined);
  t.comment(soakText(report));
  t.deepEqual(report.complaints, [], "nothing on the console");
  for (const { name, isFlat, growth } of report.flat) {
    t.notEqual(isFlat, false, `${name}: ${Math.round(growth)}`);
  }
  t.ok(report.frames > 10, `${report.frames} frames`);
  t.ok(report.messages > 0, "messages went on");
  figure(t, "messages", report.messages);
});

test("page: ten of them are read while messages go on", async (t) => {
  const windows: string[] = [];
  const cost = await measureCost(10, 2, false, (window) => {
    windows.push(windowLine(window));
    t.ok(window.rate > 0, `messages go on with ${window.pages} pages`);
  });
  t.comment(windows.join(""));
  t.equal(windows.length, 4);
  t.ok(cost.ratio > 0, `ratio ${cost.ratio.toFixed(3)}`);
});
