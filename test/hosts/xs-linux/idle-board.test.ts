/**
 * A board on which all is well: heartbeats, naps, tasks that sleep or have returned, HAM. Its main
 * VM allocates nothing, however long it runs.
 *
 *     XS_IDLE_MS=600000 npm test -- xs-linux/idle-board
 */
import test from "tape";
import { bundle } from "./bundle.js";
import { MEASURED, missing, type Mode, run } from "./host.js";
import { IDLE_BOARD, IDLE_PROGRAMS, IDLE_STATES, readIdleCosts } from "./idle-board.js";

/** More with npm run verify. */
const IDLE_MS = Number(process.env["XS_IDLE_MS"] ?? 10_000);
const START_MS_MAX = 60_000;
/** As on a board: slots of 16 bytes. */
const mode: Mode = { ...MEASURED, m32: true };

test(`idle board on XS: main allocates nothing in ${IDLE_MS} ms`, async (t) => {
  const why = missing(mode);
  if (why !== "") return t.skip(why);
  const programs = await bundle(IDLE_PROGRAMS);
  const { code, stdout, stderr } = await run({
    mode,
    bundle: programs,
    main: "idle-board",
    args: [String(IDLE_MS)],
    config: { reattach: IDLE_BOARD },
    timeout_ms: IDLE_MS + START_MS_MAX,
  });
  programs.remove();
  t.equal(code, 0, "the process ends well");
  const { accident, states, costs } = readIdleCosts(`${stdout}${stderr}`);
  t.equal(accident, "", "no task died");
  t.deepEqual(states, IDLE_STATES, "all are there");
  t.deepEqual(costs, { slots: 0, chunkBytes: 0, collections: 0 });
});
