/**
 * The page's end of `reattach dev`: one stream of server-sent events, each a message, and orders by
 * POST. The token goes in a header, so that it is in no address and no log; EventSource has none.
 */
import type { Answer, Request, WatchMessage } from "../../watch/protocol.js";
import { Lines } from "./lines.js";

/** How the page is connected. */
export type LinkState =
  | "connecting"
  | "live"
  /** The server is gone: the simulator has ended, or the network has. It is tried again. */
  | "lost"
  /** The token is missing or wrong. It is not tried again. */
  | "refused"
  /** There are too many other pages. It is tried again. */
  | "busy";

export interface LinkListener {
  onMessage(message: WatchMessage): void;
  onState(state: LinkState): void;
}

const RETRY_MS = 1000;
const DATA = "data:";

export class Link {
  readonly #token: string;
  readonly #listener: LinkListener;

  constructor(token: string, listener: LinkListener) {
    this.#token = token;
    this.#listener = listener;
  }

  /** Reads the stream, and opens it again whenever it ends. Ends itself only when it is refused. */
  async run(): Promise<void> {
    for (;;) {
      const end = await this.#readOnce();
      this.#listener.onState(end);
      if (end === "refused") return;
      await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
    }
  }

  /** Asks for something, or has it done. Never rejects: what goes wrong is an answer too. */
  async ask(request: Request): Promise<Answer> {
    try {
      const response = await fetch("call", {
        method: "POST",
        headers: { ...this.#headers(), "Content-Type": "application/json" },
        body: JSON.stringify(request),
      });
      return (await response.json()) as Answer;
    } catch (error) {
      return { ok: false, refusal: "FAILED", error: `the simulator is gone: ${String(error)}` };
    }
  }

  #headers(): Record<string, string> {
    return { Authorization: `Bearer ${this.#token}` };
  }

  async #readOnce(): Promise<LinkState> {
    try {
      const response = await fetch("events", { headers: this.#headers(), cache: "no-store" });
      if (response.status === 401 || response.status === 403) return "refused";
      if (response.status === 503) return "busy";
      if (!response.ok || response.body === null) return "lost";
      this.#listener.onState("live");
      const lines = new Lines();
      const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
      for (;;) {
        const { done, value } = await reader.read();
        if (done) return "lost";
        for (const line of lines.push(value)) {
          // Server-sent events: other fields than data, and comments, are no messages.
          if (!line.startsWith(DATA)) continue;
          this.#listener.onMessage(JSON.parse(line.slice(DATA.length)) as WatchMessage);
        }
      }
    } catch {
      // A connection that breaks is an error of fetch, whatever broke it.
      return "lost";
    }
  }
}
