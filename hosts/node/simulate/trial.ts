/**
 * One run of an application under a seed: phases with faults and rests in turn, and what was found.
 */
import { seededRandom } from "../../../src/manager/supervise/random.js";
import { Judge, type Failure } from "../checks/judge.js";
import type { PlannedFault } from "../faults/text.js";
import { shownPath } from "../manifest/shown-path.js";
import { Injector } from "./injector.js";
import { Laws } from "./laws.js";
import type { BrokenRun, Simulation } from "./main/simulation.js";
import { ObservedSimulation } from "./observed.js";
import type { RunTrace } from "./run-trace.js";
import {
  type FaultKind,
  faultsOf,
  messageFaults,
  sparing,
  type Targets,
  timeline,
} from "./plan.js";
import type { Prepared } from "./prepare.js";

/** What a run is made of. */
export interface TrialOptions {
  readonly seed: number;
  /** Virtual milliseconds with faults; rests come on top. */
  readonly duration_ms: number;
  readonly kinds: readonly FaultKind[];
  /** These faults, and no others; null: those that follow from the seed. */
  readonly plan: readonly PlannedFault[] | null;
  /** Mean number of scheduling points between two preemptions; null: by the seed. */
  readonly preemption: number | null;
  readonly allowsIo: boolean;
  /**
   * How long a task may run without passing through the kernel, in real ms; default: ten seconds.
   */
  readonly patience_ms?: number;
  /** The run ends when this check has failed; null: it goes on. */
  readonly until: string | null;
  /** Is told what happens in the run. */
  readonly trace?: RunTrace;
  /** Called now and then, with what has passed of duration_ms. False ends the run. */
  readonly goOn: (passed_ms: number) => boolean;
}

/** What came of it. */
export interface TrialResult {
  readonly seed: number;
  readonly hash: string;
  /** Virtual milliseconds, with the rests. */
  readonly simulated_ms: number;
  readonly preemption: number;
  readonly struck: readonly PlannedFault[];
  /** As a plan they make the same run. */
  readonly tried: readonly PlannedFault[];
  readonly kills: number;
  readonly deaths: number;
  /** Sent by all tasks, to within the last milliseconds before each restart of the board. */
  readonly messages: number;
  readonly points: number;
  readonly switches: number;
  readonly failures: readonly Failure[];
  /** It was ended before its time. */
  readonly isCut: boolean;
}

/** Mean points between preemptions: each run has one of them. */
const PREEMPTIONS = [0, 2_000, 200, 50, 20] as const;
/** Phases of a run, each with a rest behind it. */
const PHASES = 6;
/** One wake-up of so many is lost, in one run of so many. */
const LOST_RATE = 20;
const LOST_RUNS = 4;
/** Streams of chance that have nothing to do with each other. */
const FAULT_STREAM = 0x85eb_ca6b;
const RUN_STREAM = 0xc2b2_ae35;
/** How much virtual time passes before the run is asked whether it goes on. */
const STEP_MS = 60_000;

/** What of an application can be struck. */
export function targetsOf({ manifest, callsOf }: Prepared, parts: readonly string[]): Targets {
  const tasks = manifest.tasks.map(({ name }) => name);
  const watched = manifest.tasks
    .filter(({ heartbeat, answer_ms }) => heartbeat !== null || answer_ms > 0)
    .map(({ name }) => name);
  return {
    tasks,
    watched,
    parts,
    tagsOf: callsOf,
    callsOf: (task) => [...callsOf(task).keys()],
  };
}

/** What faults of a seed strike. Throws an InputError when what is spared is not there. */
export function struckOf({ claims }: Prepared, targets: Targets): Targets {
  return claims === null ? targets : sparing(targets, claims.spared, shownPath(claims.file));
}

class Trial {
  readonly failures: Failure[] = [];
  readonly #options: TrialOptions;
  readonly #losesWakeUps: boolean;
  readonly #simulation: Simulation;
  readonly #observed: ObservedSimulation;
  readonly #laws: Laws;
  readonly #judge: Judge | null;
  readonly #injector: Injector;
  #passed_ms = 0;
  /** Messages of the boards before, and of this one when it was last looked at. */
  #sentBefore = 0;
  #sent = 0;
  isCut = false;

  constructor(app: Prepared, simulation: Simulation, options: TrialOptions, losesWakeUps: boolean) {
    this.#options = options;
    this.#losesWakeUps = losesWakeUps;
    this.#simulation = simulation;
    const tell = (failure: Failure): void => this.#add(failure);
    this.#observed = new ObservedSimulation(simulation, app.manifest);
    this.#laws = new Laws(this.#observed, app.manifest, tell);
    const { claims } = app;
    this.#judge = claims === null ? null : new Judge(claims.checks(), tell, claims.file);
    const { seed, kinds, plan } = options;
    const targets = targetsOf(app, simulation.hardware?.parts ?? []);
    const struck = struckOf(app, targets);
    const faultSeed = (seed ^ FAULT_STREAM) >>> 0;
    this.#injector = new Injector(this.#observed, targets, {
      timed:
        plan === null ? faultsOf(faultSeed, kinds, struck) : timeline(plan, faultSeed, targets),
      atMessages: plan === null ? [] : messageFaults(plan),
    });
    this.#listen();
  }

  get injector(): Injector {
    return this.#injector;
  }

  /** How many messages there were so far. A board that is restarted counts from 0. */
  countMessages(): number {
    const totals = this.#simulation.system.ps().map((task) => task.totals.sent);
    const sent = totals.reduce((sum, each) => sum + each, 0);
    if (sent < this.#sent) this.#sentBefore += this.#sent;
    this.#sent = sent;
    return this.#sentBefore + sent;
  }

  /** The run cannot go on; or something has thrown that nobody else tells of. */
  fail(check: string, text: string): void {
    this.#add({ check, text, at_ms: this.#simulation.now_ms });
  }

  #add(failure: Failure): void {
    this.failures.push(failure);
    this.#options.trace?.failed(failure);
  }

  async run(): Promise<void> {
    const { duration_ms } = this.#options;
    for (let phase = 1; phase <= PHASES; phase++) {
      this.#injector.resume();
      this.#loseWakeUps(LOST_RATE);
      await this.#strikeUntil((duration_ms * phase) / PHASES);
      this.#injector.rest();
      this.#loseWakeUps(0);
      do {
        if (this.isCut || !(await this.#laws.rest())) return;
        this.#laws.look();
      } while (!(await this.#examine((judge) => judge.atRest(this.#observed))));
    }
    while (!(await this.#examine((judge) => judge.atEnd(this.#observed)))) {
      if (!(await this.#laws.rest())) return;
    }
  }

  #loseWakeUps(rate: number): void {
    if (this.#losesWakeUps) this.#simulation.loseWakeUps(rate);
  }

  async #strikeUntil(end_ms: number): Promise<void> {
    while (this.#passed_ms < end_ms && !this.isCut) {
      if (this.#injector.next_ms <= this.#passed_ms) this.#injector.strike();
      else {
        const left_ms = Math.min(end_ms, this.#injector.next_ms) - this.#passed_ms;
        await this.#pass(Math.min(left_ms, STEP_MS, this.#untilOverdue_ms()));
        this.isCut = !this.#options.goOn(this.#passed_ms) || this.#hasFound;
      }
    }
  }

  get #hasFound(): boolean {
    const { until } = this.#options;
    return until !== null && this.failures.some(({ check }) => check === until);
  }

  /** Virtual time until a check that has to be true again is overdue. */
  #untilOverdue_ms(): number {
    const due_ms = this.#judge?.due_ms ?? Infinity;
    return Math.max(1, due_ms - this.#simulation.now_ms);
  }

  async #pass(ms: number): Promise<void> {
    await this.#simulation.advance(ms);
    this.#passed_ms += ms;
    this.countMessages();
    // Faults in a row use up what a policy grants, and a person would release them too.
    this.#laws.release();
    this.#judge?.afterEvent(this.#observed);
  }

  /** False when it has to be done again, at the next rest. */
  async #examine(examine: (judge: Judge) => Promise<boolean>): Promise<boolean> {
    return this.#judge === null || this.#simulation.settled(examine(this.#judge));
  }

  #listen(): void {
    const simulation = this.#simulation;
    const { trace } = this.#options;
    trace?.follow(simulation);
    this.#observed.strikes.onStrike((fault) => trace?.struck(fault));
    const look = (): void => this.#judge?.afterEvent(this.#observed);
    simulation.on("log", (line) => {
      this.#judge?.line(line, this.#observed);
      look();
    });
    simulation.on("death", () => {
      this.countMessages();
      this.#judge?.death(this.#observed.deaths.at(-1)!, this.#observed);
      look();
    });
    simulation.on("ready", look);
    simulation.on("end", look);
    simulation.on("reboot", (reason) => {
      this.#judge?.reboot(reason, this.#observed);
      look();
    });
  }
}

/** What a run that cannot go on rejects with: of the engine's build, so it is known by its name. */
function brokenRun(error: unknown): BrokenRun {
  if (error instanceof Error && error.name === "BrokenRun") return error as BrokenRun;
  throw error;
}

function textOf(problem: unknown): string {
  return problem instanceof Error ? problem.message : String(problem);
}

/** Runs an application once. */
export async function runTrial(app: Prepared, options: TrialOptions): Promise<TrialResult> {
  const { seed, allowsIo, kinds, patience_ms, trace } = options;
  const random = seededRandom((seed ^ RUN_STREAM) >>> 0);
  const drawn = PREEMPTIONS[Math.floor(random() * PREEMPTIONS.length)]!;
  const preemption = options.preemption ?? drawn;
  const losesWakeUps = Math.floor(random() * LOST_RUNS) === 0 && kinds.includes("lost-wakeups");
  const patience = patience_ms === undefined ? {} : { patience_ms };
  const rings = trace === undefined ? {} : { trace: trace.memory };
  const simulation = await app.start({ seed, preemption, allowsIo, ...patience, ...rings });
  try {
    simulation.killAtWork();
    const trial = new Trial(app, simulation, options, losesWakeUps);
    try {
      await trial.run();
    } catch (error) {
      const broken = brokenRun(error);
      trial.fail("tasks come to the kernel", `${broken.task}: ${broken.message}`);
    }
    for (const problem of simulation.problems) trial.fail("nothing else throws", textOf(problem));
    trace?.end();
    const { points, switches } = simulation.figures;
    return {
      seed,
      hash: simulation.hash,
      simulated_ms: simulation.now_ms,
      preemption,
      struck: trial.injector.struck,
      tried: trial.injector.tried,
      kills: trial.injector.kills,
      deaths: simulation.deaths.length,
      messages: trial.countMessages(),
      points,
      switches,
      failures: trial.failures,
      isCut: trial.isCut,
    };
  } finally {
    await simulation.close();
  }
}
