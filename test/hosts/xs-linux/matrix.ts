/**
 * Strategy x kind of death on real XS, as on a board.
 */
import { join } from "node:path";
import test from "tape";
import { EXIT_ABORTED, EXIT_RESTARTED } from "../../../hosts/xs-test/exit-codes.mjs";
import {
  CAUSES,
  type Kind,
  KINDS,
  MATRIX_TASKS,
  matrixTasks,
} from "../../unit/manager/supervise/matrix.js";
import { STRATEGIES, type Strategy } from "../../unit/manager/supervise/matrix.js";
import { bundle, type Bundle } from "./bundle.js";
import { missing, type Mode, run, type Run } from "./host.js";
import type { MatrixResult } from "./matrix-result.js";
import { resultIn } from "./results-in.js";

/**
 * Another process does not exit on a device. A stack overflow is no death of a task there: XS
 * restarts the chip at once.
 */
const XS_KINDS = KINDS.filter((kind) => kind !== "exit" && kind !== "stack overflow");

function programs(): Promise<Bundle> {
  const path = (name: string): string => join(import.meta.dirname, "programs", `${name}.ts`);
  return bundle({
    matrix: path("matrix"),
    mortal: path("mortal"),
    bystander: join(import.meta.dirname, "../../unit/manager/supervise/bystander.ts"),
  });
}

function play(mode: Mode, all: Bundle, strategy: Strategy, kind: Kind): Promise<Run> {
  const others = MATRIX_TASKS.filter((name) => name !== "mortal");
  const modules = { mortal: "mortal", bystander: "bystander" };
  const tasks = matrixTasks(strategy, kind, { kind, others }, modules);
  const board = { rebootsMax: 1 };
  return run({
    mode,
    bundle: all,
    main: "matrix",
    config: { matrix: { kind }, reattach: { tasks, board } },
    switches: [`--preferences=${join(all.modules, "../preferences")}`],
  });
}

function readResult(t: test.Test, { stdout, stderr, code }: Run): MatrixResult | null {
  t.equal(code, 0, "the board goes on");
  const result = resultIn<MatrixResult>(stdout);
  if (result !== undefined) return result;
  t.fail(`no result: ${stderr}\n${stdout.slice(-2_000)}`);
  return null;
}

function judge(t: test.Test, strategy: Strategy, kind: Kind, result: MatrixResult): void {
  const { causes, reason, before, after } = result;
  t.equal(causes[0], CAUSES[kind], "of what it died");
  const changed = MATRIX_TASKS.filter((name) => after[name] !== before[name] && after[name] !== 0);
  t.deepEqual(changed.sort(), strategy.restarted, "who was restarted");
  t.equal(reason, "", "the board was not");
}

const BOARD = STRATEGIES.find(({ restarted }) => restarted === null)!;

async function judgeBoard(t: test.Test, mode: Mode, all: Bundle, kind: Kind): Promise<void> {
  const first = await play(mode, all, BOARD, kind);
  t.equal(first.code, EXIT_RESTARTED, "the board restarts");
  const result = readResult(t, await play(mode, all, BOARD, kind));
  t.match(result?.reason ?? "", /^task mortal keeps dying, the last time of \w+$/, "and says why");
  t.equal(result?.after["mortal"], 0, "the second time in a row the task is held instead");
}

/** Tests of all of them in this mode; skipped where there is no test host. */
export function matrixTests(mode: Mode): void {
  const matrixTest = (title: string, act: (t: test.Test, all: Bundle) => Promise<void>): void => {
    test(`matrix on XS, ${mode.name}: ${title}`, async (t) => {
      const why = missing(mode);
      if (why !== "") return t.skip(why);
      const all = await programs();
      try {
        await act(t, all);
      } finally {
        all.remove();
      }
    });
  };
  for (const strategy of STRATEGIES.filter(({ restarted }) => restarted !== null)) {
    for (const kind of XS_KINDS) {
      matrixTest(`${strategy.name} x ${kind}`, async (t, all) => {
        const result = readResult(t, await play(mode, all, strategy, kind));
        if (result !== null) judge(t, strategy, kind, result);
      });
    }
  }
  for (const kind of XS_KINDS) {
    matrixTest(`${BOARD.name} x ${kind}`, (t, all) => judgeBoard(t, mode, all, kind));
  }
  matrixTest("a stack overflow restarts the board", async (t, all) => {
    const { code } = await play(mode, all, STRATEGIES[0]!, "stack overflow");
    t.equal(code, EXIT_ABORTED, "by XS, before anybody can do something about it");
  });
}
