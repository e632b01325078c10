/**
 * What goes from board to board: 16 bytes of header, all numbers little endian, then a body.
 *
 *      0  type << 4 | attempt         4  session       12  number of the call
 *      1  number of the service       8  pid of the    14  room for the reply, in bytes
 *      2  its life                        client
 *      3  priority
 *
 * A session belongs to two boards as they are since their last boot: who has booted anew knows none
 * of the old ones. The number of a call is counted by the client's board, for each of its clients,
 * and is the same for all transmissions of one call, of which `attempt` counts those that a server
 * may have seen.
 */

export const HEADER_BYTES = 16;

/** A client asks: the message follows. */
export const CALL = 1;
/** Its answer: a status of 4 bytes, then the reply. */
export const REPLY = 2;
/** Its server has died: a byte follows, SEEN or UNSEEN. */
export const LOST = 3;
/** The client is gone, or has closed its last connection to the service. */
export const BYE = 4;
/** A pulse: its code follows, 4 bytes, then its value. */
export const PULSE = 5;

/** Bytes behind the header of a pulse. */
export const PULSE_BODY_BYTES = 8;

/** The server may have seen the message (-ESRCH). */
export const SEEN = 1;
/** It has not (-EBADF). */
export const UNSEEN = 0;

/** How many numbers of calls there are; they wrap. */
export const NUMBERS = 0x1_0000;
/** How many lives of a service are told apart. */
export const SERVICE_LIVES = 0x100;
/** The most bytes of room that a client can have. */
export const ROOM_MAX = 0xffff;

/** Longer payloads are none of ours: the longest message that any board can have, and a header. */
export const FRAME_BYTES_MAX = 65_536 + 64;

const TYPE_SHIFT = 4;
const ATTEMPT_MASK = 7;

/** A header. */
export interface Header {
  type: number;
  /** Transmissions before this one that a server may have seen: 0 to 7, which is also for more. */
  attempt: number;
  service: number;
  life: number;
  priority: number;
  session: number;
  client: number;
  number: number;
  room: number;
}

/** A header with nothing in it, to be written again and again. */
export function createHeader(): Header {
  return {
    type: 0,
    attempt: 0,
    service: 0,
    life: 0,
    priority: 0,
    session: 0,
    client: 0,
    number: 0,
    room: 0,
  };
}

/** A frame with this header and `count` bytes of `body`. */
export function frameOf(header: Header, body: Uint8Array, count = body.length): Uint8Array {
  const bytes = new Uint8Array(HEADER_BYTES + count);
  const view = new DataView(bytes.buffer);
  view.setUint8(0, (header.type << TYPE_SHIFT) | (header.attempt & ATTEMPT_MASK));
  view.setUint8(1, header.service);
  view.setUint8(2, header.life);
  view.setUint8(3, header.priority);
  view.setUint32(4, header.session, true);
  view.setUint32(8, header.client, true);
  view.setUint16(12, header.number, true);
  view.setUint16(14, header.room, true);
  bytes.set(count === body.length ? body : body.subarray(0, count), HEADER_BYTES);
  return bytes;
}

/** Reads the header of a frame; false for what is none: too short, or of no type there is. */
export function readHeader(bytes: Uint8Array, header: Header): boolean {
  if (bytes.length < HEADER_BYTES) return false;
  const view = new DataView(bytes.buffer, bytes.byteOffset, HEADER_BYTES);
  const first = view.getUint8(0);
  header.type = first >>> TYPE_SHIFT;
  header.attempt = first & ATTEMPT_MASK;
  header.service = view.getUint8(1);
  header.life = view.getUint8(2);
  header.priority = view.getUint8(3);
  header.session = view.getUint32(4, true);
  header.client = view.getUint32(8, true);
  header.number = view.getUint16(12, true);
  header.room = view.getUint16(14, true);
  return (
    header.type >= CALL &&
    header.type <= PULSE &&
    bytes.length - HEADER_BYTES >= bodyMin(header.type)
  );
}

/** The fewest bytes of the body of a frame. */
function bodyMin(type: number): number {
  if (type === REPLY) return 4;
  if (type === LOST) return 1;
  return type === PULSE ? PULSE_BODY_BYTES : 0;
}

/** Is a number older than another one? Half of all numbers are. */
export function isOlder(number: number, than: number): boolean {
  return ((number - than) & (NUMBERS - 1)) >= NUMBERS / 2;
}

/** The session of a client's board and a server's board, from what each has drawn at its boot. */
export function sessionOf(client: number, server: number): number {
  return (Math.imul(client, 0x9e37_79b1) ^ Math.imul(server ^ 0x5bd1_e995, 0x85eb_ca6b)) >>> 0;
}
