/**
 * The way to the manager: requests as messages to the main VM, from a task; as a call, in the main
 * VM itself. Keeps a VM's one connection, $vm.manager.
 */
import * as L from "../arena/layout.js";
import { requireAttached } from "../arena/vm.js";
import type { ManagerPort } from "../host.js";
import { managerChid } from "../kernel/channel/channel.js";
import { ConnectAttach, ConnectDetach } from "../kernel/connection/connect-attach.js";
import { _NTO_SIDE_CHANNEL, ND_LOCAL_NODE } from "../kernel/connection/connection.js";
import { EBADF, EINVAL, EMSGSIZE, ENXIO, LOST } from "../kernel/errno.js";
import { send } from "../kernel/message/send.js";
import { MAIN_PID } from "../kernel/task/task.js";
import { ring } from "../kernel/task/doorbell.js";
import { rearm, SEND_STATES } from "../kernel/time/timeout.js";
import {
  type Operation,
  PART_HEADER_BYTES,
  REQUEST_BYTES_MAX,
  requestBytes,
  START_SERVICE,
  writePartHead,
  writeRequest,
} from "./request.js";

/** The manager answers within a tick. When it takes this long the main VM is stuck: say so. */
const REPLY_MS = 5_000;

/** A VM's connection to the manager. */
interface ManagerLink {
  /** The coid; -1 for none. */
  coid: number;
  /** ham_connect() calls that have not been taken back. */
  references: number;
  /** Room for a message. */
  readonly message: Uint8Array;
}

function linkOf(): ManagerLink {
  requireAttached();
  return ($vm.manager as ManagerLink | null) ?? ($vm.manager = createLink());
}

function createLink(): ManagerLink {
  return { coid: -1, references: 0, message: new Uint8Array($words[L.HEAD_MESSAGE_BYTES]) };
}

/** Makes sure of the connection. 0, or why there is none. */
function openLink(link: ManagerLink): number {
  if (!$vm.port.mayBlock) return $vm.port.manager?.call === undefined ? -ENXIO : 0;
  if (link.coid >= 0) return 0;
  const chid = managerChid();
  if (chid < 0) return chid;
  const coid = ConnectAttach(ND_LOCAL_NODE, MAIN_PID, chid, _NTO_SIDE_CHANNEL, 0);
  if (coid < 0) return coid;
  link.coid = coid;
  return 0;
}

function closeLink(link: ManagerLink): void {
  if (link.coid >= 0) ConnectDetach(link.coid);
  link.coid = -1;
}

/** One more user of the connection. 0; or -ENXIO (no manager runs), or as ConnectAttach. */
export function connect(): number {
  const link = linkOf();
  const error = openLink(link);
  if (error !== 0) return error;
  link.references++;
  return 0;
}

/** One less; the last one closes it. 0; or -EINVAL when there was none. */
export function disconnect(): number {
  const link = linkOf();
  if (link.references === 0) return -EINVAL;
  link.references--;
  if (link.references === 0) closeLink(link);
  return 0;
}

/** Connects when nobody has yet. */
export function connectOnce(): number {
  return linkOf().references > 0 ? 0 : connect();
}

/**
 * Asks the manager, and waits for its answer: until TimerTimeout's limit, but at most REPLY_MS.
 * Needs a connection. Returns the answer; or -EINVAL (an argument is not of its kind), -EMSGSIZE
 * (more than REQUEST_BYTES_MAX), -ETIMEDOUT.
 */
export function ask(operation: Operation, args: readonly unknown[]): number {
  const link = linkOf();
  const bytes = requestBytes(operation, args);
  if (bytes < 0) return bytes;
  if (bytes > REQUEST_BYTES_MAX) return -EMSGSIZE;
  const isWhole = bytes <= link.message.length;
  const request = isWhole ? link.message : new Uint8Array(bytes);
  writeRequest(request, operation, args);
  const { port } = $vm;
  if (!port.mayBlock) return port.manager?.call?.(request, bytes) ?? -EBADF;
  const until = limitOfSend();
  return isWhole ? transmit(link, bytes, until) : transmitInParts(link, request, until);
}

/** Now and REPLY_MS, or sooner when TimerTimeout says so. */
function limitOfSend(): number {
  const isArmed = ($vm.armedStates & SEND_STATES) !== 0;
  const limit = isArmed ? $vm.armedUntil : $vm.limitUntil;
  const until = $vm.port.now() + REPLY_MS;
  return limit < until ? limit : until;
}

/** Sends the first bytes of the link's own buffer. */
function transmit(link: ManagerLink, bytes: number, until: number): number {
  rearm(SEND_STATES, until);
  const status = send(link.coid, link.message, bytes, null, 0);
  return status < -LOST ? status + LOST : status;
}

/** The answer to the last part is that to the request. */
function transmitInParts(link: ManagerLink, request: Uint8Array, until: number): number {
  const { message } = link;
  const room = message.length - PART_HEADER_BYTES;
  for (let offset = 0; ;) {
    const left = request.length - offset;
    const count = left < room ? left : room;
    writePartHead(message, offset, request.length);
    for (let i = 0; i < count; i++) message[PART_HEADER_BYTES + i] = request[offset + i];
    const status = transmit(link, PART_HEADER_BYTES + count, until);
    offset += count;
    if (status < 0 || offset === request.length) return status;
  }
}

/** The manager as a task reaches it: what src/ha asks of it. */
export class ManagerClient implements ManagerPort {
  /** The main VM looks after its tasks when its doorbell rings. */
  serviceLost(_service: string): void {
    ring(L.TASKS_AT);
  }

  startService(service: string): number {
    const link = linkOf();
    const error = openLink(link);
    if (error !== 0) return error;
    const status = ask(START_SERVICE, [service]);
    if (link.references === 0) closeLink(link);
    return status;
  }
}
