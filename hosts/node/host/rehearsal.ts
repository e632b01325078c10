/**
 * What a thread that stands by does with its time: it goes through the first steps of a task, and
 * of a message, in a small arena of its own. V8 compiles a function when it is first called, and
 * when the thread is called a client is waiting.
 */
import { pollSend, sendAsync } from "../../../src/ha/async.js";
import { attachArena } from "../../../src/arena/arena.js";
import { ChannelDestroy } from "../../../src/kernel/channel/channel.js";
import { DEFAULT_LIMITS } from "../../../src/arena/limits.js";
import { MsgReceive } from "../../../src/kernel/message/receive.js";
import { MsgReply } from "../../../src/kernel/message/reply.js";
import { name_attach, name_open } from "../../../src/kernel/name/name.js";
import { createMsgInfo } from "../../../src/arena/records.js";
import { use } from "../../../src/arena/vm.js";
import { claimTask, PRIORITY_MIN } from "../../../src/kernel/task/task.js";
import { createPort } from "./port.js";
import { createArena } from "../../../src/kernel/task/boot.js";

/** Often enough for the paths that a first message takes. */
const ROUNDS = 3;

/** Rehearses. The thread is attached to nothing before and after. */
export function rehearse(): void {
  const log = (): void => undefined;
  // Nobody may block: both sides are played in one thread.
  const port = createPort({ mayBlock: false, spinMax: 0, isGuarded: false, log, manager: null });
  const client = createArena({ ...DEFAULT_LIMITS, trace: 0, stableBytes: 0 }, port);
  const pid = claimTask(1, PRIORITY_MIN);
  const server = attachArena(client.words.buffer as SharedArrayBuffer, port, pid);
  const chid = name_attach(null, "rehearsal", 0);
  use(client);
  const coid = name_open("rehearsal", 0);
  const message = new Uint8Array(DEFAULT_LIMITS.messageBytes);
  const info = createMsgInfo();
  for (let i = 0; i < ROUNDS; i++) {
    use(client);
    sendAsync(coid, message, message.length, message, message.length, log);
    use(server);
    const rcvid = MsgReceive(chid, message, message.length, info);
    MsgReply(rcvid, 0, message, message.length);
    // Nothing is there: as when a server waits.
    MsgReceive(chid, message, message.length, info);
    use(client);
    pollSend();
  }
  use(server);
  ChannelDestroy(chid);
  const nothing = { $words: undefined, $own: undefined, $me: undefined, $vm: undefined };
  Object.assign(globalThis, nothing);
}
