/*
 * The module worker, as Moddable's for FreeRTOS (modules/base/worker/modWorker.c): which options
 * count, when `new Worker` returns and throws, how messages travel, what `self` is in the worker.
 */
#include "xs-test.h"

/* Of a worker with options that do not say; one without has priority 0. */
#define DEFAULT_PRIORITY 1

static void readInteger(xsMachine* the, xsSlot object, const char* name, txSize* value)
{
	if (xsHas(object, xsID((char*)name)))
		*value = xsToInteger(xsGet(object, xsID((char*)name)));
}

/* A plain number for chunk, heap or keys has no "initial": as on a device it changes nothing. */
static void readCreationOptions(xsMachine* the, txCreation* creation)
{
	xsSlot options = xsArg(1);
	readInteger(the, options, "static", &creation->staticSize);
	xsVar(0) = xsGet(options, xsID("chunk"));
	if (xsTest(xsVar(0))) {
		readInteger(the, xsVar(0), "initial", &creation->initialChunkSize);
		readInteger(the, xsVar(0), "incremental", &creation->incrementalChunkSize);
	}
	xsVar(0) = xsGet(options, xsID("heap"));
	if (xsTest(xsVar(0))) {
		readInteger(the, xsVar(0), "initial", &creation->initialHeapCount);
		readInteger(the, xsVar(0), "incremental", &creation->incrementalHeapCount);
	}
	readInteger(the, options, "stack", &creation->stackCount);
	xsVar(0) = xsGet(options, xsID("keys"));
	if (xsTest(xsVar(0))) {
		readInteger(the, xsVar(0), "initial", &creation->initialKeyCount);
		readInteger(the, xsVar(0), "incremental", &creation->incrementalKeyCount);
		readInteger(the, xsVar(0), "name", &creation->nameModulo);
		readInteger(the, xsVar(0), "symbol", &creation->symbolModulo);
	}
}

/* What would crash this host, or a board without a word. */
static void checkCreation(xsMachine* the, const txCreation* creation)
{
	if (xsHas(xsArg(1), xsID("allocation")) || xsHas(xsArg(1), xsID("stackCount"))
			|| xsHas(xsArg(1), xsID("slotCount")) || xsHas(xsArg(1), xsID("keyCount")))
		xsTypeError("Worker: allocation, stackCount, slotCount and keyCount are deprecated");
	if (creation->nameModulo != mainCreation.nameModulo
			|| creation->symbolModulo != mainCreation.symbolModulo)
		xsRangeError("Worker: keys.name and keys.symbol must be those of the application");
	if (creation->staticSize < 0 || creation->initialChunkSize < 0 || creation->stackCount < 1
			|| creation->initialHeapCount < 2 || creation->initialKeyCount < 0)
		xsRangeError("Worker: creation out of range");
}

void xs_worker(xsMachine* the)
{
	txCreation creation = mainCreation;
	Task* parent = taskOf(the);
	txSize priority = 0, nativeStack = 0;
	Task* worker;
	xsVars(1);
	if (xsToInteger(xsArgc) > 1 && xsTypeOf(xsArg(1)) != xsUndefinedType) {
		readCreationOptions(the, &creation);
		checkCreation(the, &creation);
		readInteger(the, xsArg(1), "nativeStack", &nativeStack);
		readInteger(the, xsArg(1), "priority", &priority);
		priority = priority ? priority : DEFAULT_PRIORITY;
	}
	worker = newTask(parent, xsToString(xsArg(0)), &creation);
	worker->priority = priority;
	worker->nativeStack = nativeStack;
	worker->owner = xsThis;
	xsRemember(worker->owner);
	if (!startWorker(worker)) {
		xsForget(worker->owner);
		dropMessagesOf(parent, worker);
		deleteTask(worker);
		xsUnknownError("unable to instantiate worker");
	}
	xsSetHostData(xsThis, worker);
	parent->workerCount++;
}

/* XS calls it when the machine of the parent is deleted. */
void xs_worker_destructor(void* data)
{
	if (data)
		terminateWorker(data);
}

static Task* workerOf(xsMachine* the)
{
	return xsGetHostDataValidate(xsThis, xs_worker_destructor);
}

static void endWorker(xsMachine* the, Task* worker)
{
	xsSetHostData(worker->owner, NULL);
	xsForget(worker->owner);
	the->task->workerCount--;
	terminateWorker(worker);
}

void xs_worker_terminate(xsMachine* the)
{
	Task* worker = workerOf(the);
	if (worker)
		endWorker(the, worker);
}

/* A SharedArrayBuffer in flight is not retained: as on a device the sender must keep it. */
void xs_worker_postMessage(xsMachine* the)
{
	Task* worker = workerOf(the);
	if (!worker)
		xsUnknownError("worker terminated");
	seeMessage(the, worker);
	nameUsage(the, worker);
	postMessage(worker, the->task, MESSAGE_DATA, worker, xsMarshall(xsArg(0)));
}

static void postFromWorker(xsMachine* the)
{
	Task* task = the->task;
	postMessage(task->parent, task, MESSAGE_DATA, task, xsMarshall(xsArg(0)));
}

static void closeWorker(xsMachine* the)
{
	postMessage(the->task->parent, the->task, MESSAGE_CLOSE, the->task, NULL);
}

/* An exception goes to xsEndHost, which aborts: as on a device nobody else is told. */
void deliverMessage(Task* task, Message* message)
{
	Task* worker = message->worker;
	xsBeginHost(task->the);
	{
		if (message->kind == MESSAGE_CLOSE)
			endWorker(the, worker);
		else {
			xsSlot* port = (task == worker) ? &worker->port : &worker->owner;
			xsResult = xsDemarshall(message->data);
			free(message->data);
			if (xsTypeOf(xsResult) != xsUndefinedType && xsHas(*port, xsID("onmessage")))
				xsCall1(*port, xsID("onmessage"), xsResult);
		}
	}
	xsEndHost(task->the);
}

/* Its text is not on the stack of a worker that runs. */
static __attribute__((noinline)) void tellFailure(Task* task)
{
	char what[1024];
	describeException(task->the, what, sizeof(what));
	fprintf(stderr, "%s: no worker %s: %s\n", hostName, task->name, what);
}

/* False: the body threw. A device keeps what it threw to itself; whoever runs a test wants it. */
bool runWorkerModule(Task* task)
{
	volatile bool isRunning = true;
	xsBeginHost(task->the);
	{
		xsVars(2);
		xsTry {
			xsVar(0) = xsNewHostObject(NULL);
			xsSet(xsGlobal, xsID("self"), xsVar(0));
			task->port = xsVar(0);
			xsRemember(task->port);
			xsVar(1) = xsNewHostFunction(postFromWorker, 1);
			xsSet(xsVar(0), xsID("postMessage"), xsVar(1));
			xsVar(1) = xsNewHostFunction(closeWorker, 0);
			xsSet(xsVar(0), xsID("close"), xsVar(1));
			xsVar(0) = xsAwaitImport(task->name, XS_IMPORT_DEFAULT);
			if (xsTest(xsVar(0)) && xsIsInstanceOf(xsVar(0), xsFunctionPrototype))
				xsCallFunction0(xsVar(0), xsGlobal);
		}
		xsCatch {
			tellFailure(task);
			isRunning = false;
		}
	}
	xsEndHost(task->the);
	return isRunning;
}
