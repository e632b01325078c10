/**
 * Bugs in the common case in C (hosts/moddable/native).
 */
import type { Mutant } from "../mutant.js";

const NATIVE = "hosts/moddable/native";

export const MUTANTS: readonly Mutant[] = [
  {
    name: "C: a send publishes before it has copied the message",
    file: `${NATIVE}/send.h`,
    find: `	copyBytes(sendBufferOf(vm, vm->me), smsg, sbytes);
	do {
		status = publish(vm, entry, sbytes, rbytes);
`,
    replace: `	do {
		status = publish(vm, entry, sbytes, rbytes);
		copyBytes(sendBufferOf(vm, vm->me), smsg, sbytes);
`,
    breaks: [2],
  },
  {
    name: "C: a send sets its bit before its state",
    file: `${NATIVE}/send.h`,
    find: `	storeWord(vm, own + L_SLOT_STATE, sending);
	setBits(vm, channel + vm->pendingWord, vm->pendingBit);
`,
    replace: `	setBits(vm, channel + vm->pendingWord, vm->pendingBit);
	storeWord(vm, own + L_SLOT_STATE, sending);
`,
    breaks: [1],
  },
  {
    name: "C: a send does not look at the channel's life after it has published",
    file: `${NATIVE}/send.h`,
    find: "	if ((loadWord(channel + L_CHANNEL_LIFE) != to.life) && takeBack(vm, sending))\n		return LOST_EBADF;\n",
    replace: "",
    breaks: [1],
  },
  {
    name: "C: a message is taken back by a store",
    file: `${NATIVE}/send.h`,
    find: "	if (!replaceWord(vm, vm->own + L_SLOT_STATE, state, idle))\n		return false;\n",
    replace: "	(void)state;\n	storeWord(vm, vm->own + L_SLOT_STATE, idle);\n",
    breaks: [2],
  },
  {
    name: "C: a send looks at the doorbell after the state",
    file: `${NATIVE}/send.h`,
    find: `		int32_t seen = loadWord(own + L_TASK_BELL);
		int32_t state = loadWord(own + L_SLOT_STATE);
`,
    replace: `		int32_t state = loadWord(own + L_SLOT_STATE);
		int32_t seen = loadWord(own + L_TASK_BELL);
`,
    breaks: [1],
  },
  {
    name: "C: a sequence that begins again does not raise its high part",
    file: `${NATIVE}/send.h`,
    find: `	if (low == 0)
		poke(own + L_SLOT_SEQ_HIGH, (peek(own + L_SLOT_SEQ_HIGH) + 1) & L_SEQ_HIGH_MASK);
`,
    replace: "",
    breaks: [2],
  },
  {
    name: "C: a message that the server wants again is not sent again",
    file: `${NATIVE}/send.h`,
    find: "	} while (status == -L_ERESTART);",
    replace: "	} while (status == L_ERESTART);",
    breaks: [1],
  },
  {
    name: "C: a connection of another owner is sent through",
    file: `${NATIVE}/send.h`,
    find: "	return peek(vm->words + entry + L_CONNECTION_OWNER) == vm->pid ? entry : 0;",
    replace: "	return entry;",
    breaks: [8],
  },
  {
    name: "C: a receive clears the bit after it has looked at the state",
    file: `${NATIVE}/receive.h`,
    find: `	clearBits(vm, pending, bit);
	state = loadWord(slot + L_SLOT_STATE);
`,
    replace: `	state = loadWord(slot + L_SLOT_STATE);
	clearBits(vm, pending, bit);
`,
    breaks: [1],
  },
  {
    name: "C: a receive does not look again after it has copied",
    file: `${NATIVE}/receive.h`,
    find: "	if (loadWord(slot + L_SLOT_STATE) != received)\n		return 0;\n",
    replace: "",
    breaks: [2],
  },
  {
    name: "C: a receive takes messages for another incarnation of the channel",
    file: `${NATIVE}/receive.h`,
    find: `(peek(slot + L_SLOT_CHANNEL) == channel)
		&& (peek(slot + L_SLOT_CHANNEL_LIFE) == peek(vm->words + channel + L_CHANNEL_LIFE));`,
    replace: "(peek(slot + L_SLOT_CHANNEL) == channel);",
    breaks: [2],
  },
  {
    name: "C: of two senders of one priority the last to come is received first",
    file: `${NATIVE}/receive.h`,
    find: "	return (int32_t)(((uint32_t)a - (uint32_t)b) << 1) < 0;",
    replace: "	return (int32_t)(((uint32_t)b - (uint32_t)a) << 1) < 0;",
    breaks: [8],
  },
  {
    name: "C: a receive leaves a message that it does not take without its bit",
    file: `${NATIVE}/receive.h`,
    find: "		setBits(vm, pending, bit);\n		return SLOW;",
    replace: "		return SLOW;",
    breaks: [1],
  },
  {
    name: "C: a receive runs over the room for the message",
    file: `${NATIVE}/receive.h`,
    find: "(sent > vm->messageBytes) || (sent > room)",
    replace: "sent > vm->messageBytes",
    breaks: [3],
  },
  {
    name: "C: a reply writes without a claim",
    file: `${NATIVE}/reply.h`,
    find: `	if (!replaceWord(vm, slot + L_SLOT_STATE, sequence | L_SLOT_REPLY,
			sequence | L_SLOT_CLAIMED)) {`,
    replace: "	if (loadWord(slot + L_SLOT_STATE) != (sequence | L_SLOT_REPLY)) {",
    breaks: [2, 3],
  },
  {
    name: "C: a reply publishes before it has copied",
    file: `${NATIVE}/reply.h`,
    find: `	copyBytes(replyBufferOf(vm, task), msg, count);
	if ((int32_t)count > peek(slot + L_SLOT_WRITTEN))
		poke(slot + L_SLOT_WRITTEN, (int32_t)count);
	poke(slot + L_SLOT_STATUS, status);
	/* Publish the state, then look at the client's life: its death has left the slot to us. */
	storeWord(vm, slot + L_SLOT_STATE, sequence | L_SLOT_DONE);
`,
    replace: `	if ((int32_t)count > peek(slot + L_SLOT_WRITTEN))
		poke(slot + L_SLOT_WRITTEN, (int32_t)count);
	poke(slot + L_SLOT_STATUS, status);
	storeWord(vm, slot + L_SLOT_STATE, sequence | L_SLOT_DONE);
	copyBytes(replyBufferOf(vm, task), msg, count);
`,
    breaks: [2, 3],
  },
  {
    name: "C: a reply announces its claim after it has made it",
    file: `${NATIVE}/reply.h`,
    find: `	poke(own + L_TASK_CLAIMING, task);
	if (!replaceWord(vm, slot + L_SLOT_STATE, sequence | L_SLOT_REPLY,
			sequence | L_SLOT_CLAIMED)) {
		poke(own + L_TASK_CLAIMING, 0);
		return SLOW;
	}
`,
    replace: `	if (!replaceWord(vm, slot + L_SLOT_STATE, sequence | L_SLOT_REPLY,
			sequence | L_SLOT_CLAIMED))
		return SLOW;
	poke(own + L_TASK_CLAIMING, task);
`,
    breaks: [3],
  },
  {
    name: "C: a reply looks at the client's life before it publishes",
    file: `${NATIVE}/reply.h`,
    find: `	storeWord(vm, slot + L_SLOT_STATE, sequence | L_SLOT_DONE);
	life = loadWord(slot + L_TASK_LIFE);
`,
    replace: `	life = loadWord(slot + L_TASK_LIFE);
	storeWord(vm, slot + L_SLOT_STATE, sequence | L_SLOT_DONE);
`,
    breaks: [4],
  },
  {
    name: "C: an rcvid is taken without its high part",
    file: `${NATIVE}/reply.h`,
    find: `	if (peek(vm->words + task + L_SLOT_SEQ_HIGH)
			!= rcvid / ((int64_t)L_SEQ_LOW_RANGE * L_RCVID_INDEX_RANGE))
		return 0;
`,
    replace: "",
    breaks: [2],
  },
  {
    name: "C: a reply is made to another server's client",
    file: `${NATIVE}/reply.h`,
    find: "	return ((channel != 0) && (peek(vm->words + channel + L_CHANNEL_OWNER) == vm->pid)) ? task : 0;",
    replace: "	return channel != 0 ? task : 0;",
    breaks: [2],
  },
  {
    name: "C: a sleeper announces itself after it has looked at the poison",
    file: `${NATIVE}/doorbell.h`,
    find: `	storeOwn(own + L_TASK_SLEEP, (int32_t)(((uint32_t)peek(own + L_TASK_SLEEPS) << 1) | 1));
	if (loadWord(own + L_TASK_POISON) != 0) {
		storeOwn(own + L_TASK_SLEEP, 0);
		return false;
	}
`,
    replace: `	if (loadWord(own + L_TASK_POISON) != 0)
		return false;
	storeOwn(own + L_TASK_SLEEP, (int32_t)(((uint32_t)peek(own + L_TASK_SLEEPS) << 1) | 1));
`,
    breaks: [1],
  },
  {
    name: "C: a waker notifies a sleeper on its way once only",
    file: `${NATIVE}/doorbell.h`,
    find: "		ringAgain(vm, task, sleep);\n	else",
    replace: "		return;\n	else",
    breaks: [1],
  },
  {
    name: "C: a task that is woken for nothing takes it for news",
    file: `${NATIVE}/doorbell.h`,
    find: "isWoken && (peek(own + L_TASK_BELL) != seen)",
    replace: "isWoken",
    breaks: [1],
  },
  {
    name: "C: a client whose channel is gone waits on",
    file: `${NATIVE}/doorbell.h`,
    find: "		overslept(vm, seen, ms);\n		endUnanswerable(vm);\n",
    replace: "		overslept(vm, seen, ms);\n",
    breaks: [1],
  },
  {
    name: "C: a server does not look at who waits after it has taken a lower priority",
    file: `${NATIVE}/priority.h`,
    find: "	if (waiting > priority)\n		raisePriority(vm, channel, vm->me, waiting);\n",
    replace: "	(void)waiting;\n",
    breaks: [8],
  },
  {
    name: "C: a server takes any number for a priority",
    file: `${NATIVE}/priority.h`,
    find: "\n			|| !isPriority(priority))\n",
    replace: ")\n",
    breaks: [8],
  },
];
