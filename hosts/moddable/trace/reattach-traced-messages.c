/*
 * ../native/reattach-messages.c with its trace points, and the writing of a record: see
 * reattach-traced-messages.js.
 *
 * Compiled by mcconfig into an application that includes trace/manifest.json, in the place of that
 * file, and into no other.
 */
#define REATTACH_TRACING
#include "xsAll.h"
#include <stdbool.h>

struct TraceRing;
static bool ringOf(txMachine* the, struct TraceRing* ring);
#define hostRing(vm, ring) ringOf((vm)->host, ring)

#include "../native/reattach-messages.c"

/* The name of the ring: as those in `names`, the same in all VMs. */
static txID ringName;

static txID nameOfRing(txMachine* the)
{
	txID name = __atomic_load_n(&ringName, __ATOMIC_RELAXED);

	if (name == XS_NO_ID) {
		name = fxID(the, "$ring");
		__atomic_store_n(&ringName, name, __ATOMIC_RELAXED);
	}
	return name;
}

/* $ring: false where there is none, before a VM is a task and after it has been one. */
static bool ringOf(txMachine* the, TraceRing* ring)
{
	txSlot* slot = mxBehaviorGetProperty(the, mxGlobal.value.reference, nameOfRing(the), 0, XS_OWN);
	txSlot* view = slot ? viewOf(slot, mxID(_Int32Array)) : C_NULL;

	return view && openRing(ring, (int32_t*)bytesOf(view),
		(uint32_t)view->value.dataView.size / L_WORD_BYTES);
}

/* record(kind, task, value, message), of the trace points in TypeScript */
void xs_reattach_record(txMachine* the)
{
	TraceRing ring;

	if ((mxArgc >= 4) && ringOf(the, &ring))
		recordIn(&ring, fxToInteger(the, mxArgv(0)), fxToInteger(the, mxArgv(1)),
			fxToInteger(the, mxArgv(2)), fxToInteger(the, mxArgv(3)));
}
