/**
 * The programs of an application as its sources are now, beside those that run: what has changed,
 * and what is wrong.
 */
import { CompileError, type Compiler, type Program } from "../compile/compile.js";
import { isInPackage } from "../compile/packages.js";
import type { AppManifest } from "../manifest/read.js";
import { shownPath } from "../manifest/shown-path.js";
import { Services } from "./layouts.js";

/** Programs by the files of their modules. */
export type ProgramsByFile = ReadonlyMap<string, Program>;

/** What was built of an application. */
export interface Build {
  readonly app: AppManifest;
  readonly compiler: Compiler;
  /** Of those that compile. */
  readonly programs: ProgramsByFile;
  /** A sentence for each problem; empty when all compile. */
  readonly problems: readonly string[];
  /** Absolute paths of all files that decide what comes of the next build. */
  readonly inputs: ReadonlySet<string>;
  /** What was saved from then on may not be in it: as Date.now() has it. */
  readonly begun_ms: number;
}

/** One that differs from the one that runs by comments alone is that one, of other inputs. */
function merged(own: Program | undefined, next: Program): Program {
  return own?.digest === next.digest ? { ...next, url: own.url } : next;
}

/**
 * Builds an application. `before` is what runs, if anything does; `changed` are the files that are
 * others since then, null when that is not known: then all is compiled. `compilerFor` makes a
 * compiler for the programs of an application.
 */
export async function build(
  app: AppManifest,
  before: Build | null,
  changed: ReadonlySet<string> | null,
  compilerFor: (app: AppManifest) => Compiler,
): Promise<Build> {
  const begun_ms = Date.now();
  const isSame = before?.app === app;
  const compiler = isSame ? before.compiler : compilerFor(app);
  const isKept = (own: Program): boolean =>
    isSame && changed !== null && !own.inputs.some((file) => changed.has(file));
  const programs = new Map<string, Program>();
  const problems = new Set<string>();
  const inputs = new Set(app.manifests);
  if (app.hardware !== null) inputs.add(app.hardware);
  const compileOne = async (file: string): Promise<void> => {
    const own = before?.programs.get(file);
    try {
      const program =
        own !== undefined && isKept(own) ? own : merged(own, await compiler.compile(file));
      if (program.exports.includes("main")) programs.set(file, program);
      else problems.add(`${shownPath(file)}: exports no main(), which a task must export`);
      for (const input of program.inputs) inputs.add(input);
    } catch (error) {
      if (!(error instanceof CompileError)) throw error;
      for (const problem of error.problems) problems.add(problem);
      for (const input of await compiler.lookedFor(file)) inputs.add(input);
    }
  };
  await Promise.all([...new Set(app.tasks.map(({ file }) => file))].map(compileOne));
  for (const input of inputs) if (isInPackage(input)) inputs.delete(input);
  return { app, compiler, programs, problems: [...problems], inputs, begun_ms };
}

/** The services that the programs of a build define. */
export function servicesOf({ app, programs }: Build): Promise<Services> {
  const files = new Set([...programs.values()].flatMap(({ inputs }) => inputs));
  return Services.of(app, files);
}
