/*
 * Where XS gives up. As on an ESP32 (xs/platforms/esp/xsPlatform.c) globalThis.abort is asked
 * first, and `false` lets the machine go on; else the chip restarts, which here ends the process.
 */
#include "xs-test.h"

/* In the order of XS's exit codes, and in its words: applications compare them. */
static const char* const REASONS[] = {
	"debugger", "memory full", "JavaScript stack overflow", "fatal", "dead strip",
	"unhandled exception", "not enough keys", "too much computation", "unhandled rejection",
};

/* Only the first failure is told: what comes after it may be its consequence. */
static void claimEnd(void)
{
	static pthread_mutex_t first = PTHREAD_MUTEX_INITIALIZER;
	pthread_mutex_lock(&first);
}

void failRun(int code, const char* format, ...)
{
	va_list arguments;
	claimEnd();
	flushOutput();
	fprintf(stderr, "%s: fatal: ", hostName);
	va_start(arguments, format);
	vfprintf(stderr, format, arguments);
	va_end(arguments);
	fprintf(stderr, "\n%s: seed %u\n", hostName, options.seed);
	endProcess(code);
}

/* The stack of an error has its name and message in front. It is a getter, which needs a frame of a
 * host to return to: XS may be anywhere. */
void describeException(txMachine* the, char* buffer, size_t bytes)
{
	snprintf(buffer, bytes, "(an exception that cannot be shown)");
	fxBeginHost(the);
	mxTry(the) {
		mxPush(mxException);
		if (the->stack->kind == XS_REFERENCE_KIND) {
			mxGetID(mxID(_stack));
			if (the->stack->kind == XS_UNDEFINED_KIND) {
				mxPop();
				mxPush(mxException);
			}
		}
		snprintf(buffer, bytes, "%s", fxToString(the, the->stack));
		mxPop();
	}
	mxCatch(the) {
	}
	fxEndHost(the);
}

/* True: the application wants to go on. */
static bool asksHook(txMachine* the, const char* reason)
{
	volatile bool goesOn = false;
	txSlot* exception;
	fxBeginHost(the);
	mxPush(mxException);
	exception = the->stack;
	mxException = mxUndefined;
	mxTry(the) {
		txID id = fxFindName(the, "abort");
		mxOverflow(-8);
		mxPush(mxGlobal);
		if (fxHasID(the, id)) {
			mxPush(mxGlobal);
			fxCallID(the, id);
			mxPushStringC((char*)reason);
			mxPushSlot(exception);
			mxRunCount(2);
			goesOn = the->stack->kind == XS_BOOLEAN_KIND && !the->stack->value.boolean;
		}
	}
	mxCatch(the) {
	}
	mxException = goesOn ? mxUndefined : *exception;
	fxEndHost(the);
	return goesOn;
}

/* Its text is not on the stack of whoever asks the hook. */
static __attribute__((noinline, noreturn)) void restartChip(txMachine* the, const char* reason,
	bool hasException)
{
	char what[1024] = "";
	if (hasException)
		describeException(the, what, sizeof(what));
	claimEnd();
	flushOutput();
	fprintf(stderr, "fxAbort: %s: %s%s%s\n%s: seed %u\n",
		the->task ? the->task->name : "linker", reason, hasException ? ": " : "", what,
		hostName, options.seed);
	endProcess(the->task ? EXIT_ABORT : EXIT_LINK);
}

void fxAbort(txMachine* the, int status)
{
	Task* task = the->task;
	const char* reason = "unknown";
	bool isException = status == XS_UNHANDLED_EXCEPTION_EXIT
		|| status == XS_UNHANDLED_REJECTION_EXIT;
	if (status == XS_TOO_MUCH_COMPUTATION_EXIT && task && mustStop(task))
		leaveTask(task);
	if (status >= 0 && status < (int)(sizeof(REASONS) / sizeof(REASONS[0])))
		reason = REASONS[status];
	/* Never after a stack overflow: there is no stack to call it on. */
	if (task && task->isReady && options.hasAbortHook && status != XS_STACK_OVERFLOW_EXIT
			&& status != XS_DEBUGGER_EXIT && asksHook(the, reason))
		return;
	restartChip(the, reason, isException);
}
