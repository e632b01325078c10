/**
 * The blocking calls of a task as generators over the forms that do not block: they yield until
 * when they would sleep, and look again when they are called again.
 */
import { pollSend } from "../../../src/ha/async.js";
import {
  EAGAIN,
  ENOENT,
  ha_open,
  type MessageInfo,
  MsgReceive,
  sendAsync,
} from "../../../src/index.js";
import type { RecoveryFunction } from "../../../src/ha/attach.js";

/** How often a host looks at a send whose connection is being recovered. */
const TICK_MS = 10;
/** How often to look whether a service is there. */
const LOOK_MS = 20;

/** What a call waits for, until when at the latest; in the end its result. */
export type Call = Generator<number, number, void>;

/** MsgSend. */
export function* send(coid: number, message: Uint8Array, reply: Uint8Array): Call {
  let result: number | null = null;
  const error = sendAsync(coid, message, message.length, reply, reply.length, (status) => {
    result = status;
  });
  if (error !== 0) return error;
  for (;;) {
    pollSend();
    if (result !== null) return result;
    const { outbox, port } = $vm;
    const isRecovering = outbox.lostStatus !== 0;
    const look_ms = isRecovering ? port.now() + TICK_MS : Infinity;
    if (outbox.states === 0) yield look_ms;
    // When its time is over and it is the server's to end it: shortly.
    else yield Math.min(look_ms, Math.max(outbox.until, port.now() + 1));
  }
}

/** MsgReceive. */
export function* receive(chid: number, message: Uint8Array, info: MessageInfo): Call {
  for (;;) {
    const rcvid = MsgReceive(chid, message, message.length, info);
    if (rcvid >= 0) return rcvid;
    yield Infinity;
  }
}

/** delay. */
export function* sleep(ms: number): Call {
  const end = $vm.port.now() + ms;
  while ($vm.port.now() < end) yield end;
  return 0;
}

/**
 * ha_open, as soon as the service is there, and room for a connection: those of dead clients stay
 * until their server has been told, and one that hangs is told late.
 */
export function* open(name: string, recover: RecoveryFunction): Call {
  for (;;) {
    const coid = ha_open(name, 0, recover, null, 0);
    if (coid >= 0) return coid;
    if (coid !== -ENOENT && coid !== -EAGAIN) throw new Error(`${name}: ha_open: ${coid}`);
    yield* sleep(LOOK_MS);
  }
}
