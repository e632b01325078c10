/*
 * What each task has had of its memory at most, for --tell-usage: at the end a line of JSON for all
 * lives of one name.
 *
 * A heap fills with garbage until it is full, whatever the program needs. So a task that has
 * allocated anything is collected before it sleeps in a message or in Atomics.wait: the most that
 * it has had then is what it keeps, and what it makes between two sleeps. Garbage of its start does
 * not count: its first sleep begins the count with what it keeps.
 */
#include "xs-test.h"

typedef struct Usage Usage;
struct Usage {
	Usage* next;
	char* name;
	uint32_t lives;
	txSize slots, chunkBytes, stackSlots;
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
/* All guarded by the lock. */
static Task* firstTask = NULL;
static Usage* firstUsage = NULL;

/* Its machine is complete. */
void beginUsage(Task* task)
{
	pthread_mutex_lock(&lock);
	task->nextMeasured = firstTask;
	firstTask = task;
	pthread_mutex_unlock(&lock);
}

/* In the thread of its parent, which sends the first message of hosts/moddable/protocol.ts: it says
 * which task a worker is for. */
void nameUsage(xsMachine* the, Task* worker)
{
	char* label;
	if (!options.tellsUsage || worker->label || xsTypeOf(xsArg(0)) != xsReferenceType
			|| !xsHas(xsArg(0), xsID("arena")) || !xsHas(xsArg(0), xsID("name")))
		return;
	label = strdup(xsToString(xsGet(xsArg(0), xsID("name"))));
	pthread_mutex_lock(&lock);
	worker->label = label;
	pthread_mutex_unlock(&lock);
}

static Usage* usageOf(const char* name)
{
	Usage* usage = firstUsage;
	while (usage && strcmp(usage->name, name) != 0)
		usage = usage->next;
	if (usage)
		return usage;
	usage = calloc(1, sizeof(Usage));
	/* Not failRun(), which would tell the usage, and wait for the lock. */
	if (!usage || !(usage->name = strdup(name)))
		exitHost(EXIT_ABORT);
	usage->next = firstUsage;
	firstUsage = usage;
	return usage;
}

static void raiseTo(txSize* most, txSize value)
{
	if (value > *most)
		*most = value;
}

/* Under the lock. Another thread may be running it: each of these is one word that only grows. */
static void addUsage(const Task* task)
{
	const txMachine* the = task->the;
	Usage* usage;
	if (!task->label)
		return;
	usage = usageOf(task->label);
	usage->lives++;
	raiseTo(&usage->slots, the->peakHeapCount);
	raiseTo(&usage->chunkBytes, the->peakChunksSize);
	raiseTo(&usage->stackSlots, (txSize)(the->stackTop - the->stackPeak));
}

/* Its machine is deleted next. */
void endUsage(Task* task)
{
	Task** link = &firstTask;
	pthread_mutex_lock(&lock);
	while (*link && *link != task)
		link = &(*link)->nextMeasured;
	if (*link)
		*link = task->nextMeasured;
	addUsage(task);
	pthread_mutex_unlock(&lock);
}

/* The process ends. */
void tellUsage(void)
{
	Usage* usage;
	Task* task;
	if (!options.tellsUsage)
		return;
	pthread_mutex_lock(&lock);
	for (task = firstTask; task; task = task->nextMeasured)
		addUsage(task);
	for (usage = firstUsage; usage; usage = usage->next)
		printf("usage {\"name\":\"%s\",\"lives\":%u,\"slots\":%d,\"chunkBytes\":%d,"
			"\"stackSlots\":%d}\n", usage->name, usage->lives, (int)usage->slots,
			(int)usage->chunkBytes, (int)usage->stackSlots);
	pthread_mutex_unlock(&lock);
}

/* Nothing of C may hold an address in a chunk here: chunks move. */
void collectBeforeSleep(txMachine* the)
{
	Task* task = the->task;
	if (!options.tellsUsage || !task || !task->parent)
		return;
	if (the->currentHeapCount == task->keptSlots && the->currentChunksSize == task->keptChunkBytes)
		return;
	fxCollectGarbage(the);
	if (task->keptSlots == 0) {
		the->peakHeapCount = the->currentHeapCount;
		the->peakChunksSize = the->currentChunksSize;
	}
	task->keptSlots = the->currentHeapCount;
	task->keptChunkBytes = the->currentChunksSize;
}

/* The calls of messages sleep in C, with addresses in hand. */
void xs_measured_send(xsMachine* the)
{
	collectBeforeSleep(the);
	xs_reattach_send(the);
}

void xs_measured_MsgReceive(xsMachine* the)
{
	collectBeforeSleep(the);
	xs_reattach_MsgReceive(the);
}
