/**
 * Definitions of services, looked at before a task runs: what they hold, and whether the manifest
 * has room for their messages. A device's linker does the same with those that are preloaded.
 */
import { readFileSync } from "node:fs";
import { Worker } from "node:worker_threads";
import { CompileError, Compiler, type Program } from "../compile/compile.js";
import { runtimeModules } from "../host/runtime.js";
import { shownPath } from "../manifest/shown-path.js";
import type { AppManifest } from "../manifest/read.js";
import type {
  DefinitionProblem,
  DefinitionsMessage,
  DefinitionsStart,
  ServiceShape,
} from "./protocol.js";

/** As rollup.config.mjs builds it. */
const THREAD = new URL("../../../task/definitions.js", import.meta.url);

/** All together may take so long to load. */
const LOAD_MS = 10_000;

/** And so much memory: many times what definitions need. */
const MEMORY = { maxOldGenerationSizeMb: 256 };

/** Of a source that defines services. Others need not be loaded. */
const DEFINES = /\bdefineService\b/;

/** What has been found. */
export interface DefinitionFindings {
  /** Sentences that begin with file, line and column. */
  readonly problems: readonly string[];
  /** "" when all have been looked at. */
  readonly unchecked: string;
  /** Fingerprints of the services, by their names. */
  readonly layouts: ReadonlyMap<string, number>;
  /** The services. */
  readonly services: readonly ServiceShape[];
}

/** The modules that define services. */
export interface Definitions {
  readonly files: readonly string[];
  /** Of those that compile. */
  readonly programs: readonly Program[];
}

const NOTHING: DefinitionFindings = {
  problems: [],
  unchecked: "",
  layouts: new Map(),
  services: [],
};

/** The program of a module; undefined for one that does not compile: who runs it is told. */
async function programOf(file: string, compiler: Compiler): Promise<Program | undefined> {
  try {
    return await compiler.compile(file);
  } catch (error) {
    if (error instanceof CompileError) return undefined;
    throw error;
  }
}

/** Its text; "" of a module that cannot be read or is gone: whoever imports it is told. */
function textOf(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return "";
  }
}

function sentenceOf({ place, text }: DefinitionProblem): string {
  return place === "" ? text : `${shownPath(place)}: ${text}`;
}

/**
 * Has definitions loaded in a thread of their own, and looked at: what is wrong, also with messages
 * longer than the manifest allows. Does not block, and ends within `limit_ms`.
 */
export function loadDefinitions(
  { files, programs }: Definitions,
  messageBytes: number,
  limit_ms = LOAD_MS,
): Promise<DefinitionFindings> {
  if (files.length === 0) return Promise.resolve(NOTHING);
  const start: DefinitionsStart = { programs: programs.map(({ url }) => url), messageBytes };
  const problems = new Set<string>();
  const layouts = new Map<string, number>();
  const services: ServiceShape[] = [];
  const names = files.map(shownPath).join(", ");
  const why = `to load ${names} ends the thread, or takes more than ${limit_ms} ms`;
  let unchecked = `services were not looked at: ${why}`;
  // What they print, their tasks will print.
  const worker = new Worker(THREAD, {
    workerData: start,
    name: "definitions",
    execArgv: [],
    resourceLimits: MEMORY,
    stdout: true,
    stderr: true,
  });
  worker.on("message", (message: DefinitionsMessage) => {
    if (message.type === "done") unchecked = "";
    else if (message.type === "defined") {
      layouts.set(message.service.name, message.fingerprint);
      services.push(message.service);
    } else problems.add(sentenceOf(message));
  });
  worker.on("error", ({ message }) => {
    unchecked = `services were not looked at: ${names}: ${message}`;
  });
  return new Promise((resolve) => {
    const end = (): void => {
      clearTimeout(limit);
      resolve({ problems: [...problems], unchecked, layouts, services });
    };
    const limit = setTimeout(() => {
      void worker.terminate();
      // It cannot end while it waits for a child process, say. Nobody waits for it.
      worker.unref();
      end();
    }, limit_ms);
    worker.on("exit", end);
  });
}

/** Absolute paths of what the programs of all tasks are made of, as far as they compile. */
export async function inputsOf({ tasks }: AppManifest, compiler: Compiler): Promise<string[]> {
  const inputs: string[] = [];
  for (const { file } of tasks) inputs.push(...((await programOf(file, compiler))?.inputs ?? []));
  return inputs;
}

/** Those of an application's modules, and of the sources `inputs`, that define services. */
export async function findDefinitions(
  { modules, hardware }: AppManifest,
  inputs: Iterable<string>,
): Promise<Definitions> {
  const own = [...modules].filter(([name]) => !/^reattach(\/|$)/.test(name));
  const sources = new Set([...own.map(([, file]) => file), ...inputs]);
  const files = [...sources].filter((file) => DEFINES.test(textOf(file)));
  const runtime = new Map([
    ...runtimeModules(hardware !== null),
    ["reattach/service", THREAD.href],
  ]);
  const compiler = new Compiler({ modules, runtime });
  const programs: Program[] = [];
  for (const file of files) {
    const program = await programOf(file, compiler);
    if (program !== undefined) programs.push(program);
  }
  return { files, programs };
}

/**
 * What is wrong with the services that an application's modules define, or the sources `inputs`.
 * Does not block; takes the start of a thread where there are services, and else no time.
 */
export async function checkDefinitions(
  app: AppManifest,
  inputs: Iterable<string>,
): Promise<DefinitionFindings> {
  return loadDefinitions(await findDefinitions(app, inputs), app.limits.messageBytes);
}
