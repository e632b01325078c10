/*
 * The machine that all others share, as Moddable's linker makes the image in flash: it holds what
 * JavaScript has, the built-in modules, the keys of all modules, and what the bodies of the
 * preloaded modules have made. Then it is frozen, and no thread writes to it again.
 */
#include "xs-test.h"

txMachine* rootMachine = NULL;

/* Of a run on a host with memory to spare; it never grows while others share it. */
static const txCreation ROOT = {
	.initialChunkSize = 2 * 1024 * 1024, .incrementalChunkSize = 1024 * 1024,
	.initialHeapCount = 64 * 1024, .incrementalHeapCount = 16 * 1024,
	.stackCount = 16 * 1024,
	.initialKeyCount = 8 * 1024, .incrementalKeyCount = 1024,
	.parserBufferSize = 64 * 1024, .parserTableModulo = 127,
};

/* Moddable's manifests preload the built-in ones. */
bool isPreloaded(const Module* module)
{
	char* names;
	char* rest;
	char* pattern;
	bool isNamed = false;
	if (!module->path)
		return true;
	if (!options.preload)
		return false;
	names = rest = strdup(options.preload);
	if (!names)
		failUsage("no memory for --preload");
	while (!isNamed && (pattern = strsep(&rest, ",")))
		isNamed = matchesName(pattern, module->name);
	free(names);
	return isNamed;
}

/* XS calls it before the body of a built-in module: the functions of C that its source names. */
static void buildHosts(xsMachine* the)
{
	txSlot* instance = mxFunctionInstanceHome(mxFunction->value.reference)->value.home.module;
	txID id = mxModuleInstanceInternal(instance)->value.module.id;
	Module* module = findModule(fxGetKeyName(the, id));
	fxBuildHosts(the, module->hostCount, module->hosts);
	xsResult = *the->stack;
	the->stack++;
}

static void importNow(txMachine* the, const char* name)
{
	xsTry {
		xsResult = xsAwaitImport((char*)name, XS_IMPORT_NAMESPACE);
	}
	xsCatch {
		char what[1024];
		describeException(the, what, sizeof(what));
		failRun(EXIT_LINK, "module %s: %s", name, what);
	}
}

/* In the order of the list; a module that another one imports runs before that. */
static void preloadMatching(txMachine* the, const char* pattern)
{
	bool isFound = false;
	Module* module;
	for (module = firstModule; module; module = module->next) {
		if (matchesName(pattern, module->name)) {
			importNow(the, module->name);
			isFound = true;
		}
	}
	if (!isFound)
		failRun(EXIT_LINK, "--preload: no module is named %s", pattern);
}

static void preload(txMachine* the)
{
	char* names = strdup(options.preload);
	char* rest = names;
	char* name;
	if (!names)
		failUsage("no memory for --preload");
	while ((name = strsep(&rest, ",")))
		preloadMatching(the, name);
	free(names);
}

static void addConfig(void)
{
	static const char HEAD[] = "export default Object.freeze((", TAIL[] = "\n), true);";
	size_t bytes = 2;
	char* text = options.config ? readText(options.config, &bytes) : strdup("{}");
	char* source;
	if (!text)
		failUsage("cannot read %s: %s", options.config, strerror(errno));
	source = malloc(sizeof(HEAD) + bytes + sizeof(TAIL));
	if (!source)
		failUsage("no memory for %s", options.config);
	snprintf(source, sizeof(HEAD) + bytes + sizeof(TAIL), "%s%s%s", HEAD, text, TAIL);
	free(text);
	addModule("mc/config", NULL, source);
}

/* Names that C asks for later must be keys of the root, or each machine would pay for them. */
static void internNames(txMachine* the)
{
	static const char* const NAMES[] = {
		"abort", "self", "onmessage", "postMessage", "close", "static", "chunk", "heap", "stack",
		"keys", "initial", "incremental", "name", "symbol", "nativeStack", "core", "priority",
		"allocation", "stackCount", "slotCount", "keyCount", "message", "default",
	};
	size_t i;
	for (i = 0; i < sizeof(NAMES) / sizeof(NAMES[0]); i++)
		fxNewNameC(the, (txString)NAMES[i]);
}

static void defineGlobals(xsMachine* the)
{
	xsVar(0) = xsNewHostFunctionObject(xs_trace, 1, xsID("trace"));
	xsDefine(xsGlobal, xsID("trace"), xsVar(0), xsDontEnum);
	xsVar(1) = xsGet(xsGlobal, xsID("Atomics"));
	xsVar(0) = xsNewHostFunctionObject(xs_atomics_waitAsync, 4, xsID("waitAsync"));
	xsDefine(xsVar(1), xsID("waitAsync"), xsVar(0), xsDontEnum);
	xsVar(0) = xsNewArray(0);
	for (int i = 0; i < options.argumentCount; i++)
		xsSetIndex(xsVar(0), i, xsString(options.arguments[i]));
	xsDefine(xsGlobal, xsID("arguments of the test host"), xsVar(0), xsDefault);
}

static void runBuiltins(txMachine* the)
{
	Module* module;
	for (module = firstModule; module; module = module->next) {
		if (module->hosts)
			module->script.callback = buildHosts;
	}
	for (module = firstModule; module; module = module->next) {
		if (!module->path)
			importNow(the, module->name);
	}
	xsDelete(xsGlobal, xsID("arguments of the test host"));
}

/* Every thread would write into the lookup cache of the shared global object: take it out. */
static void removeLookupCache(txMachine* the)
{
	txSlot* global = the->stackTop[-1].value.reference;
	if (global->next->kind == XS_GLOBAL_KIND) {
		global->flag &= ~XS_EXOTIC_FLAG;
		global->next = global->next->next;
	}
}

static void pinSlot(txSlot* slot)
{
	switch (slot->kind) {
	case XS_BIGINT_KIND: slot->kind = XS_BIGINT_X_KIND; break;
	case XS_CALLBACK_KIND: slot->kind = XS_CALLBACK_X_KIND; break;
	case XS_CODE_KIND: slot->kind = XS_CODE_X_KIND; break;
	case XS_KEY_KIND: slot->kind = XS_KEY_X_KIND; break;
	case XS_STRING_KIND: slot->kind = XS_STRING_X_KIND; break;
	/* Shared objects go into messages as they are. */
	case XS_INSTANCE_KIND: slot->flag |= XS_DONT_MARSHALL_FLAG; break;
	default: break;
	}
}

/* Strings, keys and code of the root must not look like chunks that a machine may move or free
 * when it copies a slot of the root into its own heap. The items of an array are in a chunk. */
static void pinChunks(txMachine* the)
{
	txSlot* heap;
	txSlot* slot;
	txIndex i;
	for (heap = the->firstHeap; heap; heap = heap->next) {
		for (slot = heap + 1; slot < heap->value.reference; slot++) {
			pinSlot(slot);
			if (slot->kind != XS_ARRAY_KIND || !slot->value.array.address)
				continue;
			for (i = 0; i < fxGetIndexSize(the, slot); i++)
				pinSlot(slot->value.array.address + i);
		}
	}
}

void linkRoot(void)
{
	txCreation creation = ROOT;
	Module* module;
	if (options.creation)
		readCreation(options.creation);
	if (options.modules)
		readModuleMap(options.modules);
	addBuiltins();
	addConfig();
	creation.nameModulo = mainCreation.nameModulo;
	creation.symbolModulo = mainCreation.symbolModulo;
	rootMachine = xsCreateMachine(&creation, "linker", NULL);
	if (!rootMachine)
		failRun(EXIT_LINK, "no memory for the linker");
	xsBeginHost(rootMachine);
	{
		xsVars(2);
		internNames(the);
		for (module = firstModule; module; module = module->next)
			compileModule(the, module);
		defineGlobals(the);
		runBuiltins(the);
		if (options.preload)
			preload(the);
	}
	xsEndHost(rootMachine);
	fxRunPromiseJobs(rootMachine);
	removeLookupCache(rootMachine);
	freezeRoot(rootMachine);
	fxShareMachine(rootMachine);
	if (options.preload)
		warnOfAliases(rootMachine);
	pinChunks(rootMachine);
}
