/**
 * Checks Reattach on a board: messages, a timeout, every way for a task to die, and a restart. It
 * prints a line for each check, and one at the end that says how many passed.
 */
import config from "mc/config";
import preference from "preference";
import { EOK } from "reattach";
import { boot } from "reattach/moddable";
import { type RequestOf, Server } from "reattach/service";
import Timer from "timer";
import type { ClientArgs } from "./client.js";
import { Findings, KILLS, MESSAGES } from "./services.js";

type System = ReturnType<typeof boot>;
/** How often there was such a death: "server throw". */
type Count = (death: string) => number;

/** The first of them are the client's, numbered as in services.ts. */
const CHECKS = Object.freeze([
  "messages: every answer is that of its question",
  "timeout: a reply that comes too late is not waited for",
  "throw: a server that throws is replaced",
  "memory: a server that fills its memory is replaced",
  "kill: a server that is killed is replaced",
  "causes: every death was seen, with its cause",
  "rejection: an asynchronous main that fails ends its task only",
  "restart: a task that does not leave restarts the board, which says why",
]);
const CAUSES = 5;
const REJECTION = 6;
const RESTART = 7;

/** Where the board remembers, through a restart, which check it was at. */
const DOMAIN = "board-check";
const KEY = "check";
/** The reason of the last restart comes soon after boot(), or not at all. */
const REASON_MS = 500;
const KILL_EVERY_MS = 300;
const POLL_MS = 10;

function wait(ms: number): Promise<void> {
  return new Promise((resolve) => {
    Timer.set(() => resolve(), ms);
  });
}

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await wait(POLL_MS);
}

/** Which check is running, on paper that survives a restart. */
const progress = Object.freeze({
  begin: (check: number): void => preference.set(DOMAIN, KEY, check),
  /** The check during which the board restarted; -1 for none. */
  take(): number {
    const check = preference.get(DOMAIN, KEY);
    preference.delete(DOMAIN, KEY);
    return check === undefined ? -1 : Number(check);
  },
});

/** Prints a line for each check. */
class Report {
  #passed: number;
  #failed = 0;

  /** `passed` of them were passed before a restart. */
  constructor(passed: number) {
    this.#passed = passed;
  }

  get hasFailed(): boolean {
    return this.#failed > 0;
  }

  tell(check: number, isPassed: boolean, details: string): void {
    if (isPassed) this.#passed++;
    else this.#failed++;
    trace(`${isPassed ? "ok" : "not ok"} ${check + 1} - ${CHECKS[check]}: ${details}\n`);
  }

  end(): void {
    const verdict = this.hasFailed ? "FAILED" : "passed";
    trace(`board check ${verdict}: ${this.#passed} of ${CHECKS.length} checks passed\n`);
  }
}

function countDeaths(system: System): Count {
  const counts = new Map<string, number>();
  system.on("death", ({ name, cause }) => {
    const death = `${name} ${cause}`;
    counts.set(death, (counts.get(death) ?? 0) + 1);
  });
  return (death) => counts.get(death) ?? 0;
}

/** The client's checks, as it reports them. */
class ClientChecks {
  readonly #system: System;
  readonly #report: Report;
  readonly #server = new Server(Findings, {
    tell: (finding) => this.#tell(finding),
    beginKills: () => {
      this.#killer = Timer.repeat(() => void this.#system.kill("server"), KILL_EVERY_MS);
    },
  });
  #killer: Timer | null = null;
  #next = MESSAGES;

  constructor(system: System, report: Report) {
    this.#system = system;
    this.#report = report;
  }

  /** Resolves when the client is through, or dead. */
  async run(count: Count): Promise<void> {
    const system = this.#system;
    const isDead = (): boolean => count("client throw") + count("client memory") > 0;
    progress.begin(this.#next);
    system.start("server");
    system.start("client");
    // The main VM may not wait for a message.
    while (this.#next <= KILLS && !isDead()) {
      if (this.#server.receive() !== EOK) await wait(POLL_MS);
    }
    if (this.#killer !== null) Timer.clear(this.#killer);
    if (this.#next <= KILLS) this.#report.tell(this.#next, false, "the client died, see the log");
    const { counters } = system.view().find(({ name }) => name === "client")!;
    const { sleeps, renotifies, saves } = counters;
    trace(`# the client slept ${sleeps} times; ${renotifies} wake-ups repeated, ${saves} lost\n`);
    await system.stop("client");
  }

  #tell({ check, sent, wrong, elapsed_ms: ms }: RequestOf<typeof Findings, "tell">): void {
    const skip = sent === 0 ? " # SKIP the manifest asks for none" : "";
    this.#report.tell(check, wrong === 0, `${sent} messages, ${wrong} wrong, ${ms} ms${skip}`);
    if (check === MESSAGES) trace(`# a round trip takes ${Math.round((ms * 1000) / sent)} µs\n`);
    this.#next = check + 1;
    progress.begin(this.#next);
  }
}

function checkCauses(report: Report, count: Count): void {
  const { tasks } = config["reattach"] as { tasks: { client: { args: ClientArgs } } };
  const { throws, fills } = tasks.client.args;
  const thrown = count("server throw");
  const memory = count("server memory");
  const killed = count("server killed");
  const areSeen = thrown === throws && memory === fills && killed > 0;
  report.tell(CAUSES, areSeen, `${thrown} throw, ${memory} memory, ${killed} killed`);
}

async function checkRejection(system: System, report: Report, count: Count): Promise<void> {
  progress.begin(REJECTION);
  system.start("rejecter");
  await until(() => count("rejecter throw") > 0);
  await system.stop("rejecter");
  report.tell(REJECTION, true, "the task died, and the board did not");
}

/** Does not return if all is well. */
async function checkRestart(system: System, report: Report): Promise<void> {
  trace("# the board restarts now, and then says how the last check went\n");
  progress.begin(RESTART);
  system.start("looper");
  await until(() => system.isRunning("looper"));
  await system.stop("looper");
  report.tell(RESTART, false, "the looper has left");
}

/** The end after a restart in the middle of a check: planned in the last one, else a failure. */
function judgeRestart(check: number, reason: string): void {
  const isPlanned = check === RESTART && reason.includes("looper");
  const report = new Report(check);
  report.tell(check, isPlanned, reason === "" ? "the board restarted without a reason" : reason);
  report.end();
}

async function run(): Promise<void> {
  const interrupted = progress.take();
  const system = boot();
  let reason = "";
  system.on("reboot", (text) => (reason = text));
  await wait(REASON_MS);
  if (interrupted >= 0) return judgeRestart(interrupted, reason);

  trace(`# board check: ${CHECKS.length} checks, about half a minute\n`);
  const report = new Report(0);
  const count = countDeaths(system);
  await new ClientChecks(system, report).run(count);
  checkCauses(report, count);
  await system.stop("server");
  await checkRejection(system, report, count);
  if (!report.hasFailed) await checkRestart(system, report);
  progress.take();
  report.end();
}

/** Called by Moddable when the board has started. */
export default function main(): void {
  run().catch((error: unknown) => trace(`board check FAILED: ${String(error)}\n`));
}
