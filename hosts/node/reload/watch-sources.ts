/**
 * Live reload: a saved file is compiled, and the tasks whose code has changed are replaced while
 * the others run. README.md says what comes of which change.
 *
 * One change is worked through after the other. A change that comes meanwhile is taken in: what was
 * being prepared for the last one is given up.
 */
import { isDeepStrictEqual } from "node:util";
import { compilerFor } from "../host/programs.js";
import { InputError } from "../input-error.js";
import { readManifest, type AppManifest } from "../manifest/read.js";
import type { System } from "../system/system.js";
import { type Build, build, servicesOf } from "./build.js";
import { type Change, WatchedFiles } from "./files.js";
import { changedLayouts, type Services } from "./layouts.js";
import { compareManifests } from "./manifest-change.js";
import { lineOf, type ReloadStep } from "./news.js";
import { Replacement } from "./replacement.js";
import { TypeCheck } from "./types.js";

/** A failure is told when nothing was saved for so long: half a save is none. */
const CONFIRM_MS = 80;

/** A watch over the sources of a system. */
export interface SourceWatch {
  /** Ends it. A task that starts from now on runs the newest sources. */
  close(): void;
}

/**
 * Watches the sources of a system: all files of its tasks' programs but those of packages, and its
 * manifest, if it was booted from a file. What is saved replaces what runs; the event "reload" and
 * the log tell. Resolves when they are watched.
 */
export async function watchSources(system: System): Promise<SourceWatch> {
  const watch = new Watch(system);
  await watch.begin();
  return watch;
}

/** Are the tasks at the same places? A trace has a ring for each, and its name. */
function isOfSamePlaces(one: AppManifest, other: AppManifest): boolean {
  const placesOf = ({ limits, tasks }: AppManifest): string =>
    [limits.tasks, ...tasks.map(({ name }) => name)].join();
  return placesOf(one) === placesOf(other);
}

/** A change and one that came after it. */
function both(first: Change, second: Change): Change {
  return {
    files: new Set([...first.files, ...second.files]),
    saved_ms: second.saved_ms,
    isStrange: first.isStrange && second.isStrange,
  };
}

class Watch implements SourceWatch {
  readonly #system: System;
  readonly #files: WatchedFiles;
  readonly #replacement: Replacement;
  readonly #types: TypeCheck;
  /** What runs. */
  #build!: Build;
  #services!: Services;
  /** The last build did not do; what was told of it. */
  #isBroken = false;
  #failure = "";
  /** What was saved and has not been looked at; and who wants to know of more. */
  #pending: Change | null = null;
  #wake: (() => void) | null = null;
  /** Aborted when there is more. */
  #more = new AbortController();
  #working: Promise<void> | null = null;
  #isClosed = false;

  constructor(system: System) {
    this.#system = system;
    this.#files = new WatchedFiles((change) => this.#saved(change));
    this.#replacement = new Replacement(system);
    this.#types = new TypeCheck(
      (level, text) => system.log(level, text),
      (since_ms) => this.#files.watchMore(this.#types.inputs, since_ms),
    );
  }

  async begin(): Promise<void> {
    const { application } = this.#system.live;
    const first = await this.#compile(application.manifest, null, null);
    this.#isBroken = first.problems.length > 0;
    this.#build = first;
    this.#services = await servicesOf(first);
    application.adopt(application.manifest, first.programs);
    this.#files.watch(first.inputs, this.#isBroken, first.begun_ms);
    await this.#takeWhatWasMissed();
    this.#types.begin(this.#build);
  }

  /** The manifest was read when the system was booted, and may have been saved since. */
  async #takeWhatWasMissed(): Promise<void> {
    const { manifest } = this.#system;
    const files = new Set(manifest.manifests);
    const now = this.#readManifest(files);
    if ("file" in now && isDeepStrictEqual(now, manifest)) return;
    this.#saved({ files, saved_ms: Date.now(), isStrange: false });
    await this.#working;
  }

  #compile(
    app: AppManifest,
    before: Build | null,
    changed: ReadonlySet<string> | null,
  ): Promise<Build> {
    const { manifest, programs } = this.#system.live.application;
    return build(app, before, changed, (source) =>
      source === manifest ? programs.compiler : compilerFor(source, programs.isTraced),
    );
  }

  close(): void {
    this.#isClosed = true;
    this.#files.close();
    this.#more.abort();
    this.#wake?.();
    this.#replacement.close();
    this.#types.close();
    const { application } = this.#system.live;
    application.adopt(application.manifest, new Map());
  }

  #saved(change: Change): void {
    this.#pending = this.#pending === null ? change : both(this.#pending, change);
    this.#more.abort();
    this.#wake?.();
    this.#working ??= this.#work();
  }

  async #work(): Promise<void> {
    while (this.#pending !== null && !this.#isClosed) {
      const change: Change = this.#pending;
      this.#pending = null;
      this.#more = new AbortController();
      const isDone = await this.#tryTake(change);
      // Not done: what was saved meanwhile is to be looked at together with it.
      if (!isDone && this.#pending !== null) this.#pending = both(change, this.#pending);
    }
    this.#working = null;
  }

  async #tryTake(change: Change): Promise<boolean> {
    try {
      return await this.#take(change);
    } catch (error) {
      // A fault of the reload itself: told as one, and with the next save all is compiled.
      this.#isBroken = true;
      this.#system.log("error", `live reload: ${(error as Error).stack ?? String(error)}`);
      return false;
    }
  }

  /** Does all that a change asks for; false when it was given up for another one. */
  async #take(change: Change): Promise<boolean> {
    const app = this.#readManifest(change.files);
    if (!("file" in app)) return this.#fail(change, app.problems);
    // What was saved and failed is not known any more.
    const next = await this.#compile(app, this.#build, this.#isBroken ? null : change.files);
    const inputs = [...next.inputs, ...this.#build.inputs, ...this.#types.inputs];
    this.#files.watch(inputs, next.problems.length > 0, next.begun_ms);
    if (this.#more.signal.aborted) return false;
    if (next.problems.length > 0) return this.#fail(change, next.problems);
    return this.#apply(next, change);
  }

  /** The manifest, read again where it may have changed; or what is wrong with it. */
  #readManifest(
    files: ReadonlySet<string>,
  ): AppManifest | { readonly problems: readonly string[] } {
    const { manifest } = this.#system;
    const isChanged = this.#isBroken || manifest.manifests.some((file) => files.has(file));
    if (!isChanged || !manifest.isFile) return manifest;
    try {
      return readManifest(manifest.file, { platform: manifest.platform });
    } catch (error) {
      if (error instanceof InputError) return { problems: error.problems };
      throw error;
    }
  }

  async #fail(change: Change, problems: readonly string[]): Promise<boolean> {
    this.#isBroken = true;
    // What is missing may come: a file that nobody could read.
    this.#files.wantStrangers();
    await this.#pause(CONFIRM_MS);
    if (this.#more.signal.aborted) return false;
    const text = problems.join("\n");
    const isKnown = change.isStrange && text === this.#failure;
    this.#failure = text;
    if (!isKnown) this.#tell(change, { step: "failed", text, problems });
    return true;
  }

  /** Waits, unless there is more to do. */
  #pause(ms: number): Promise<void> {
    if (this.#more.signal.aborted) return Promise.resolve();
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, ms);
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  async #apply(next: Build, change: Change): Promise<boolean> {
    const { app, programs } = next;
    const { application } = this.#system.live;
    const asked = compareManifests(application.manifest, app);
    if (application.programs.isTraced && !isOfSamePlaces(application.manifest, app)) {
      const why = "while messages are traced, other tasks take another start of the command";
      return this.#fail(change, [...asked.board, why]);
    }
    const changed = app.tasks.filter(({ name, file }) => {
      const own = this.#build.programs.get(file);
      return asked.tasks.includes(name) || own?.url !== programs.get(file)!.url;
    });
    const isNew = changed.length > 0;
    const { signal } = this.#more;
    const [services, prepared, types] = await Promise.all([
      isNew ? servicesOf(next) : this.#services,
      asked.board.length > 0 ? [] : this.#replacement.prepare(changed, programs, signal),
      this.#types.look(next, signal),
    ]);
    const findings = services.isLike(this.#services) ? null : await services.look();
    const problems = findings?.problems ?? [];
    const layouts = await changedLayouts(this.#services, services);
    const isGivenUp = signal.aborted;
    const wrong = [...types.problems, ...problems, ...prepared];
    if (isGivenUp || wrong.length > 0) this.#replacement.withdraw();
    if (isGivenUp) return false;
    if (wrong.length > 0) return this.#fail(change, wrong);
    // Point of no return: from here on the new code is what runs.
    const wasBroken = this.#isBroken;
    this.#isBroken = false;
    this.#failure = "";
    this.#services = services;
    this.#types.adopt(types);
    this.#files.watch([...next.inputs, ...this.#types.inputs], false);
    if (findings !== null) application.services = findings.services;
    application.adopt(app, programs);
    this.#replacement.take();
    this.#build = { ...next, app: application.manifest };
    const why = [...asked.board, ...layouts.map((name) => `service ${name} has another layout`)];
    const { files, saved_ms } = change;
    const isBoardModule = app.hardware !== null && files.has(app.hardware);
    const later = isBoardModule ? [...asked.later, "the simulated board"] : asked.later;
    for (const text of asked.atOnce) this.#tell(change, { step: "applied", text });
    for (const text of later) {
      this.#tell(change, {
        step: "applied",
        text: `${text}: takes effect when the command is started again`,
      });
    }
    if (why.length > 0) {
      await this.#restartBoard(change, why.join("; "));
    } else if (isNew) {
      const tasks = changed.map(({ name }) => name);
      this.#tell(change, { step: "compiled", tasks, took_ms: Date.now() - saved_ms });
      await this.#replacement.replace(tasks, saved_ms, (step) => this.#tell(change, step));
    } else if (asked.atOnce.length + later.length === 0) {
      this.#tell(change, { step: wasBroken ? "mended" : "unchanged" });
    }
    return true;
  }

  async #restartBoard(change: Change, text: string): Promise<void> {
    this.#tell(change, { step: "restarted", text });
    const system = this.#system;
    const isOff = system.state === "off";
    const restarted = system.reboot(`the sources have changed: ${text}`);
    // Those too that the manifest did not have before. A board that is off is made anew alone.
    await (isOff ? restarted : Promise.all([restarted, system.start()]));
  }

  #tell({ files }: Change, step: ReloadStep): void {
    if (this.#isClosed) return;
    const line = lineOf(step);
    if (line !== null) this.#system.log(step.step === "failed" ? "error" : "info", line);
    this.#system.tellReload({ files: [...files], ...step });
  }
}
