/**
 * A running system on Node.js: the arena, the main VM and one thread for each task of the manifest.
 *
 * What it does is SystemFacade, which it shares with the device. This adds what only Node.js has:
 * the manifest as it was read, EventEmitter, and logs.
 */
import { EventEmitter } from "node:events";
import * as L from "../../../src/arena/layout.js";
import type { JsonObject } from "../../../src/manifest/value.js";
import type { TaskStatus } from "../../../src/manager/status.js";
import type { Outcome } from "../../../src/manager/supervise/outcome.js";
import { type BoardEvents, SystemFacade } from "../../../src/manager/system.js";
import type { Pauses } from "../debug/pauses.js";
import { checkDefinitions, inputsOf } from "../definitions/check.js";
import type { Hardware, SimulatedHardware } from "../hardware/hardware.js";
import { compilerFor } from "../host/programs.js";
import type { NetView } from "../../../src/net/gateway.js";
import { UsageError } from "../input-error.js";
import type { LogLevel } from "../log/line.js";
import { Logs } from "../log/logs.js";
import { type LogFilter, MAIN, Terminal } from "../log/terminal.js";
import { type AppManifest, type ManifestOptions, readManifest } from "../manifest/read.js";
import type { NetOptions } from "../net/connection.js";
import { type BoardNet, connectBoards } from "../net/net.js";
import { ManifestError } from "../manifest/problems.js";
import type { ReloadNews } from "../reload/news.js";
import { type TraceOptions, Tracing } from "../trace/tracing.js";
import { Application } from "./application.js";
import { NodeBoardPort } from "./board-port.js";
import { checkBootArguments } from "./boot-arguments.js";
import { startHardware } from "./start-hardware.js";

export type { TaskView } from "../../../src/manager/system.js";

/** How to boot a system. */
export interface BootOptions extends ManifestOptions {
  /**
   * The most looks at the doorbell before a task sleeps. Default: some 20 µs where there are two
   * processors or more, 0 where there is one, as on most chips.
   */
  readonly spinMax?: number;
  /** The jitter of restarts repeats with it. Default: another one each time. */
  readonly seed?: number;
  /** What is shown of the log where nobody listens to it. Default: all. */
  readonly log?: LogFilter;
  /**
   * Has all messages recorded, by a build of the kernel that does so: docs/tracing.md. Default: the
   * ordinary build, which cannot.
   */
  readonly trace?: TraceOptions;
  /** How it reaches other boards, where its manifest has a `net`: what stands in none. */
  readonly net?: NetOptions;
  /**
   * Opens Node.js' inspector for debuggers on this machine, and looks which tasks they hold: those
   * are PAUSED, and while there is one nobody is found to hang. It stays open until the process
   * ends. Default: nobody looks, and nobody hangs while the inspector is open. docs/debugging.md.
   */
  readonly inspect?: InspectOptions;
  /**
   * Nothing of it keeps the process alive: it ends with whatever else there is to do, as it does
   * with a timer that was unref()ed. Default false.
   */
  readonly isBackground?: boolean;
}

/** Where a debugger finds the inspector. */
export interface InspectOptions {
  /** On 127.0.0.1; 0 for one that is free. Default: 9229. An inspector that is open stays. */
  readonly port?: number;
}

/** Where debuggers look by themselves. */
const INSPECTOR_PORT = 9229;

/** The events of a system. */
export interface SystemEvents extends BoardEvents {
  /**
   * A line that a task wrote, or the manager as "main"; `time_ms` as Date.now() has it. Without a
   * listener they go to standard error.
   */
  log: [name: string, level: LogLevel, text: string, time_ms: number];
  /** The same for those who only watch: who listens to it leaves the lines on standard error. */
  line: [name: string, level: LogLevel, text: string, time_ms: number];
  /** The doorbell of the main VM rang: there may be something for MsgReceive. */
  bell: [];
  /** A file was saved, and watchSources() has done something about it. */
  reload: [news: ReloadNews];
}

/** It is an EventEmitter: see below. */
// oxlint-disable-next-line typescript/no-unsafe-declaration-merging -- its methods are inherited
export interface System extends EventEmitter<SystemEvents> {}

/** A system that has been booted. */
export class System extends SystemFacade {
  /**
   * What it runs, and the port through which the manager runs it: for live reload.
   *
   * @internal
   */
  readonly live: { readonly application: Application; readonly port: NodeBoardPort };

  readonly #logs: Logs;
  readonly #hardware: Hardware | null;
  readonly #tracing: Tracing | null;
  readonly #pauses: Pauses | null;

  /** Use boot(). */
  constructor(
    application: Application,
    { spinMax, seed = Date.now(), log, trace, isBackground = false }: BootOptions,
    hardware: Hardware | null,
    pauses: Pauses | null,
    net: BoardNet | null,
  ) {
    const { manifest } = application;
    const names = manifest.tasks.map(({ name }) => name);
    const logs = new Logs({
      emit: ({ task, level, text, time_ms }) => {
        this.tell("line", task, level, text, time_ms);
        return this.tell("log", task, level, text, time_ms);
      },
      hasListeners: () => this.listenerCount("log") > 0,
      terminal: new Terminal(names, log),
    });
    const bell = (): void => void this.tell("bell");
    const tracing = trace === undefined ? null : new Tracing(manifest, trace);
    const parts = {
      application,
      spinMax,
      seed,
      logs,
      hardware,
      tracing,
      pauses,
      net,
      isBackground,
    };
    const port = new NodeBoardPort({ ...parts, bell, report });
    super(port, application);
    this.live = { application, port };
    this.#logs = logs;
    this.#hardware = hardware;
    this.#tracing = tracing;
    this.#pauses = pauses;
    tracing?.follow(this);
  }

  /** Was it booted with `trace`? */
  get isTraced(): boolean {
    return this.#tracing !== null;
  }

  /** What is traced, of a system that was booted with `trace`. Throws a UsageError without. */
  get tracing(): Tracing {
    if (this.#tracing !== null) return this.#tracing;
    throw new UsageError('system.tracing: boot() was called without "trace": docs/tracing.md');
  }

  /** The manifest as it was read, also when it is read again (watchSources). */
  get manifest(): AppManifest {
    return this.live.application.manifest;
  }

  /**
   * The simulated board that the manifest describes in config.reattach.hardware: what tasks find
   * behind "embedded:io/…" and "pins/…". Throws a UsageError when there is none.
   */
  get hardware(): SimulatedHardware {
    if (this.#hardware !== null) return this.#hardware;
    throw new UsageError("system.hardware: the manifest describes no board: docs/hardware.md");
  }

  /**
   * Is there a simulated board? A manifest that gets one while the system runs (live reload) has it
   * with the next start of the command.
   *
   * @internal
   */
  get hasHardware(): boolean {
    return this.#hardware !== null;
  }

  /**
   * What there is to see of other boards, and what has been sent and refused since this one booted;
   * null where the manifest has no `net`. Makes new objects.
   */
  net(): NetView | null {
    return this.live.port.gateway?.view() ?? null;
  }

  /** As every system; a task that a debugger holds is PAUSED, where somebody looks (`inspect`). */
  override ps(): TaskStatus[] {
    const tasks = super.ps();
    if (this.#pauses === null) return tasks;
    const { host } = this.live.port;
    return tasks.map((task) => {
      if (task.pid === 0 || !host.isPaused(task.pid & L.PID_INDEX_MASK)) return task;
      return { ...task, state: "PAUSED", waitsFor: null };
    });
  }

  /** A stop of everything lets those go that a debugger holds. */
  override stop(name?: string): Promise<Outcome> {
    if (name === undefined) this.#pauses?.releaseAll();
    return super.stop(name);
  }

  /** Writes a line to the log, as "main". Does not block. */
  log(level: LogLevel, text: string): void {
    this.#logs.say(MAIN, level, text);
  }

  /** stop(), for `await using system = await boot(…)`. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
  }

  /**
   * Tells the listeners of "reload".
   *
   * @internal
   */
  tellReload(news: ReloadNews): void {
    this.tell("reload", news);
  }

  /** As emit(), but what a listener throws keeps nobody else from hearing or going on. */
  protected override tell<Name extends keyof SystemEvents>(
    event: Name,
    ...values: SystemEvents[Name]
  ): boolean {
    const listeners = this.rawListeners(event);
    for (const listener of listeners) {
      try {
        Reflect.apply(listener, this, values);
      } catch (error) {
        report(error);
      }
    }
    return listeners.length > 0;
  }
}

// The facade is for every host, and the device has no EventEmitter; in this process all its systems
// are ones. Node.js makes what an emitter needs when its first listener comes.
Object.setPrototypeOf(SystemFacade.prototype, EventEmitter.prototype as object);

/** What a listener throws is uncaught: it ends the process, if nobody has a say. */
function report(error: unknown): void {
  process.nextTick(() => {
    throw error;
  });
}

/** Loaded when somebody asks for it: other runs do without. */
async function watchPauses({ port = INSPECTOR_PORT }: InspectOptions): Promise<Pauses> {
  const { openInspector, Pauses } = await import("../debug/pauses.js");
  openInspector(port);
  return new Pauses();
}

/**
 * Boots a system from the application's manifest: its path, its folder, or the manifest itself as
 * an object. The tasks do not run yet: system.start().
 *
 * Rejects with a UsageError that names a wrong argument, with a ManifestError that lists
 * everything that is wrong with the manifest, or with the services that its modules define, and
 * with an InputError for what is wrong in the description of its simulated board.
 */
export async function boot(
  manifest: string | JsonObject,
  options: BootOptions = {},
): Promise<System> {
  checkBootArguments(manifest, options);
  const app = readManifest(manifest, options);
  const { seed = Date.now() } = options;
  const isTraced = options.trace !== undefined;
  const compiler = compilerFor(app, isTraced);
  const { problems, unchecked, services } = await checkDefinitions(
    app,
    await inputsOf(app, compiler),
  );
  if (problems.length > 0) throw new ManifestError(app.file, problems);
  const early: [LogLevel, string][] = [];
  let log = (level: LogLevel, text: string): void => void early.push([level, text]);
  const pauses = options.inspect === undefined ? null : await watchPauses(options.inspect);
  const hardware = await startHardware(app, seed, {
    log: (level, text) => log(level, `hardware: ${text}`),
    report,
  });
  const net = await connectBoards(app.net, options.net, (level, text) => log(level, text));
  const system = new System(
    new Application(app, compiler, isTraced, services),
    { ...options, seed },
    hardware,
    pauses,
    net,
  );
  log = (level, text) => system.log(level, text);
  if (unchecked !== "") log("warn", unchecked);
  for (const [level, text] of early) log(level, text);
  return system;
}
