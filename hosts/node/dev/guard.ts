/**
 * Who may speak to the server of `reattach dev`: whoever has the token that was printed, from this
 * machine, by a page of this server or by no page at all. Whoever gets in kills tasks.
 *
 * Against whom: another page in the same browser (Origin, and no CORS headers), a name that is made
 * to lead to 127.0.0.1 (Host), another user of this machine (the token), a page that frames or
 * loads this one (the headers).
 */
import { randomBytes, timingSafeEqual } from "node:crypto";
import type { IncomingHttpHeaders } from "node:http";

const HTTP_PORT = 80;
/** Of 128 bits. */
const TOKEN_BYTES = 16;

/** What goes with every answer. Scripts and styles are this server's files, and nothing else. */
export const HEADERS: Readonly<Record<string, string>> = Object.freeze({
  "Content-Security-Policy":
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; " +
    "img-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  "X-Content-Type-Options": "nosniff",
  "Referrer-Policy": "no-referrer",
  "Cross-Origin-Opener-Policy": "same-origin",
  "Cross-Origin-Resource-Policy": "same-origin",
  "Cache-Control": "no-store",
});

/** A request that is turned away: with which status, and why. */
export interface Rejection {
  readonly status: number;
  readonly error: string;
}

/** A new token: letters and digits that may stand in an address. */
export function createToken(): string {
  return randomBytes(TOKEN_BYTES).toString("base64url");
}

/** The names under which a browser on this machine reaches the server. */
function hostsOf(port: number): readonly string[] {
  const names = ["127.0.0.1", "localhost", "[::1]"];
  const hosts = names.map((name) => `${name}:${port}`);
  // A browser leaves the port of http out.
  return port === HTTP_PORT ? [...names, ...hosts] : hosts;
}

/** Why a request must not even see the page; null when it may. */
export function judgeSource(headers: IncomingHttpHeaders, port: number): Rejection | null {
  const { host = "", origin } = headers;
  if (!hostsOf(port).includes(host.toLowerCase())) {
    return { status: 421, error: "this server answers to the address that it has printed" };
  }
  // A page that has none, or hides it, is not this server's.
  if (origin !== undefined && origin.toLowerCase() !== `http://${host.toLowerCase()}`) {
    return { status: 403, error: "another page may not ask" };
  }
  const site = headers["sec-fetch-site"];
  if (site === undefined || site === "same-origin" || site === "none") return null;
  return { status: 403, error: "another page may not ask" };
}

/** Is this the token? How long that takes says nothing about how much of it is right. */
export function isToken(given: string, token: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(token)];
  return a.length === b.length && timingSafeEqual(a, b);
}

/** The token of a request: "Authorization: Bearer …"; "" for none. */
export function bearerOf({ authorization = "" }: IncomingHttpHeaders): string {
  return /^Bearer ([\w-]+)$/i.exec(authorization)?.[1] ?? "";
}
