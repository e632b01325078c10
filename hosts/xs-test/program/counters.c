/*
 * The counters of the module "xs". None of them allocates in the heap that it looks at. What a
 * machine has allocated only grows between two collections: the same value before and after, and
 * no collection, means that nothing was allocated.
 */
#include "xs-test.h"

void xs_slots(xsMachine* the)
{
	xsResult = xsInteger(the->currentHeapCount);
}

void xs_chunkBytes(xsMachine* the)
{
	xsResult = xsInteger(the->currentChunksSize);
}

void xs_collections(xsMachine* the)
{
	xsResult = xsInteger(the->garbageCollectionCount);
}

/* XS 17 meters in smaller units, as it meters more: a builtin is a quarter of a bytecode. */
#ifdef XS_CODE_METERING
	#define METER_BYTECODE XS_CODE_METERING
#else
	#define METER_BYTECODE 1
#endif

void xs_bytecodes(xsMachine* the)
{
	uint64_t meter = taskOf(the)->meterRounds + the->meterIndex;
	xsResult = xsNumber((double)(meter / METER_BYTECODE));
}

void xs_collect(xsMachine* the)
{
	xsCollectGarbage();
}

/* Without them what a machine has allocated only grows. */
void xs_enableCollections(xsMachine* the)
{
	fxEnableGarbageCollection(the, xsToBoolean(xsArg(0)));
}

void xs_busy(xsMachine* the)
{
	xsResult = xsNumber(busyTime());
}

/* The deepest the stack of this machine has been, in slots; with true it is counted anew. */
void xs_stackPeak(xsMachine* the)
{
	xsResult = xsInteger((txInteger)(the->stackTop - the->stackPeak));
	if (xsToInteger(xsArgc) > 0 && xsTest(xsArg(0)))
		the->stackPeak = the->stack;
}

/* All that a machine takes on a device, but for the stack of its FreeRTOS task. */
void xs_ram(xsMachine* the)
{
	txSize keys = the->keyCount - the->keyOffset + the->nameModulo + the->symbolModulo
		+ the->aliasCount;
	txSize heaps = taskOf(the)->creation.staticSize;
	if (heaps == 0)
		heaps = (txSize)(the->stackTop - the->stackBottom + the->maximumHeapCount) * sizeof(txSlot)
			+ the->maximumChunksSize;
	xsResult = xsInteger((txInteger)(sizeof(txMachine) + heaps + keys * sizeof(txSlot*)));
}

/* The bytecode of the functions of the mapped modules whose names start so, as a release build has
 * it in flash. What a preloaded module does when it is loaded is done in the linker. */
void xs_codeBytes(xsMachine* the)
{
	char prefix[256] = "";
	if (xsToInteger(xsArgc) > 0)
		xsToStringBuffer(xsArg(0), prefix, sizeof(prefix));
	xsResult = xsInteger(measureModules(prefix));
}
