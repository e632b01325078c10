/**
 * The server of `reattach dev`: the page, the stream of what it sees, its orders, and /metrics. On
 * this machine only; guard.ts says who may speak to it.
 *
 *     GET  /, /page.js, /page.css   the page, built with the package: these files and no others
 *     GET  /events                  messages of watch/protocol.ts, as server-sent events
 *     POST /call                    one request of the same protocol, and its answer
 *     GET  /metrics                 for Prometheus
 *
 * All but the page need the token: "Authorization: Bearer …", or ?token=… for /metrics.
 */
import { readFileSync } from "node:fs";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { fileURLToPath } from "node:url";
import { UsageError } from "../input-error.js";
import type { Desk } from "../control/desk.js";
import { outputOf } from "../log/output.js";
import { type Answer, REQUEST_MAX } from "../watch/protocol.js";
import type { Watch } from "../watch/watch.js";
import { bearerOf, createToken, HEADERS, isToken, judgeSource, type Rejection } from "./guard.js";

/** The files of the page: by what is asked for. */
const FILES: Readonly<Record<string, readonly [file: string, type: string]>> = {
  "/": ["index.html", "text/html; charset=utf-8"],
  "/index.html": ["index.html", "text/html; charset=utf-8"],
  "/page.js": ["page.js", "text/javascript; charset=utf-8"],
  "/page.css": ["page.css", "text/css; charset=utf-8"],
};

/** A request that does not come to its end within this is dropped. */
const REQUEST_MS = 10_000;
/** Streams of all who watch, and as many short requests beside them. */
const CONNECTIONS_MAX = 64;

const JSON_TYPE = "application/json; charset=utf-8";

/** Who is told what goes on. A Watch is one. */
type Streams = Pick<Watch, "isFull" | "watchers" | "join">;

/** What a server is made of. */
export interface StudioOptions {
  readonly desk: Pick<Desk, "answer"> & { watch(): Promise<Streams> };
  /** What /metrics says. */
  readonly metrics: { readonly type: string; text(): Promise<string> };
  /** The folder of the page, with a slash at its end. */
  readonly page: URL;
  /** 0 for any that is free. */
  readonly port: number;
}

/** An open server. */
export interface Studio {
  /** With the token behind the #, where no log and no other server sees it. */
  readonly address: string;
  readonly port: number;
  readonly token: string;
  /** Ends it and its connections. Resolves when all is gone. */
  close(): Promise<void>;
}

function send(response: ServerResponse, status: number, type: string, body: string): void {
  response.writeHead(status, { ...HEADERS, "Content-Type": type });
  response.end(body);
}

function sendAnswer(response: ServerResponse, status: number, answer: Answer): void {
  send(response, status, JSON_TYPE, JSON.stringify(answer));
}

function turnAway(response: ServerResponse, { status, error }: Rejection): void {
  // What is left of a request that is turned away is not read.
  response.setHeader("Connection", "close");
  const refusal = status === 503 ? "BUSY" : status === 500 ? "FAILED" : "BAD_REQUEST";
  sendAnswer(response, status, { ok: false, refusal, error });
}

/** The body of a request as text; null when it is longer than allowed. */
async function bodyOf(request: IncomingMessage): Promise<string | null> {
  const pieces: Buffer[] = [];
  let bytes = 0;
  for await (const piece of request as AsyncIterable<Buffer>) {
    bytes += piece.length;
    if (bytes > REQUEST_MAX) return null;
    pieces.push(piece);
  }
  return Buffer.concat(pieces).toString("utf8");
}

class Site {
  readonly #options: StudioOptions;
  readonly #token: string;
  readonly #files = new Map<string, string>();

  constructor(options: StudioOptions, token: string) {
    this.#options = options;
    this.#token = token;
    for (const [file] of Object.values(FILES)) {
      this.#files.set(file, readFileSync(fileURLToPath(new URL(file, options.page)), "utf8"));
    }
  }

  async answer(request: IncomingMessage, response: ServerResponse, port: number): Promise<void> {
    const rejection = judgeSource(request.headers, port);
    if (rejection !== null) return turnAway(response, rejection);
    const target = request.url ?? "/";
    if (!URL.canParse(target, "http://localhost")) {
      return turnAway(response, { status: 400, error: "found no address" });
    }
    const { pathname, searchParams } = new URL(target, "http://localhost");
    const file = Object.hasOwn(FILES, pathname) ? FILES[pathname] : undefined;
    if (file !== undefined) {
      if (!isMethod(request, response, "GET")) return;
      return send(response, 200, file[1], this.#files.get(file[0])!);
    }
    const isMetrics = pathname === "/metrics";
    if (!isMetrics && pathname !== "/events" && pathname !== "/call") {
      return turnAway(response, { status: 404, error: "there is nothing here" });
    }
    const bearer = bearerOf(request.headers);
    const given = bearer === "" && isMetrics ? (searchParams.get("token") ?? "") : bearer;
    if (!isToken(given, this.#token)) {
      response.setHeader("WWW-Authenticate", "Bearer");
      return turnAway(response, { status: 401, error: "the token is missing or wrong" });
    }
    if (!isMethod(request, response, pathname === "/call" ? "POST" : "GET")) return;
    if (isMetrics) {
      const { metrics } = this.#options;
      return send(response, 200, metrics.type, await metrics.text());
    }
    return pathname === "/call" ? this.#call(request, response) : this.#stream(response);
  }

  async #call(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (!/^application\/json\s*(;|$)/i.test(request.headers["content-type"] ?? "")) {
      return turnAway(response, { status: 415, error: "allowed is application/json" });
    }
    const body = await bodyOf(request);
    if (body === null) {
      const error = `found a longer request, allowed are ${REQUEST_MAX} bytes`;
      return turnAway(response, { status: 413, error });
    }
    const answer = await this.#options.desk.answer(body, "page", async () => ({
      ok: false,
      refusal: "BAD_REQUEST",
      error: "call: a page watches by GET /events",
    }));
    sendAnswer(response, answer.ok ? 200 : 400, answer);
  }

  async #stream(response: ServerResponse): Promise<void> {
    const watch = await this.#options.desk.watch();
    if (watch.isFull) {
      const error = `found ${watch.watchers} other watchers, which is the most`;
      return turnAway(response, { status: 503, error });
    }
    response.writeHead(200, { ...HEADERS, "Content-Type": "text/event-stream" });
    watch.join(response, (json) => `data: ${json}\n\n`);
  }
}

/** Is it asked as it should be? Else that is said. */
function isMethod(request: IncomingMessage, response: ServerResponse, method: string): boolean {
  if (request.method === method) return true;
  response.setHeader("Allow", method);
  turnAway(response, { status: 405, error: `allowed is ${method}` });
  return false;
}

/**
 * Opens the server on 127.0.0.1. Rejects with a UsageError when the port is taken, with another
 * error when the page has not been built.
 */
export async function openStudio(options: StudioOptions): Promise<Studio> {
  const token = createToken();
  const site = makeSite(options, token);
  let port = 0;
  const server = createServer({ requestTimeout: REQUEST_MS }, (request, response) => {
    // It went away. Its "close" follows.
    response.on("error", () => response.destroy());
    site.answer(request, response, port).catch((error: unknown) => {
      if (response.headersSent) response.destroy();
      else turnAway(response, { status: 500, error: String(error) });
    });
  });
  server.maxConnections = CONNECTIONS_MAX;
  port = await listen(server, options.port);
  // A client that could not be accepted, for want of file descriptors. The next one may be.
  server.on("error", ({ message }) => outputOf(2).write(`reattach: page: ${message}\n`));
  return {
    address: `http://127.0.0.1:${port}/#${token}`,
    port,
    token,
    close: async () => {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
    },
  };
}

function makeSite(options: StudioOptions, token: string): Site {
  try {
    return new Site(options, token);
  } catch (error) {
    throw new Error(`the page is not there: ${(error as Error).message}`, { cause: error });
  }
}

async function listen(server: Server, port: number): Promise<number> {
  await new Promise<void>((resolve, reject) => {
    const fail = (error: NodeJS.ErrnoException): void => {
      const why = error.code === "EADDRINUSE" ? "it is taken" : error.message;
      reject(new UsageError(`--port: found ${port}, but ${why}`));
    };
    server.once("error", fail);
    server.listen(port, "127.0.0.1", () => {
      server.off("error", fail);
      resolve();
    });
  });
  return (server.address() as AddressInfo).port;
}
