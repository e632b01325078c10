/**
 * The programs of an application's tasks, by the modules that its manifest names.
 *
 * A program is compiled from the newest sources when it is asked for; unless one is kept for the
 * module: live reload (reload/) does so, as what was saved last may not be fit to run.
 */
import { Compiler, type Program } from "../compile/compile.js";
import { InputError } from "../input-error.js";
import { runtimeModules } from "./runtime.js";

/** What of a manifest says where programs come from. */
export interface ProgramSource {
  /** Specifier to absolute path. */
  readonly modules: ReadonlyMap<string, string>;
  /** The module that describes the simulated board; null when there is none. */
  readonly hardware: string | null;
}

/** A compiler for the programs of an application; `isTraced`: they trace their messages. */
export function compilerFor({ modules, hardware }: ProgramSource, isTraced = false): Compiler {
  return new Compiler({ modules, runtime: runtimeModules(hardware !== null, isTraced) });
}

export class Programs {
  /** Do they trace their messages? */
  readonly isTraced: boolean;
  #source: ProgramSource;
  #compiler: Compiler;
  /** By the file of the module. */
  #kept: ReadonlyMap<string, Program> = new Map();

  constructor(source: ProgramSource, compiler: Compiler, isTraced: boolean) {
    this.#source = source;
    this.#compiler = compiler;
    this.isTraced = isTraced;
  }

  /** What compiles them: it has those in store that have not changed since. */
  get compiler(): Compiler {
    return this.#compiler;
  }

  /** Is there a module of this name? */
  has(module: string): boolean {
    return this.#source.modules.has(module);
  }

  /** The program of a module. Rejects with a CompileError. */
  async of(module: string): Promise<Program> {
    const file = this.#source.modules.get(module);
    // The manifest may have changed since somebody asked has().
    if (file === undefined) {
      const problem = `there is no module "${module}" in the manifest any more`;
      throw new InputError(problem, [problem]);
    }
    return this.#kept.get(file) ?? (await this.#compiler.compile(file));
  }

  /**
   * From now on modules are where this source says, and of these files the programs that are given
   * run, whatever is saved: until the next keep().
   */
  keep(source: ProgramSource, kept: ReadonlyMap<string, Program>): void {
    if (source !== this.#source) this.#compiler = compilerFor(source, this.isTraced);
    this.#source = source;
    this.#kept = kept;
  }

  /** Ends the compiler's process, until the next of(). */
  stop(): Promise<void> {
    return this.#compiler.stop();
  }
}
