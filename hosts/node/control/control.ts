/**
 * The control of a running simulator: a socket on which `reattach ps`, `kill` and their like, in
 * another terminal, ask what goes on and have something done.
 *
 * It is a guest: it does not keep the process alive, a client that is wrong, slow or gone costs
 * nobody else anything, and what it keeps of a client is bounded.
 */
import { chmodSync } from "node:fs";
import { createServer, type Server, type Socket } from "node:net";
import { outputOf } from "../log/output.js";
import type { FaultInjection } from "../faults/injector.js";
import { connectControl } from "./ask.js";
import { LineReader, TOO_LONG } from "./lines.js";
import { controlPlace, isProcessAlive, type Place, preparePlace, removeAddress } from "./place.js";
import { type Answer, type Refusal, REQUEST_MAX, type WatchRequest } from "../watch/protocol.js";
import { type Controllable, Desk, refusalAnswer } from "./desk.js";

/** Clients at the same time. More than that is a program that forgets to leave. */
const CLIENTS_MAX = 32;
/** How long a client that was turned away may stay. */
const LEAVE_MS = 1000;

/** Where a control is reached. */
export interface ControlOptions {
  /** Stands for XDG_RUNTIME_DIR, or else the folder for temporary files. */
  readonly runtimeFolder?: string;
  /** The fault plan that is being carried out: others may see and change it. */
  readonly faults?: FaultInjection;
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

/** Resolves when the line is on its way, or when the client has gone. */
function write(socket: Socket, line: string): Promise<void> {
  return new Promise((resolve) => {
    socket.write(line, () => resolve());
  });
}

/**
 * Answers one client, request by request: while one is worked on, no more is read. A client may end
 * its side as soon as it has asked all, and is answered all. One that watches asks no more.
 */
async function serve(socket: Socket, desk: Desk): Promise<void> {
  const reader = new LineReader(REQUEST_MAX);
  // Its own side of the connection stays open when the client has ended the other.
  const pieces = socket.setEncoding("utf8").iterator({ destroyOnReturn: false });
  for await (const piece of pieces as AsyncIterable<string>) {
    for (const line of reader.push(piece)) {
      if (line === TOO_LONG) {
        const error = `found a longer line, allowed are ${REQUEST_MAX} characters`;
        await write(socket, refuse("BAD_REQUEST", error));
        continue;
      }
      const watching: WatchRequest[] = [];
      const answer = await desk.answer(line, "control", async (request) => {
        await desk.watch();
        watching.push(request);
        return { ok: true, value: null };
      });
      const [request] = watching;
      if (request === undefined) await write(socket, asAnswer(answer));
      else if (await letWatch(socket, desk, request)) return;
    }
  }
  if (reader.isInside) await write(socket, refuse("BAD_REQUEST", "found a line without its end"));
  socket.end();
}

/** What the system shows may be what JSON does not have. */
function asAnswer(answer: Answer): string {
  try {
    return asLine(answer);
  } catch (error) {
    return asLine(refusalAnswer(error));
  }
}

/** Makes a client a watcher: it hears of everything until it goes. False: there is no room. */
async function letWatch(socket: Socket, desk: Desk, { frame_ms }: WatchRequest): Promise<boolean> {
  const watch = await desk.watch();
  if (watch.isFull) {
    await write(
      socket,
      refuse("BUSY", `found ${watch.watchers} other watchers, which is the most`),
    );
    return false;
  }
  socket.write(asLine({ ok: true, value: null }));
  watch.join(socket, (json) => `${json}\n`, frame_ms);
  // Read to its end, to see that it goes.
  socket.resume();
  socket.on("end", () => socket.end());
  return true;
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
  { runtimeFolder, faults }: ControlOptions = {},
): Promise<Control> {
  return openDesk(new Desk(system, faults ?? null), runtimeFolder);
}

/** The same for a desk that others ask too. Closing it closes the desk. */
export async function openDesk(desk: Desk, runtimeFolder?: string): Promise<Control> {
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
    else serve(socket, desk).catch(() => socket.destroy());
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
      await desk.close();
      for (const socket of clients) socket.destroy();
      await closed;
      removeAddress(address);
    },
  };
}
