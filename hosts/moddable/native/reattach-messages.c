/*
 * The common case of messages for JavaScript: reattach-messages.js. All that is XS's own is here.
 *
 * It uses XS's inner header, as modules of Moddable's SDK do: nothing else tells a Uint8Array from
 * what only looks like one, and has Atomics.wait and notify for C. So it says which versions of XS
 * it was written for, and compiles for no other.
 *
 * Each function is the whole call. It looks at its arguments without running any code of theirs,
 * and does the common case; what is not common it hands, as it came, to the function of the same
 * name in TypeScript, which hosts/moddable/common-case.ts has given to the VM's messages.
 */
#include "xsAll.h"

/* hosts/xs-test has its own clock, locks and counters. */
#ifdef REATTACH_HOST
	#include REATTACH_HOST
#else
	#include "board.h"
#endif

#if (XS_MAJOR_VERSION == 17) && (XS_MINOR_VERSION >= 3) && (XS_MINOR_VERSION <= 10)
	#define beginWait(the)
	#define waitOn(the, word, ms) fxWaitSharedChunk(the, word, ms, C_NULL)
	#define endWait(the)
	#define notifyOne(vm, word) \
		fxNotifySharedChunk((vm)->host, (void*)(uintptr_t)(word), 1)
#elif (XS_MAJOR_VERSION == 13) && (XS_MINOR_VERSION == 3)
	#define beginWait(the) fxLinkSharedChunk(the)
	#define waitOn(the, word, ms) fxWaitSharedChunk(the, word, ms)
	#define endWait(the) fxUnlinkSharedChunk(the)
	#define notifyOne(vm, word) \
		fxNotifySharedChunk((vm)->host, (void*)(uintptr_t)(vm)->words, \
			(txInteger)((word) - (vm)->words) * L_WORD_BYTES, 1)
#else
	#error "reattach: written for XS 13.3 and 17.3 to 17.10: is this file right for this one?"
#endif

#define hostLock(vm) fxLockSharedChunk((void*)(uintptr_t)(vm)->words)
#define hostUnlock(vm) fxUnlockSharedChunk((void*)(uintptr_t)(vm)->words)
#define hostNotify(vm, word) notifyOne(vm, word)
#define hostWait(vm, word, seen, ms) waitFor(vm, word, seen, ms)
#define hostObey(vm) obey(vm)

#include "vm.h"

static bool waitFor(Vm* vm, volatile int32_t* word, int32_t seen, int32_t ms);
static void obey(Vm* vm);

#include "send.h"
#include "receive.h"
#include "reply.h"

/*
 * Names of the properties that are looked at in each call. All VMs number them alike, as the
 * module is preloaded; each writes them when it attaches.
 */
enum { VM_NAME, MESSAGES_NAME, INFO_NAMES, NAMES = INFO_NAMES + INFO_COUNT };
static txID names[NAMES];

static txID nameOf(int which)
{
	return __atomic_load_n(names + which, __ATOMIC_RELAXED);
}

/* In C, as Atomics.wait is: compared, then queued. False when the time was over. */
static bool waitFor(Vm* vm, volatile int32_t* word, int32_t seen, int32_t ms)
{
	txInteger outcome = 1;

	beginWait(vm->host);
	if (loadWord(word) == seen)
		outcome = waitOn(vm->host, (void*)(uintptr_t)word, ms);
	endWait(vm->host);
	return outcome != 0;
}

/* ---- what is given ---- */

/* A whole number from 0 on, an rcvid for one; else -1. */
static int64_t idOf(txSlot* slot)
{
	int64_t id;

	if (slot->kind == XS_INTEGER_KIND)
		return slot->value.integer;
	if ((slot->kind != XS_NUMBER_KIND) || !(slot->value.number >= 0)
			|| (slot->value.number >= 9007199254740992.0))
		return -1;
	id = (int64_t)slot->value.number;
	return (double)id == slot->value.number ? id : -1;
}

/* The same, where it fits into 31 bits: a coid, a count. */
static bool countOf(txSlot* slot, uint32_t* count)
{
	int64_t id = idOf(slot);

	*count = (uint32_t)id;
	return (id >= 0) && (id <= INT32_MAX);
}

/* The slot of what a typed array shows, if it is one of this kind and can not change its length. */
static txSlot* viewOf(txSlot* slot, txID constructor)
{
	txSlot* array = slot->kind == XS_REFERENCE_KIND ? slot->value.reference->next : C_NULL;
	txSlot* view;

	if (!array || (array->kind != XS_TYPED_ARRAY_KIND)
			|| (array->value.typedArray.dispatch->constructorID != constructor))
		return C_NULL;
	view = array->next;
	return view->next->value.reference->next->next->value.bufferInfo.maxLength < 0
		? view : C_NULL;
}

/* Where its bytes are now: a collection may move them. C_NULL for a buffer that is detached. */
static uint8_t* bytesOf(txSlot* view)
{
	txSlot* buffer = view->next->value.reference->next;
	uint8_t* bytes = (uint8_t*)(buffer->kind == XS_HOST_KIND ? buffer->value.host.data
		: buffer->value.arrayBuffer.address);

	return bytes ? bytes + view->value.dataView.offset : C_NULL;
}

static uint8_t noBytes[1];

/* The first `count` bytes of a Uint8Array, or of null, which has none; C_NULL for all else. */
static uint8_t* bufferOf(txSlot* slot, uint32_t count)
{
	txSlot* view;

	if (slot->kind == XS_NULL_KIND)
		return count == 0 ? noBytes : C_NULL;
	view = viewOf(slot, mxID(_Uint8Array));
	return (view && (count <= (uint32_t)view->value.dataView.size)) ? bytesOf(view) : C_NULL;
}

/* The same, to write to: not what lies in flash, or must not be changed. */
static uint8_t* roomOf(txSlot* slot, uint32_t count)
{
	uint8_t* bytes = bufferOf(slot, count);

	if (!bytes || (slot->kind == XS_NULL_KIND))
		return bytes;
	return (viewOf(slot, mxID(_Uint8Array))->next->value.reference->next->flag & XS_DONT_SET_FLAG)
		? C_NULL : bytes;
}

/* The first property of what createMsgInfo() has made, all of which are as it made them. */
static txSlot* infoOf(txSlot* slot)
{
	txSlot* instance = slot->kind == XS_REFERENCE_KIND ? slot->value.reference : C_NULL;
	txSlot* property = instance ? instance->next : C_NULL;
	int i;

	if (!instance || (instance->flag & XS_EXOTIC_FLAG) || instance->ID)
		return C_NULL;
	for (i = 0; i < INFO_COUNT; i++, property = property->next) {
		if (!property || (property->ID != nameOf(INFO_NAMES + i)) || (property->kind == XS_ACCESSOR_KIND)
				|| (property->flag & (XS_DONT_SET_FLAG | XS_INTERNAL_FLAG)))
			return C_NULL;
	}
	return instance->next;
}

/* ---- what is answered ---- */

static void setNumber(txSlot* slot, int64_t value)
{
	if ((value >= INT32_MIN) && (value <= INT32_MAX)) {
		slot->kind = XS_INTEGER_KIND;
		slot->value.integer = (txInteger)value;
	} else {
		slot->kind = XS_NUMBER_KIND;
		slot->value.number = (txNumber)value;
	}
}

static void setInfo(txSlot* property, const int64_t* values)
{
	int i;

	for (i = 0; i < INFO_COUNT; i++, property = property->next)
		setNumber(property, values[i]);
}

/* ---- what a VM has of it ---- */

static void xs_reattach_detach(void* data)
{
	c_free(data);
}

/* $vm.messages; throws in a VM that is no task's. */
static txSlot* messagesOf(txMachine* the)
{
	txSlot* slot = mxBehaviorGetProperty(the, mxGlobal.value.reference, nameOf(VM_NAME), 0, XS_OWN);

	if (slot && (slot->kind == XS_REFERENCE_KIND))
		slot = mxBehaviorGetProperty(the, slot->value.reference, nameOf(MESSAGES_NAME), 0, XS_OWN);
	if (!slot || (slot->kind != XS_REFERENCE_KIND))
		mxUnknownError("this code does not run in a Reattach task");
	return slot;
}

/* Its C half; C_NULL where there is none: in a VM that may not block. */
static Vm* vmOf(txSlot* messages)
{
	txSlot* host = messages->value.reference->next;

	return (host && (host->kind == XS_HOST_KIND)
		&& (host->value.host.variant.destructor == xs_reattach_detach)
		&& !hostIsOff()) ? host->value.host.data : C_NULL;
}

/* Vm.coids, which stands beside it. */
static const uint16_t* coidsOf(txSlot* messages)
{
	return (const uint16_t*)bytesOf(
		messages->value.reference->next->next->value.reference->next->next);
}

/* Calls a method of the VM's messages with the arguments of this call, or without any. */
static void callMethod(txMachine* the, txString name, txInteger count)
{
	txInteger i;

	mxPushSlot(messagesOf(the));
	mxDub();
	mxGetID(fxID(the, name));
	mxCall();
	for (i = 0; i < count; i++)
		mxPushSlot(mxArgv(i));
	mxRunCount(count);
}

/* The call goes to TypeScript as it came. */
static void callOrdinary(txMachine* the, Vm* vm, txString name)
{
	if (vm)
		hostTell(name, false);
	callMethod(the, name, mxArgc);
	mxPullSlot(mxResult);
}

static void obey(Vm* vm)
{
	txMachine* the = vm->host;

	callMethod(the, "obey", 0);
	mxPop();
}

static void rememberNames(txMachine* the)
{
#define INFO_NAME(NAME) #NAME,
	static const char* const TEXTS[NAMES] = { "$vm", "messages", INFO_PROPERTIES(INFO_NAME) };
	int i;

	for (i = 0; i < NAMES; i++) {
		txID name = fxID(the, (txString)TEXTS[i]), before = nameOf(i);

		if ((before != XS_NO_ID) && (before != name))
			mxTypeError("reattach has to be preloaded");
		__atomic_store_n(names + i, name, __ATOMIC_RELAXED);
	}
}

/* attach(methods, words, coids, pid, mayBlock, spinMax, sliceMin_ms): a VM's messages. */
void xs_reattach_attach(txMachine* the)
{
	txSlot* words = viewOf(mxArgv(1), mxID(_Int32Array));
	txSlot* coids = viewOf(mxArgv(2), mxID(_Uint16Array));
	txSlot* messages;
	Vm* vm;

	rememberNames(the);
	if (words)
		hostAttach((int32_t*)bytesOf(words));
	messages = fxNewHostObject(the, xs_reattach_detach);
	messages->value.instance.prototype = mxArgv(0)->value.reference;
	fxNextSlotProperty(the, messages->next, mxArgv(2), fxID(the, "coids"), XS_DONT_ENUM_FLAG);
	mxPullSlot(mxResult);
	if (!fxToBoolean(the, mxArgv(4)))
		return;
	vm = c_calloc(1, sizeof(Vm));
	if (!vm)
		fxAbort(the, XS_NOT_ENOUGH_MEMORY_EXIT);
	fxSetHostData(the, mxResult, vm);
	vm->host = the;
	vm->spinMax = fxToInteger(the, mxArgv(5));
	vm->sliceMin_ms = fxToInteger(the, mxArgv(6));
	if (!words || (words->next->value.reference->next->kind != XS_HOST_KIND)
			|| !attachVm(vm, (int32_t*)bytesOf(words),
				(uint32_t)words->value.dataView.size / L_WORD_BYTES, fxToInteger(the, mxArgv(3)))
			|| !coids || ((uint32_t)coids->value.dataView.size < 4 * (uint32_t)vm->connections))
		mxTypeError("no arena of this build");
}

/* messages.arm(states): what TimerTimeout() has armed. */
void xs_reattach_arm(txMachine* the)
{
	Vm* vm = vmOf(mxThis);

	if (vm)
		vm->armed = fxToInteger(the, mxArgv(0));
}

/* ---- the calls ---- */

/* send(coid, smsg, sbytes, rmsg, rbytes) */
void xs_reattach_send(txMachine* the)
{
	txSlot* messages = messagesOf(the);
	Vm* vm = vmOf(messages);
	uint32_t coid, sbytes, rbytes, count;
	int32_t status = SLOW;
	uint8_t* smsg;
	uint8_t* rmsg;

	if (vm && (mxArgc >= 5) && countOf(mxArgv(0), &coid)
			&& countOf(mxArgv(2), &sbytes) && countOf(mxArgv(4), &rbytes)
			&& (smsg = bufferOf(mxArgv(1), sbytes)) && roomOf(mxArgv(3), rbytes))
		status = sendMessage(vm, coidsOf(messages), (int32_t)coid, smsg, sbytes, rbytes);
	if (status == SLOW) {
		callOrdinary(the, vm, "send");
		return;
	}
	hostTell("send", true);
	count = replyBytes(vm, rbytes);
	/* Looked up again: an order that was obeyed meanwhile may have moved it. */
	rmsg = count == 0 ? C_NULL : roomOf(mxArgv(3), count);
	if (rmsg)
		copyBytes(rmsg, replyBufferOf(vm, vm->me), count);
	setNumber(mxResult, status);
}

/* MsgReceive(chid, msg, bytes, info) */
void xs_reattach_MsgReceive(txMachine* the)
{
	Vm* vm = vmOf(messagesOf(the));
	txSlot* property = C_NULL;
	MessageInfo info;
	int64_t rcvid = SLOW;
	uint32_t bytes;
	uint8_t* msg;

	if (vm && (mxArgc >= 4) && countOf(mxArgv(2), &bytes) && (msg = roomOf(mxArgv(1), bytes))
			&& ((mxArgv(3)->kind == XS_NULL_KIND) || (property = infoOf(mxArgv(3)))))
		rcvid = receiveMessage(vm, idOf(mxArgv(0)), msg, bytes, property ? &info : C_NULL);
	if (rcvid == SLOW) {
		callOrdinary(the, vm, "MsgReceive");
		return;
	}
	hostTell("MsgReceive", true);
	if (property)
		setInfo(property, (const int64_t*)&info);
	setNumber(mxResult, rcvid);
}

static void finish(txMachine* the, Vm* vm, int32_t outcome, txString name)
{
	if (outcome == SLOW) {
		callOrdinary(the, vm, name);
		return;
	}
	hostTell(name, true);
	if (outcome == CLIENT_IS_DEAD) {
		callMethod(the, "release", 1);
		mxPop();
	}
	setNumber(mxResult, 0);
}

/* MsgReply(rcvid, status, msg, bytes) */
void xs_reattach_MsgReply(txMachine* the)
{
	Vm* vm = vmOf(messagesOf(the));
	uint32_t status, bytes;
	int32_t outcome = SLOW;
	uint8_t* msg;

	if (vm && (mxArgc >= 4) && countOf(mxArgv(1), &status)
			&& countOf(mxArgv(3), &bytes) && (msg = bufferOf(mxArgv(2), bytes)))
		outcome = answer(vm, idOf(mxArgv(0)), (int32_t)status, msg, bytes);
	finish(the, vm, outcome, "MsgReply");
}

/* MsgError(rcvid, errno) */
void xs_reattach_MsgError(txMachine* the)
{
	Vm* vm = vmOf(messagesOf(the));
	int32_t outcome = SLOW;
	uint32_t error;

	if (vm && (mxArgc >= 2) && countOf(mxArgv(1), &error) && (error < L_ERRNO_LIMIT))
		outcome = answer(vm, idOf(mxArgv(0)), -(int32_t)error, noBytes, 0);
	finish(the, vm, outcome, "MsgError");
}
