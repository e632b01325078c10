/*
 * The module reattach/moddable/native: what the project has in C on a board. And time, and trace.
 */
#include "xs-test.h"

void xs_time_ticks(xsMachine* the)
{
	xsResult = xsInteger((int32_t)(uint32_t)(uint64_t)clock_ms());
}

void xs_time_microseconds(xsMachine* the)
{
	xsResult = xsNumber(floor(clock_ms() * 1000));
}

/* Ticks are a counter of 32 bits that starts again. */
void xs_time_delta(xsMachine* the)
{
	uint32_t start = fxToUnsigned(the, &xsArg(0));
	uint32_t end = (uint32_t)(uint64_t)clock_ms();
	if (xsToInteger(xsArgc) > 1)
		end = fxToUnsigned(the, &xsArg(1));
	xsResult = xsInteger((int32_t)(end - start));
}

/* One call is one write: lines of several tasks do not mix. */
void xs_trace(xsMachine* the)
{
	int i, count = xsToInteger(xsArgc);
	for (i = 0; i < count; i++)
		xsToString(xsArg(i));       /* here it may throw: nothing is locked yet */
	flockfile(stdout);
	for (i = 0; i < count; i++)
		fputs(xsToString(xsArg(i)), stdout);
	flushOutput();
	funlockfile(stdout);
}

void endProcess(int code)
{
	closeResetMemory(code);
	tellCalls();
	tellUsage();
	exitHost(code);
}

void xs_exit(xsMachine* the)
{
	endProcess((xsToInteger(xsArgc) > 0) ? xsToInteger(xsArg(0)) & 0xFF : 0);
}

void xs_native_restart(xsMachine* the)
{
	(void)taskOf(the);
	endProcess(EXIT_RESTART);
}

void xs_native_cores(xsMachine* the)
{
	xsResult = xsInteger(options.cores);
}

void xs_native_is_debugged(xsMachine* the)
{
	xsResult = xsBoolean(options.isDebugged);
}

void xs_native_load(xsMachine* the)
{
	xsResult = xsAwaitImport(xsToString(xsArg(0)), XS_IMPORT_NAMESPACE);
}

void xs_native_has(xsMachine* the)
{
	xsResult = xsBoolean(findModule(xsToString(xsArg(0))) != NULL);
}

void xs_native_park(xsMachine* the)
{
	Task* task = taskOf(the);
	if (!task->parent)
		xsUnknownError("park: main has nobody that ends it");
	parkTask(task);
}

/* The bytes that a typed array of bytes shows; NULL when it does not have that range. */
static uint8_t* bytesOf(xsMachine* the, int index, int start, int count)
{
	txSlot* slot = &xsArg(index);
	txSlot* dispatch = (slot->kind == XS_REFERENCE_KIND) ? slot->value.reference->next : NULL;
	txSlot *view, *buffer, *host;
	uint8_t* bytes;
	txInteger length;
	if (!dispatch || dispatch->kind != XS_TYPED_ARRAY_KIND
			|| dispatch->value.typedArray.dispatch->size != 1)
		return NULL;
	view = dispatch->next;
	buffer = view->next;
	host = buffer->value.reference->next;
	length = fxGetDataViewSize(the, view, buffer);
	if (start < 0 || count < 0 || count > length || start > length - count)
		return NULL;
	bytes = (host->kind == XS_HOST_KIND) ? host->value.host.data
		: (uint8_t*)host->value.arrayBuffer.address;
	return bytes + view->value.dataView.offset + start;
}

/* copy(target, targetStart, source, sourceStart, count): allocates nothing; ranges may overlap. */
void xs_native_copy(xsMachine* the)
{
	int targetStart, sourceStart, count;
	uint8_t* target;
	uint8_t* source;
	if (xsToInteger(xsArgc) < 5)
		xsTypeError("copy: five arguments");
	targetStart = xsToInteger(xsArg(1));
	sourceStart = xsToInteger(xsArg(3));
	count = xsToInteger(xsArg(4));
	source = bytesOf(the, 2, sourceStart, count);
	target = bytesOf(the, 0, targetStart, count);
	if (source && target)
		memmove(target, source, count);
}
