/*
 * What a machine of the SDK's engine has allocated. It only grows between two collections, and
 * nothing here allocates, but for collect().
 */
#include <stdlib.h>

#include "xsAll.h"
#include "xs.h"

/* One machine runs on one thread. */
static _Thread_local int gCollections = 0;

void xs_test_arguments(xsMachine *the)
{
	const char *words = getenv("TEST_ARGUMENTS");

	xsResult = xsString((char *)(words ? words : ""));
}

void xs_test_exit(xsMachine *the)
{
	exit(xsToInteger(xsArg(0)));
}

void xs_test_slots(xsMachine *the)
{
	xsResult = xsInteger(the->currentHeapCount);
}

void xs_test_chunkBytes(xsMachine *the)
{
	xsResult = xsInteger(the->currentChunksSize);
}

static void onCollected(void *data)
{
	(void)data;
	gCollections += 1;
}

/* Leaves garbage, which tells when it is collected. */
void xs_test_collect(xsMachine *the)
{
	xsCollectGarbage();
	xsResult = xsNewHostObject(onCollected);
	xsSetHostData(xsResult, the);
	xsResult = xsUndefined;
}

/* Of this machine. A second one without a collect() between is not counted. */
void xs_test_collections(xsMachine *the)
{
	xsResult = xsInteger(gCollections);
}
