/**
 * Bugs in typed services.
 */
import type { Mutant } from "../mutant.js";

const CALLS = "src/service/calls.ts";
const CLIENT = "src/service/client.ts";
const CONNECTION = "src/service/connection.ts";
const DEFINE = "src/service/define.ts";
const LAYOUT = "src/service/layout.ts";
const PARTS = "src/service/parts.ts";
const PROTOCOL = "src/service/protocol.ts";
const QUEUE = "src/service/queue.ts";
const ROUTE = "src/service/route.ts";
const SERVER = "src/service/server.ts";
const TABLE = "src/service/table.ts";
const TEXT = "src/service/text.ts";

/** Versions, and who is told of another one. */
const versions: readonly Mutant[] = [
  {
    name: "a client takes a call that has other fields at its server",
    file: CONNECTION,
    find: "    if (version.member === member.fingerprint) {",
    replace: "    if (version.isKnown) {",
    breaks: [],
  },
  {
    name: "a client that knows one call of its server asks for no other",
    file: CONNECTION,
    find: "      return i === calls.length + pulses.length ? EOK : GO_ON;",
    replace: "      return EOK;",
    breaks: [],
  },
  {
    name: "a client that refuses its server keeps the connection",
    file: CONNECTION,
    find: "    else ha_close(coid);\n    return status;",
    replace: "    return status;",
    breaks: [],
  },
  {
    name: "a main VM that refuses its server keeps the connection",
    file: CONNECTION,
    find: "      ha_close(coid);\n      for (const send of pending)",
    replace: "      for (const send of pending)",
    breaks: [],
  },
  {
    name: "a client waits for ever for the version of a server that is busy",
    file: CONNECTION,
    find: "    TimerTimeout(_NTO_TIMEOUT_SEND | _NTO_TIMEOUT_REPLY, timeLeft(until));",
    replace: "    TimerTimeout(_NTO_TIMEOUT_SEND & _NTO_TIMEOUT_REPLY, timeLeft(until));",
    breaks: [],
  },
  {
    name: "a server does not tell which pulses it knows",
    file: ROUTE,
    find: "      known = 1;\n      found = pulse.fingerprint;",
    replace: "      found = 0;",
    breaks: [],
  },
  {
    name: "the fingerprint of a call says nothing of its reply",
    file: DEFINE,
    find: "`${name}(${request.shape})${reply.shape}${once}`",
    replace: "`${name}(${request.shape})${once}`",
    breaks: [],
  },
  {
    name: "a tag is the same in all versions of a call",
    file: PROTOCOL,
    find: "  return (fingerprint & 0xffff_0000) | type;",
    replace: "  return type;",
    breaks: [],
  },
];

/** What a server answers, and how often. */
const answers: readonly Mutant[] = [
  {
    name: "a server's loop does not look at the length of a message",
    file: SERVER,
    find: "        if (route.plainTag !== tag || route.bytes !== info.srcmsglen) {",
    replace: "        if (route.plainTag !== tag) {",
    breaks: [],
  },
  {
    name: "a server answers a message of another length as if it were its own",
    file: TABLE,
    find: "    else if (route.bytes !== info.srcmsglen) MsgError(rcvid, EPROTO);\n",
    replace: "",
    breaks: [],
  },
  {
    name: "the tag of the message before is read in a message that is shorter",
    file: TABLE,
    find: "    const isOwn = info.srcmsglen >= TAG_BYTES;",
    replace: "    const isOwn = true;",
    breaks: [],
  },
  {
    name: "a reply holds what the one before has left",
    file: SERVER,
    find: "          if (route.outBytes !== 0) route.out.fill(0);\n",
    replace: "",
    breaks: [],
  },
  {
    name: "the same on a channel that is shared, and for a call that takes effect once",
    file: ROUTE,
    find: "    this.out.fill(0);\n",
    replace: "",
    breaks: [],
  },
  {
    name: "a message that is answered later is answered with an error at once",
    file: ROUTE,
    find: "    if (status === LATER) return;\n",
    replace: "",
    breaks: [],
  },
  {
    name: "the same on a channel that is shared",
    file: ROUTE,
    find: "    if (status !== LATER) this.answer(rcvid, status);",
    replace: "    this.answer(rcvid, status);",
    breaks: [],
  },
  {
    name: "a status that no call has leaves the client waiting, and nobody is told",
    file: ROUTE,
    find: "    if (!(status < 0) || MsgError(rcvid, -status) === -EINVAL) this.complain(status);",
    replace: "    if (status < 0) MsgError(rcvid, -status);",
    breaks: [],
  },
  {
    name: "an error of a handler is not sent",
    file: ROUTE,
    find: "    if (!(status < 0) || MsgError(rcvid, -status) === -EINVAL) this.complain(status);",
    replace: "    if (!(status < 0)) this.complain(status);",
    breaks: [],
  },
  {
    name: "a handler reads the messages of the loop before",
    file: TABLE,
    find: "      this.tag = this.#readFrom(msg.buffer);\n      this.info = info;",
    replace: "      this.info = info;",
    breaks: [],
  },
  {
    name: "a call that takes effect once goes past its ledger",
    file: ROUTE,
    find: "    this.plainTag = call.once ? NaN : call.tag;",
    replace: "    this.plainTag = call.tag;",
    breaks: [5],
  },
  {
    name: "a call that was sent again takes effect again",
    file: ROUTE,
    find: "    if (this.#ledger.answers(rcvid, info)) return;\n",
    replace: "",
    breaks: [5],
  },
  {
    name: "what is answered later is sent and not committed",
    file: ROUTE,
    find: "    return error < 0 ? error : this.#commit(rcvid, status, this.#info);",
    replace: "    return super.answer(rcvid, status);",
    breaks: [5],
  },
  {
    name: "an effect that the ledger has no room for is kept, and nobody is told",
    file: ROUTE,
    find: "    if (result < 0 && result !== -ESRCH) throw",
    replace: "    if (result < 0 && result !== result) throw",
    breaks: [5],
  },
  {
    name: "a ledger with shorter replies than the service's is taken",
    file: SERVER,
    find: "  if (reply.bytes <= ledger.replyBytes) return ledger;",
    replace: "  if (ledger.replyBytes > 0) return ledger;",
    breaks: [5],
  },
];

/** A server's loop, its name and its pulses. */
const loops: readonly Mutant[] = [
  {
    name: "a pulse is received and nobody is called",
    file: SERVER,
    find: "        this.#dispatchPulse();\n",
    replace: "",
    breaks: [],
  },
  {
    name: "a pulse has the value of the one before",
    file: SERVER,
    find: "    readPulse(context.msg, context.pulse);\n",
    replace: "",
    breaks: [],
  },
  {
    name: "stop() is forgotten while messages come",
    file: SERVER,
    find: "    if (this.#table !== null) this.#table.isGoing = false;\n",
    replace: "",
    breaks: [],
  },
  {
    name: "a service that has ended keeps its name",
    file: SERVER,
    find: "  server.close();\n",
    replace: "",
    breaks: [],
  },
  {
    name: "onPeriod waits until no message comes",
    file: SERVER,
    find: "      if (status === -ETIMEDOUT) status = EOK;\n      if (port.now() < next) continue;",
    replace: "      if (status !== -ETIMEDOUT) continue;\n      status = EOK;",
    breaks: [7],
  },
  {
    name: "onPeriod is called while messages come, and never without one",
    file: SERVER,
    find: "Math.max(0, next - port.now())",
    replace: "Infinity",
    breaks: [7],
  },
  {
    name: "a name that is taken leaves a channel behind",
    file: SERVER,
    find: "      if (this.#ownsChannel) dispatch_destroy(channel);\n",
    replace: "",
    breaks: [],
  },
  {
    name: "a service that shares a channel takes it down with it",
    file: SERVER,
    find: "    return this.#ownsChannel ? name_detach(this.chid, 0) : -EINVAL;",
    replace: "    return name_detach(this.chid, 0);",
    breaks: [],
  },
];

/** Where fields lie. */
const layouts: readonly Mutant[] = [
  {
    name: "a field lies where the one before ends",
    file: LAYOUT,
    find: "    const at = roundUp(end, field.align);",
    replace: "    const at = end;",
    breaks: [],
  },
  {
    name: "a message ends with its last field",
    file: LAYOUT,
    find: "    bytes: roundUp(end, align),",
    replace: "    bytes: end,",
    breaks: [],
  },
  {
    name: "fields of one kind are read at the offset of the first",
    file: LAYOUT,
    find: "${field.bytes}@${at}`",
    replace: "${field.bytes}`",
    breaks: [],
  },
  {
    name: "texts at one offset have the length of the first",
    file: LAYOUT,
    find: "![0]}${field.bytes}@${at}`",
    replace: "![0]}@${at}`",
    breaks: [],
  },
  {
    name: "the structs of an array overlap",
    file: PARTS,
    find: "each.view(buffer, at + i * each.bytes)",
    replace: "each.view(buffer, at + i)",
    breaks: [],
  },
  {
    name: "request and reply of a client share their bytes",
    file: CALLS,
    find: "    this.reply = createRecord(reply, buffer, replyAt);",
    replace: "    this.reply = createRecord(reply, buffer, 0);",
    breaks: [],
  },
  {
    name: "behind a shorter text there is the end of the one before",
    file: TEXT,
    find: "  while (at < start + room) view.setUint8(at++, 0);\n",
    replace: "",
    breaks: [],
  },
  {
    name: "a text that is too long is written into the next field",
    file: TEXT,
    find: "  if (bytes > room) throw",
    replace: "  if (bytes > 2 ** 16) throw",
    breaks: [],
  },
];

/** Opening, limits, and calls of the main VM. */
const clients: readonly Mutant[] = [
  {
    name: "messages that are too long for the system are found out when they are sent",
    file: CLIENT,
    find: "  checkLimits(service, systemLimits().messageBytes);\n",
    replace: "",
    breaks: [],
  },
  {
    name: "TimerTimeout does not limit open()",
    file: CONNECTION,
    find: "    const limit = $vm.armedStates === 0 ? Infinity : $vm.armedUntil;",
    replace: "    const limit = Infinity;",
    breaks: [],
  },
  {
    name: "a time limit is used up by the connecting, and the call has none",
    file: CALLS,
    find: "    if (states !== 0) TimerTimeout(states, Math.max(0, until - $vm.port.now()));",
    replace: "    if (states !== 0) TimerTimeout(0, Math.max(0, until - $vm.port.now()));",
    breaks: [],
  },
  {
    name: "calls go on through a connection that was closed",
    file: CONNECTION,
    find: "    this.#keep(-1);\n",
    replace: "    this.coid = -1;\n",
    breaks: [],
  },
  {
    name: "a queued call is sent with the request of the next one",
    file: CALLS,
    find: "      const sent = this.#sent.slice();",
    replace: "      const sent = this.#sent;",
    breaks: [],
  },
  {
    name: "a call overtakes those that wait",
    file: QUEUE,
    find: `  add(send: QueuedSend): number {
    if ($vm.outbox.done === null && this.#waiting.length === 0)`,
    replace: `  add(send: QueuedSend): number {
    if ($vm.outbox.done === null)`,
    breaks: [],
  },
  {
    name: "the calls of a main VM that are not connected yet have no limit",
    file: QUEUE,
    find: "    if (this.#isFull) return -EAGAIN;\n    this.#held++;",
    replace: "    this.#held++;",
    breaks: [],
  },
  {
    name: "places of calls that were not sent are never free again",
    file: QUEUE,
    find: "    this.#held -= count;\n",
    replace: "",
    breaks: [],
  },
  {
    name: "behind a call that cannot be sent all others wait for ever",
    file: QUEUE,
    find: "      if (error < 0) send.done(error);\n",
    replace: "      if (error < 0) return send.done(error);\n",
    breaks: [1],
  },
  {
    name: "calls that have waited for the version are not told of another one",
    file: CONNECTION,
    find: "      for (const send of pending) send.done(status);\n",
    replace: "",
    breaks: [1],
  },
];

export const MUTANTS: readonly Mutant[] = [
  ...versions,
  ...answers,
  ...loops,
  ...layouts,
  ...clients,
];
