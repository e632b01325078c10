/*
 * What the files of the program know of each other: the task (a machine, its thread and its
 * mailbox), the options of the run, and the functions by file.
 *
 * Locks are taken in this order: a task's lock, then the lock of the waiters (waits.c). Nobody
 * holds one while JavaScript runs.
 */
#ifndef XS_TEST_H
#define XS_TEST_H

#include "xsAll.h"
#include "xsScript.h"
#include "xs.h"
#include "port.h"

/* What XS 13 of the npm package, and XS 17 of the SDK, say in different words. */
#if XS_MAJOR_VERSION >= 17
	#define XS_STACK_OVERFLOW_EXIT XS_JAVASCRIPT_STACK_OVERFLOW_EXIT
	#define mxParserLine states[0].line
	typedef txU8 MeterIndex;
#else
	#define mxParserLine line
	typedef txU4 MeterIndex;
	/* XS has it and xs.h uses it; no header of XS declares it. */
	extern void* fxGetHostDataValidate(txMachine* the, txSlot* slot, void* validator);
#endif

/* How the process ends. The README has the same list. */
enum {
	EXIT_USAGE = 2,
	EXIT_LINK = 3,
	EXIT_ABORT = 42,
	EXIT_RESTART = 43,
	EXIT_TERMINATED_ASLEEP = 44,
	EXIT_QUEUED_MESSAGES = 45,
	EXIT_MAIN_WAIT = 46,
	EXIT_QUEUE_FULL = 47,
};

typedef struct Task Task;
typedef struct Timer Timer;
typedef struct Module Module;

/* ---- options.c: the switches, read once, before the first thread ---- */

typedef struct {
	const char* modules;            /* --modules: a file */
	const char* preload;            /* --preload: names and patterns, by comma */
	const char* config;             /* --config: a file */
	const char* creation;           /* --creation: a file */
	const char* preferences;
	const char* resources;          /* --resources: a folder; NULL for none */
	const char* listing;            /* --list-codes: a module */
	bool hasAbortHook;
	bool hasResetMemory;
	bool terminateWaits;
	bool mainWaitThrows;
	bool hasLockedAtomics;
	bool isOrdinary;                /* --no-native: messages take TypeScript's way only */
	bool countsCalls;
	bool tellsUsage;
	bool isRelease;
	bool isLossy;
	int loss_us;
	int lossEvery;
	int spuriousEvery;              /* 0: never */
	int queueLength;
	int cores;
	bool isDebugged;
	uint32_t seed;
	uint32_t clock;                 /* what Time.ticks shows at the start; with hasClock */
	bool hasClock;
	const char* program;            /* the module that main imports */
	int argumentCount;
	char** arguments;
} Options;

extern Options options;
void readOptions(int argc, char* argv[]);
XS_FUNCTION_NORETURN void failUsage(const char* format, ...)
	__attribute__((format(printf, 1, 2)));

/* ---- settings.c: the JSON files that the switches name ---- */

extern txCreation mainCreation;     /* what a task gets that asks for nothing */
void readModuleMap(const char* path);
void readCreation(const char* path);
char* readText(const char* path, size_t* bytes);

/* ---- modules.c: the names of modules, and their compiled code ---- */

struct Module {
	Module* next;
	char* name;
	char* path;                     /* NULL: built in */
	const char* source;             /* of a built-in module */
	txScript script;                /* in C memory and shared by all machines, as in flash */
	txSize releaseBytes;            /* of its bytecode without line numbers, as on a device */
	const txHostFunctionBuilder* hosts;
	int hostCount;
};

/* The code of a file that a task has loaded by its path. */
typedef struct FileCode FileCode;
struct FileCode {
	FileCode* next;
	txScript script;
};

extern Module* firstModule;
Module* addModule(const char* name, const char* path, const char* source);
Module* findModule(const char* name);
void mapModules(const char* name, const char* path);
bool matchesName(const char* pattern, const char* name);
txSize measureModules(const char* prefix);
void freeFiles(FileCode* first);

/* ---- compile.c: source to bytecode ---- */

void compileModule(txMachine* the, Module* module);
void compileFile(txMachine* the, const char* path, txScript* script);

/* ---- linker.c, freeze.c and aliases.c: the root machine that all others share ---- */

extern txMachine* rootMachine;
bool isPreloaded(const Module* module);
void linkRoot(void);
void freezeRoot(txMachine* the);
void warnOfAliases(txMachine* the);

/* ---- stack.c and listing.c: what stands in bytecode ---- */

txSize measureCode(const txByte* p);
void listModule(const char* name);

/* ---- builtins.c: the modules that Moddable has, and the test's own ---- */

void addBuiltins(void);
xsCallback findHostFunction(const char* name);

/* ---- task.c: a machine and its thread ---- */

typedef enum { TASK_STARTING, TASK_RUNNING, TASK_FAILED, TASK_ENDED } TaskState;
typedef enum { MESSAGE_DATA, MESSAGE_JOBS, MESSAGE_CLOSE } MessageKind;

typedef struct {
	MessageKind kind;
	Task* worker;                   /* the worker at one end; NULL for promise jobs */
	void* data;                     /* marshalled */
} Message;

struct Task {
	txMachine* the;
	char* name;
	Task* parent;                   /* NULL: main */
	txCreation creation;
	int priority;                   /* of FreeRTOS */
	int nativeStack;                /* bytes; 0: what the host chooses */
	uint8_t* staticBlock;           /* its whole budget of slots and chunks, when it has one */
	pthread_t thread;
	jmp_buf end;                    /* where a task that is terminated jumps to */
	bool isReady;                   /* its machine is complete: the abort hook may be called */
	xsSlot owner;                   /* the Worker, in the parent's machine */
	xsSlot port;                    /* self, in the worker's machine */
	Timer* timers;
	char* scratch;                  /* of fxFindModule, which may throw while it uses it */
	FileCode* firstFile;
	int workerCount;
	uint32_t random;
	uint64_t meterRounds;           /* bytecodes before the meter started again */
	txSize keptSlots;               /* after the last collection before a sleep: usage.c */
	txSize keptChunkBytes;
	Task* nextMeasured;             /* with label, under the lock of usage.c */
	char* label;                    /* which task of Reattach it is; NULL: none so far */

	pthread_mutex_t lock;           /* guards what follows, down to the queue */
	pthread_cond_t changed;
	TaskState state;
	bool isStopped;                 /* it must end; atomic, and written under both locks */
	bool isCreating;                /* it waits for a worker of its own to start */
	int first;
	int count;
	Message* queue;

	/* Guarded by the lock of the waiters. */
	Task* nextWaiter;
	pthread_cond_t woken;
	txInteger* address;             /* the word that it sleeps on */
	txInteger* arriving;            /* the word that it is late for, on purpose */
};

Task* taskOf(txMachine* the);
Task* newTask(Task* parent, const char* name, const txCreation* creation);
void deleteTask(Task* task);
void runMain(Task* task);
bool startWorker(Task* task);
void terminateWorker(Task* worker);
XS_FUNCTION_NORETURN void leaveTask(Task* task);
bool mustStop(Task* task);
void pauseTask(Task* task, double milliseconds);
XS_FUNCTION_NORETURN void parkTask(Task* task);
uint32_t nextRandom(Task* task, uint32_t limit);

/* ---- mailbox.c ---- */

void postMessage(Task* to, Task* from, MessageKind kind, Task* worker, void* data);
bool takeMessage(Task* task, double wait_ms, Message* message);
int dropMessagesOf(Task* task, const Task* worker);

/* ---- loop.c ---- */

void runLoop(Task* task);

/* ---- timer.c ---- */

double nextTimer(Task* task);       /* milliseconds until the next one; < 0: there is none */
void runTimers(Task* task);
void xs_timer_destructor(void* data);
void xs_timer_set(xsMachine* the);
void xs_timer_repeat(xsMachine* the);
void xs_timer_schedule(xsMachine* the);
void xs_timer_clear(xsMachine* the);
void xs_timer_delay(xsMachine* the);

/* ---- worker.c ---- */

void deliverMessage(Task* task, Message* message);
bool runWorkerModule(Task* task);
void xs_worker_destructor(void* data);
void xs_worker(xsMachine* the);
void xs_worker_postMessage(xsMachine* the);
void xs_worker_terminate(xsMachine* the);

/* ---- waits.c and shared.c: Atomics.wait, and SharedArrayBuffers ---- */

void* createFlashChunk(txInteger bytes);
bool isAsleep(Task* task);          /* under lockWaiters() */
void lockWaiters(void);
void unlockWaiters(void);
void xs_atomics_waitAsync(xsMachine* the);
void xs_waits(xsMachine* the);
void xs_notifies(xsMachine* the);
void xs_losses(xsMachine* the);
void xs_locks(xsMachine* the);

/* ---- calls.c: who has done the calls of messages, C or TypeScript ---- */

void countCall(const char* name, bool isNative);
void tellCalls(void);
void xs_reattach_attach(xsMachine* the);
void xs_reattach_arm(xsMachine* the);
void xs_reattach_send(xsMachine* the);
void xs_reattach_MsgReceive(xsMachine* the);
void xs_reattach_MsgReply(xsMachine* the);
void xs_reattach_MsgError(xsMachine* the);
void xs_reattach_traced_attach(xsMachine* the);
void xs_reattach_traced_arm(xsMachine* the);
void xs_reattach_traced_send(xsMachine* the);
void xs_reattach_traced_MsgReceive(xsMachine* the);
void xs_reattach_traced_MsgReply(xsMachine* the);
void xs_reattach_traced_MsgError(xsMachine* the);
void xs_reattach_record(xsMachine* the);

/* ---- usage.c: what each task has had of its memory ---- */

void beginUsage(Task* task);
void endUsage(Task* task);
void nameUsage(xsMachine* the, Task* worker);
void tellUsage(void);
void collectBeforeSleep(txMachine* the);
void xs_measured_send(xsMachine* the);
void xs_measured_MsgReceive(xsMachine* the);

/* ---- abort.c ---- */

XS_FUNCTION_NORETURN void failRun(int code, const char* format, ...)
	__attribute__((format(printf, 2, 3)));
void describeException(txMachine* the, char* buffer, size_t bytes);

/* ---- what the built-in modules call ---- */

double now_ms(void);
double clock_ms(void);
void startClock(void);              /* before there is another thread */
void xs_time_ticks(xsMachine* the);
void xs_time_microseconds(xsMachine* the);
void xs_time_delta(xsMachine* the);
void xs_trace(xsMachine* the);
void xs_native_copy(xsMachine* the);
void xs_native_cores(xsMachine* the);
void xs_native_is_debugged(xsMachine* the);
void xs_native_load(xsMachine* the);
void xs_native_has(xsMachine* the);
void xs_native_park(xsMachine* the);
void xs_native_restart(xsMachine* the);
void openResetMemory(void);
void closeResetMemory(int code);
bool retainText(const char* text);
void xs_native_restarted(xsMachine* the);
void xs_native_retained(xsMachine* the);
void xs_native_retain(xsMachine* the);
void xs_native_guard(xsMachine* the);
void xs_native_feed(xsMachine* the);
void keepText(const char* domain, const char* name, const char* text);
void openPreferences(void);
void xs_preference_set(xsMachine* the);
void xs_preference_get(xsMachine* the);
void xs_preference_delete(xsMachine* the);
void xs_preference_keys(xsMachine* the);
void xs_resource(xsMachine* the);
XS_FUNCTION_NORETURN void endProcess(int code);
void xs_exit(xsMachine* the);
void xs_slots(xsMachine* the);
void xs_chunkBytes(xsMachine* the);
void xs_collections(xsMachine* the);
void xs_bytecodes(xsMachine* the);
void xs_collect(xsMachine* the);
void xs_enableCollections(xsMachine* the);
void xs_busy(xsMachine* the);
void xs_ram(xsMachine* the);
void xs_stackPeak(xsMachine* the);
void xs_codeBytes(xsMachine* the);

#endif
