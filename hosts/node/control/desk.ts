/**
 * Carries out what those who watch and steer a system ask for, whichever way they come: the control
 * socket, or the page of `reattach dev`.
 */
import { allowedNames } from "../../../src/manifest/suggest.js";
import type { HamDirectory, TaskStatus } from "../../../src/manager/status.js";
import type { NetView } from "../../../src/net/gateway.js";
import type { SystemUsage } from "../../../src/kernel/inspect/usage.js";
import type { ConnectionView } from "../../../src/kernel/inspect/connections.js";
import type { Outcome } from "../../../src/manager/supervise/outcome.js";
import { UsageError } from "../input-error.js";
import { type FaultInjection, injectFaults } from "../faults/injector.js";
import { System } from "../system/system.js";
import {
  type Action,
  type Answer,
  type FaultPlan,
  type Hello,
  PROTOCOL_VERSION,
  type Refusal,
  type Request,
  type Scenario,
  type WatchRequest,
} from "../watch/protocol.js";
import { planOf } from "../watch/plan.js";
import type { Messages } from "../watch/messages.js";
import type { Watch } from "../watch/watch.js";
import { readRequest, RequestError } from "./requests.js";

/** What can be shown and done; `by` says who wants it. A System is one. */
export interface Controllable {
  /** Whose system it is: the path of the manifest. */
  readonly manifest: { readonly file: string };
  /** A look at every task, the main VM first. */
  view(): TaskStatus[];
  /** The manager's tree. */
  ham(): HamDirectory;
  /** How full the tables of the arena are, and were. */
  usage(): SystemUsage;
  /** Who may send to whom. */
  connections(): ConnectionView[];
  /** Other boards, as this one sees them; null, or left out, where there is no net. */
  net?(): NetView | null;
  /** Ends a task from outside: a death. Resolves when it is gone. */
  kill(name: string, by: string): Promise<unknown>;
  /** Has a task hang, wherever it is. */
  hang(name: string, by: string): void;
  /** Keeps a task from being restarted. */
  hold(name: string, by: string): void;
  /** Ends a hold. */
  release(name: string, by: string): void;
  /** Ends a task and starts it again. Resolves when that has happened. */
  restart(name: string, by: string): Promise<unknown>;
  /** Restarts the board. Resolves when its tasks are started again. */
  reboot(reason: string): Promise<unknown>;
}

/** The request names a task that there is not. */
class UnknownTaskError extends Error {}

function refusalOf(error: unknown): Refusal {
  if (error instanceof RequestError || error instanceof UsageError) return "BAD_REQUEST";
  return error instanceof UnknownTaskError ? "UNKNOWN_TASK" : "FAILED";
}

/** Why a request was not obeyed, as an answer. */
export function refusalAnswer(error: unknown): Answer {
  const text = error instanceof Error ? error.message : String(error);
  return { ok: false, refusal: refusalOf(error), error: text };
}

/** One system, and who asks. */
export class Desk {
  readonly #system: Controllable;
  #faults: FaultInjection | null;
  #watch: Promise<Watch> | null = null;
  #messages: Promise<Messages> | null = null;

  /** `faults` is the plan that is being carried out; null for none until somebody asks for it. */
  constructor(system: Controllable, faults: FaultInjection | null) {
    this.#system = system;
    this.#faults = faults;
  }

  /**
   * The answer to a request; `watch` makes whoever asks a watcher, or says that it cannot.
   */
  async answer(
    line: string,
    by: string,
    watch: (request: WatchRequest) => Promise<Answer>,
  ): Promise<Answer> {
    try {
      const request = readRequest(line);
      if (request.call === "watch") return await watch(request);
      return { ok: true, value: await this.#obey(request, by) };
    } catch (error) {
      return refusalAnswer(error);
    }
  }

  /** What watches the system: there is none until somebody asks for it. */
  watch(): Promise<Watch> {
    this.#watch ??= this.#openWatch().catch((error: unknown) => {
      this.#watch = null;
      throw error;
    });
    return this.#watch;
  }

  /** Ends the streams of all who watch. */
  async close(): Promise<void> {
    (await this.#watch)?.stop();
    (await this.#messages)?.stop();
  }

  /** Loaded when it is asked for: a run that nobody watches does without. */
  async #openWatch(): Promise<Watch> {
    const { Watch } = await import("../watch/watch.js");
    return new Watch(this.#real, this.#plan);
  }

  /** Likewise. */
  async #openMessages(system: System): Promise<Messages> {
    const { Messages } = await import("../watch/messages.js");
    return new Messages(system);
  }

  get #real(): System {
    if (this.#system instanceof System) return this.#system;
    throw new Error("this system cannot be watched: it is none that boot() has made");
  }

  get #plan(): FaultInjection {
    this.#faults ??= injectFaults(this.#real, [], 1);
    return this.#faults;
  }

  async #obey(request: Exclude<Request, WatchRequest>, by: string): Promise<unknown> {
    const system = this.#system;
    switch (request.call) {
      case "hello": {
        const { file } = system.manifest;
        const hello: Hello = { protocol: PROTOCOL_VERSION, pid: process.pid, manifest: file };
        return hello;
      }
      case "ps":
        return system.view();
      case "ham":
        return system.ham();
      case "usage":
        return system.usage();
      case "connections":
        return system.connections();
      case "net":
        return system.net?.() ?? null;
      case "faults":
        return this.#showPlan();
      case "scenario": {
        const { seed, rules } = this.#plan;
        const scenario: Scenario = { seed, faults: rules.map(({ fault }) => fault) };
        return scenario;
      }
      case "lastRecords":
        if (this.#real.isTraced) return this.#real.tracing.lines();
        throw new RequestError(
          'it is not traced: "reattach dev" is, and "reattach run" with --trace or --post-mortem',
        );
      case "messages": {
        this.#messages ??= this.#openMessages(this.#real);
        return (await this.#messages).between(request.from_ms, request.to_ms);
      }
      case "reboot":
        await system.reboot(`ordered by ${by}`);
        return null;
      case "addFault":
        this.#plan.add(request.fault);
        return this.#showPlan();
      case "strike":
        if (this.#plan.strike(request.fault)) return null;
        throw new Error("it struck nobody: what it names does not run, or is struck already");
      case "removeFault":
        if (this.#plan.remove(request.id)) return this.#showPlan();
        throw new RequestError(`found no fault with the id ${request.id}`);
      case "clearFaults":
        this.#plan.clear(request.seed ?? this.#plan.seed);
        return this.#showPlan();
      default:
        return this.#act(request.call, request.task, by);
    }
  }

  async #act(action: Action, task: string, by: string): Promise<unknown> {
    const system = this.#system;
    // The main VM is shown as "main", but it is no task.
    const names = system.view().flatMap(({ name }) => (name === "main" ? [] : [name]));
    if (!names.includes(task)) {
      throw new UnknownTaskError(`found task "${task}", ${allowedNames(task, names)}`);
    }
    const outcome = (await system[action](task, by)) as Outcome | undefined;
    if (outcome === "stuck") throw new Error(`${task} cannot be ended: its thread is stuck`);
    return outcome === undefined || outcome === "done" ? null : outcome;
  }

  #showPlan(): FaultPlan {
    return planOf(this.#real, this.#plan);
  }
}
