/**
 * A process with boards of a fleet: does what it is told to (crowd-messages.ts), and reports.
 */
import { readNetOf } from "../../../src/manifest/net.js";
import { credentialsOf, loadMqtt } from "../net/connection.js";
import type { CrowdBoard, CrowdOrder, CrowdReport } from "./crowd-messages.js";
import { ECHO, LightBoard } from "./light-board.js";

const REPORT_MS = 100;
/** Clients of other boards that each board has room for. */
const CLIENTS = 2;

type Make = Extract<CrowdOrder, { kind: "make" }>;

const connect = await loadMqtt("fleet");
const credentials = credentialsOf({}, process.env);
const warn = (): void => undefined;
const boards: LightBoard[] = [];
/** Which have had an answer since the last mark. */
const done = new Set<LightBoard>();
let mark = 0;
let period_ms = 1_000;
let times: number[] = [];
let failed = 0;
let emptyRss = 0;

function configOf({ board, peer }: CrowdBoard, { broker, prefix }: Make): LightBoardConfig {
  const problems: string[] = [];
  const imports = [`${peer}/${ECHO}`];
  const given = { board, broker, prefix, exports: [ECHO], imports, clients: CLIENTS };
  const config = readNetOf(true, given, "fleet", problems);
  if (config === null || problems.length > 0) throw new Error(problems.join("\n"));
  return config;
}

type LightBoardConfig = ConstructorParameters<typeof LightBoard>[0]["config"];

function answered(board: LightBoard, status: number, ms: number): void {
  if (status < 0) {
    failed++;
    return;
  }
  times.push(ms);
  done.add(board);
}

function make(order: Make): void {
  emptyRss = process.memoryUsage.rss();
  ({ period_ms } = order);
  for (const each of order.boards) {
    const config = configOf(each, order);
    boards.push(new LightBoard({ config, connect, credentials, answered, warn }));
  }
  setInterval(report, REPORT_MS);
}

/** Boards boot and make calls one after the other, so as not to do so all at once. */
function begin(): void {
  boards.forEach((board, i) => {
    board.begin();
    const call = (): void => board.call();
    const begins_ms = (period_ms * i) / boards.length;
    setTimeout(() => (call(), setInterval(call, period_ms)), begins_ms);
  });
}

function report(): void {
  const { user, system } = process.cpuUsage();
  const views = boards.map((board) => board.look());
  const message: CrowdReport = {
    connected: views.filter(({ isConnected }) => isConnected).length,
    mark,
    done: done.size,
    peersGone: views.filter(({ isPeerGone }) => isPeerGone).length,
    times_ms: times,
    failed,
    rss: process.memoryUsage.rss(),
    emptyRss,
    cpu_ms: (user + system) / 1e3,
  };
  times = [];
  process.send!(message);
}

process.on("message", (order: CrowdOrder) => {
  if (order.kind === "make") make(order);
  else if (order.kind === "connect") begin();
  else {
    ({ mark } = order);
    done.clear();
  }
});
// The fleet is over, however it has ended.
process.on("disconnect", () => process.exit(0));
