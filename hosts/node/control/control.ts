/**
 * The control of a running simulator: a socket on which `reattach ps`, `kill` and their like, in
 * another terminal, ask what goes on and have something done.
 *
 * It is a guest: it does not keep the process alive, a client that is wrong, slow or gone costs
 * nobody else anything, and what it keeps of a client is bounded.
 */
import { chmodSync } from "node:fs";
import { createServer, type Server, type Socket } from "node:net";
import { allowedNames } from "../../../src/manifest/suggest.js";
import type { HamDirectory, TaskStatus } from "../../../src/manager/status.js";
import type { SystemUsage } from "../../../src/kernel/inspect/view.js";
import type { Outcome } from "../../../src/manager/supervise/outcome.js";
import { outputOf } from "../log/output.js";
import { connectControl } from "./ask.js";
import { LineReader, TOO_LONG } from "./lines.js";
import { controlPlace, isProcessAlive, type Place, preparePlace, removeAddress } from "./place.js";
import {
  type Answer,
  type Hello,
  LINE_MAX,
  PROTOCOL_VERSION,
  readRequest,
  type Refusal,
  type Request,
  RequestError,
} from "./requests.js";

/** Clients at the same time. More than that is a program that forgets to leave. */
const CLIENTS_MAX = 32;
/** How long a client that was turned away may stay. */
const LEAVE_MS = 1000;

/** What a control can show and do. A System is one. */
export interface Controllable {
  /** Whose system it is: the path of the manifest. */
  readonly manifest: { readonly file: string };
  /** A look at every task. */
  ps(): TaskStatus[];
  /** The manager's tree. */
  ham(): HamDirectory;
  /** How full the tables of the arena are. */
  usage(): SystemUsage;
  /** Ends a task from outside: a death. Resolves when it is gone. */
  kill(name: string): Promise<unknown>;
  /** Has a task hang, wherever it is. */
  hang(name: string): void;
  /** Keeps a task from being restarted. */
  hold(name: string): void;
  /** Ends a hold. */
  release(name: string): void;
  /** Ends a task and starts it again. Resolves when that has happened. */
  restart(name: string): Promise<unknown>;
}

/** Where a control is reached. */
export interface ControlOptions {
  /** Stands for XDG_RUNTIME_DIR, or else the folder for temporary files. */
  readonly runtimeFolder?: string;
}

/** An open control. */
export interface Control {
  /** Path of its socket; on Windows the name of its pipe. */
  readonly address: string;
  /** Ends it and its connections, and removes the socket. Resolves when all is gone. */
  close(): Promise<void>;
}

function asLine(answer: Answer): string {
  return `${JSON.stringify(answer)}\n`;
}

function refuse(refusal: Refusal, error: string): string {
  return asLine({ ok: false, refusal, error });
}

/** The request names a task that there is not. */
class UnknownTaskError extends Error {}

/** Carries out a request. Throws an UnknownTaskError, and what the system throws. */
async function obey(system: Controllable, request: Request): Promise<Answer> {
  switch (request.call) {
    case "hello": {
      const { file } = system.manifest;
      const hello: Hello = { protocol: PROTOCOL_VERSION, pid: process.pid, manifest: file };
      return { ok: true, value: hello };
    }
    case "ps":
      return { ok: true, value: system.ps() };
    case "ham":
      return { ok: true, value: system.ham() };
    case "usage":
      return { ok: true, value: system.usage() };
    default: {
      const { call, task } = request;
      // The main VM is shown as "main", but it is no task.
      const names = system.ps().flatMap(({ name }) => (name === "main" ? [] : [name]));
      if (!names.includes(task)) {
        throw new UnknownTaskError(`found task "${task}", ${allowedNames(task, names)}`);
      }
      const outcome = (await system[call](task)) as Outcome | undefined;
      if (outcome === "stuck") throw new Error(`${task} cannot be ended: its thread is stuck`);
      return { ok: true, value: outcome === undefined || outcome === "done" ? null : outcome };
    }
  }
}

function refusalOf(error: unknown): Refusal {
  if (error instanceof RequestError) return "BAD_REQUEST";
  return error instanceof UnknownTaskError ? "UNKNOWN_TASK" : "FAILED";
}

/** The answer to a line, as a line. */
async function answerTo(system: Controllable, line: string | typeof TOO_LONG): Promise<string> {
  if (line === TOO_LONG) {
    return refuse("BAD_REQUEST", `found a longer line, allowed are ${LINE_MAX} characters`);
  }
  try {
    return asLine(await obey(system, readRequest(line)));
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return refuse(refusalOf(error), message);
  }
}

/** Resolves when the line is on its way, or when the client has gone. */
function write(socket: Socket, line: string): Promise<void> {
  return new Promise((resolve) => {
    socket.write(line, () => resolve());
  });
}

/**
 * Answers one client, request by request: while one is worked on, no more is read. A client may end
 * its side as soon as it has asked all, and is answered all.
 */
async function serve(socket: Socket, system: Controllable): Promise<void> {
  const reader = new LineReader(LINE_MAX);
  // Its own side of the connection stays open when the client has ended the other.
  const pieces = socket.setEncoding("utf8").iterator({ destroyOnReturn: false });
  for await (const piece of pieces as AsyncIterable<string>) {
    for (const line of reader.push(piece)) await write(socket, await answerTo(system, line));
  }
  if (reader.isInside) await write(socket, refuse("BAD_REQUEST", "found a line without its end"));
  socket.end();
}

/** Says that there is no room, and waits a little for the client to read it and to leave. */
function turnAway(socket: Socket): void {
  socket.setTimeout(LEAVE_MS, () => socket.destroy());
  socket.resume();
  socket.end(refuse("BUSY", `found ${CLIENTS_MAX} other clients, which is the most`));
}

/** Removes what dead processes have left, and sees that this one has no control yet. */
async function cleanPlace(place: Place): Promise<void> {
  for (const pid of place.pids()) {
    if (pid !== process.pid && isProcessAlive(pid)) continue;
    const other = await connectControl(place, pid);
    other?.close();
    if (other === undefined || pid !== process.pid) continue;
    throw new Error(`this process has a control already: ${place.addressOf(pid)}`);
  }
  // Of a process that had this pid before.
  removeAddress(place.addressOf(process.pid));
}

async function listen(server: Server, address: string): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(address, () => {
      server.off("error", reject);
      resolve();
    });
  });
  if (process.platform !== "win32") chmodSync(address, 0o600);
}

/**
 * Opens the control of a system, for the command line of the same user. It listens until it is
 * closed or the process ends, and does not keep the process alive.
 *
 * Rejects when the process has a control already, and when there is no safe place for the socket:
 * its folder belongs to somebody else or is open to others, or its path is too long.
 */
export async function openControl(
  system: Controllable,
  { runtimeFolder }: ControlOptions = {},
): Promise<Control> {
  const place = controlPlace(runtimeFolder);
  preparePlace(place);
  await cleanPlace(place);
  const address = place.addressOf(process.pid);
  const clients = new Set<Socket>();
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    socket.unref();
    // It went away. Its "close" follows, and nothing of it is left.
    socket.on("error", () => socket.destroy());
    const isFull = clients.size >= CLIENTS_MAX;
    clients.add(socket);
    socket.on("close", () => clients.delete(socket));
    if (isFull) turnAway(socket);
    // What is thrown here is that the client went away in the middle.
    else serve(socket, system).catch(() => socket.destroy());
  });
  server.unref();
  await listen(server, address);
  // A client that could not be accepted, for want of file descriptors. The next one may be.
  server.on("error", ({ message }) => outputOf(2).write(`reattach: control: ${message}\n`));
  const removeAtExit = (): void => removeAddress(address);
  process.on("exit", removeAtExit);
  return {
    address,
    close: async () => {
      process.off("exit", removeAtExit);
      const closed = new Promise((resolve) => server.close(resolve));
      for (const socket of clients) socket.destroy();
      await closed;
      removeAddress(address);
    },
  };
}
