/**
 * The board on the real engine: orders that cross each other settle, those from inside a listener
 * are carried out, what a listener throws changes nothing, and a stopped system starts again.
 */
import { join } from "node:path";
import test from "tape";
import { bundle } from "./bundle.js";
import { missing, run, THIRTY_TWO_BIT } from "./host.js";
import { resultIn } from "./results-in.js";

const mode = THIRTY_TWO_BIT;
const ESRCH = -3;

test("device: orders that cross each other settle", async (t) => {
  const why = missing(mode);
  if (why !== "") return t.skip(why);
  const all = await bundle({
    orders: join(import.meta.dirname, "programs/orders.ts"),
    bystander: join(import.meta.dirname, "../../unit/manager/supervise/bystander.ts"),
  });
  const task = (name: string): object => ({ module: "bystander", args: { name } });
  const config = { reattach: { tasks: { one: task("one"), two: task("two") } } };
  try {
    const { code, stdout, stderr } = await run({ mode, bundle: all, main: "orders", config });
    t.equal(code, 0, "it gets to its end");
    if (code !== 0) t.comment(stderr);
    t.deepEqual(resultIn<object>(stdout) ?? {}, {
      start: "done",
      kill: "done",
      starts: ["one", "two", "one"],
      restarts: [1, 0],
      "stop, start": ["done", "done"],
      sendAsync: 0,
      "stop, restart": ["done", "superseded"],
      done: ESRCH,
      state: "off",
      "sendAsync when off": ESRCH,
      states: ["STOPPED", "STOPPED"],
      "stop again": "done",
    });
    t.match(stdout, /a listener threw: Error: in the listener/, "the log says what was thrown");
  } finally {
    all.remove();
  }
});
