/**
 * Serves the built page and a play, as `reattach dev` serves a board: for tests of what the page
 * shows of states that a real board is hard to bring into, and holds for no longer than it must.
 */
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import type { Answer, Request, WatchMessage } from "../../../../hosts/node/watch/protocol.js";

const FILES: Readonly<Record<string, readonly [file: string, type: string]>> = {
  "/": ["index.html", "text/html; charset=utf-8"],
  "/page.js": ["page.js", "text/javascript"],
  "/page.css": ["page.css", "text/css"],
};
const FOLDER = join(import.meta.dirname, "../../../../dist/page");
const TOKEN = "0123456789abcdef0123";
const POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; " +
  "img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

export class ReplayServer {
  /** What the page has asked for. */
  readonly asked: Request[] = [];
  readonly #server = createServer((request, response) => void this.#serve(request, response));
  readonly #messages: readonly WatchMessage[];
  readonly #answer: (request: Request) => Answer;

  constructor(messages: readonly WatchMessage[], answer: (request: Request) => Answer) {
    this.#messages = messages;
    this.#answer = answer;
  }

  /** Begins to serve. Resolves to the address of the page, with its token. */
  async listen(): Promise<string> {
    this.#server.listen(0, "127.0.0.1");
    await once(this.#server, "listening");
    const { port } = this.#server.address() as AddressInfo;
    return `http://127.0.0.1:${port}/#${TOKEN}`;
  }

  close(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = request.url ?? "";
    const entry = FILES[path];
    response.setHeader("Content-Security-Policy", POLICY);
    if (entry !== undefined) {
      response.setHeader("Content-Type", entry[1]);
      response.end(await readFile(join(FOLDER, entry[0])));
    } else if (request.headers.authorization !== `Bearer ${TOKEN}`) {
      response.writeHead(401).end();
    } else if (path === "/events") {
      // It stays open: nothing more happens on this board.
      response.writeHead(200, { "Content-Type": "text/event-stream" });
      for (const message of this.#messages) response.write(`data: ${JSON.stringify(message)}\n\n`);
    } else if (path === "/call") {
      let body = "";
      for await (const piece of request.setEncoding("utf8")) body += String(piece);
      const call = JSON.parse(body) as Request;
      this.asked.push(call);
      response.writeHead(200, { "Content-Type": "application/json" });
      response.end(JSON.stringify(this.#answer(call)));
    } else {
      response.writeHead(404).end();
    }
  }
}
