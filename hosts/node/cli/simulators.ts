/**
 * Finds the running simulator that a command is for, and asks it.
 */
import { type ControlConnection, connectControl } from "../control/ask.js";
import { controlPlace, type Place } from "../control/place.js";
import {
  type Answer,
  type Hello,
  PROTOCOL_VERSION,
  type Request,
  type WatchMessage,
} from "../watch/protocol.js";
import { InputError, UsageError } from "../input-error.js";
import { shownPath } from "../manifest/shown-path.js";
import { FailedError } from "./exit-code.js";
import { printJson, withJsonProblems } from "./json-problems.js";
import { readOptions } from "./options.js";

/** A running simulator. */
export interface Simulator {
  readonly pid: number;
  /** Path of its manifest. */
  readonly manifest: string;
  /**
   * Has it do something, and resolves to what it found. Throws an InputError for a task that there
   * is not, a FailedError when it could not.
   */
  ask(request: Request): Promise<unknown>;
  /**
   * Has `heard` told of all that goes on there. Resolves when the simulator has gone, or after
   * leave(); throws a FailedError when it cannot.
   */
  watch(frame_ms: number, heard: (message: WatchMessage) => void): Promise<void>;
  /** Ends a watch. */
  leave(): void;
}

/** What a command found: for programs, and for people. */
export interface Finding {
  readonly json: object;
  readonly text: string;
}

/** What a command of this kind does, once its simulator is found. `task` is its argument. */
export type Inquiry = (simulator: Simulator, task: string) => Promise<Finding>;

/** The value of a good answer. */
function valueOf(answer: Answer): unknown {
  if (answer.ok) return answer.value;
  if (answer.refusal === "UNKNOWN_TASK") throw new InputError(answer.error, [answer.error]);
  throw new FailedError(answer.error);
}

/** Calls. What goes wrong on the way is told with the pid. */
async function call(
  connection: ControlConnection,
  pid: number,
  request: Request,
): Promise<unknown> {
  let answer: Answer;
  try {
    answer = await connection.call(request);
  } catch (error) {
    throw new FailedError(`simulator ${pid}: ${(error as Error).message}`, { cause: error });
  }
  return valueOf(answer);
}

async function greet(connection: ControlConnection, pid: number): Promise<Simulator> {
  const { protocol, manifest } = (await call(connection, pid, { call: "hello" })) as Hello;
  if (protocol !== PROTOCOL_VERSION) {
    throw new FailedError(`simulator ${pid} is of another version of Reattach`);
  }
  return {
    pid,
    manifest,
    ask: (request) => call(connection, pid, request),
    watch: async (frame_ms, heard) => {
      try {
        await connection.watch(frame_ms, heard);
      } catch (error) {
        throw new FailedError(`simulator ${pid}: ${(error as Error).message}`, { cause: error });
      }
    },
    leave: () => connection.close(),
  };
}

/** One that does not answer may be the one that is meant, so it counts and is shown. */
async function describe(connection: ControlConnection, pid: number): Promise<string> {
  try {
    const { manifest } = await greet(connection, pid);
    return `  ${pid}  ${shownPath(manifest)}`;
  } catch (error) {
    if (!(error instanceof FailedError)) throw error;
    return `  ${pid}  ${error.message}`;
  }
}

function readPid(run: string | undefined): number | undefined {
  if (run === undefined) return undefined;
  if (/^[1-9]\d*$/.test(run)) return Number(run);
  throw new UsageError(`--run: found "${run}", allowed is the pid of a simulator`);
}

/** Connects to all that run, or to the one that is named. */
async function connectAll(
  place: Place,
  named: number | undefined,
  into: Map<number, ControlConnection>,
): Promise<void> {
  try {
    const pids = place.pids().filter((pid) => named === undefined || pid === named);
    for (const pid of pids) {
      const connection = await connectControl(place, pid);
      if (connection !== undefined) into.set(pid, connection);
    }
  } catch (error) {
    throw new FailedError((error as Error).message, { cause: error });
  }
}

/** Greets the only one. Throws when there is none, and a list when there are several. */
async function choose(
  connections: ReadonlyMap<number, ControlConnection>,
  which: string,
): Promise<Simulator> {
  const [first, ...others] = connections;
  if (first === undefined) throw new FailedError(`found no running simulator ${which}`);
  if (others.length === 0) return greet(first[1], first[0]);
  const lines = await Promise.all(
    [...connections].map(async ([pid, connection]) => describe(connection, pid)),
  );
  throw new UsageError(
    `found ${lines.length} running simulators, choose one with --run <pid>\n${lines.join("\n")}`,
  );
}

/** Finds the simulator with this pid, or the only one, for as long as `act` takes. */
export async function withSimulator(
  run: string | undefined,
  act: (simulator: Simulator) => Promise<void>,
): Promise<void> {
  const named = readPid(run);
  const place = controlPlace();
  const who = named === undefined ? "" : `with the pid ${named} `;
  const connections = new Map<number, ControlConnection>();
  try {
    await connectAll(place, named, connections);
    await act(await choose(connections, `${who}in ${place.folder}`));
  } finally {
    for (const connection of connections.values()) connection.close();
  }
}

/**
 * Runs a command that asks a running simulator, with --run and --json. Resolves to the exit code;
 * throws an InputError or a FailedError, which with --json is printed instead.
 */
export async function inquire(
  argv: string[],
  required: readonly string[],
  inquiry: Inquiry,
): Promise<number> {
  const { values, positionals } = readOptions(argv, {
    options: { run: { type: "string" }, json: { type: "boolean" } },
    required,
  });
  return withJsonProblems(values.json === true, () =>
    withSimulator(values.run, async (simulator) => {
      const { pid, manifest } = simulator;
      const { json, text } = await inquiry(simulator, positionals[0] ?? "");
      if (values.json) printJson({ ok: true, run: pid, manifest, ...json });
      else process.stdout.write(text);
    }),
  );
}
