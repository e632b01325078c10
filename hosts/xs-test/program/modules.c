/*
 * The modules of the run: their names, files and compiled code, as a manifest lists them.
 *
 * All of them are compiled by the linker before the first task exists, and their bytecode stays in
 * C memory that all machines share. So a module costs a machine as little RAM as on a device, where
 * the code lies in flash.
 */
#include "xs-test.h"

Module* firstModule = NULL;

static void* checkMemory(void* memory)
{
	if (!memory)
		failUsage("no memory for the list of modules");
	return memory;
}

Module* addModule(const char* name, const char* path, const char* source)
{
	Module* module = checkMemory(calloc(1, sizeof(Module)));
	module->name = checkMemory(strdup(name));
	module->path = path ? checkMemory(strdup(path)) : NULL;
	module->source = source;
	module->next = firstModule;
	firstModule = module;
	return module;
}

Module* findModule(const char* name)
{
	Module* module = firstModule;
	while (module && strcmp(module->name, name) != 0)
		module = module->next;
	return module;
}

/* A star at the end stands for a name without a slash. */
bool matchesName(const char* pattern, const char* name)
{
	size_t length = strlen(pattern);
	if (length == 0 || pattern[length - 1] != '*')
		return strcmp(pattern, name) == 0;
	return strncmp(pattern, name, length - 1) == 0 && name[length - 1] != 0
		&& !strchr(name + length - 1, '/');
}

/* Cuts ".js" or ".mjs" off. False when there was none. */
static bool cutExtension(char* path)
{
	char* dot = strrchr(path, '.');
	if (!dot || (strcmp(dot, ".js") != 0 && strcmp(dot, ".mjs") != 0))
		return false;
	*dot = 0;
	return true;
}

/* A pattern, and the folder that it stands for; both without the star. */
typedef struct {
	const char* name;
	char* folder;
} Pattern;

/* A module that is named alone wins over one that a pattern found. */
static void mapFile(const char* file, void* context)
{
	const Pattern* pattern = context;
	size_t bytes = strlen(pattern->name) + strlen(file) + 1;
	size_t pathBytes = strlen(pattern->folder) + strlen(file) + 1;
	char* module = checkMemory(malloc(bytes));
	char* path = checkMemory(malloc(pathBytes));
	snprintf(module, bytes, "%.*s%s", (int)(strlen(pattern->name) - 1), pattern->name, file);
	snprintf(path, pathBytes, "%s%s", pattern->folder, file);
	if (cutExtension(module) && !findModule(module))
		addModule(module, path, NULL);
	free(module);
	free(path);
}

static void mapFolder(const char* name, const char* path)
{
	Pattern pattern = { name, checkMemory(strdup(path)) };
	pattern.folder[strlen(path) - 1] = 0;
	if (!listFolder(pattern.folder, mapFile, &pattern))
		failUsage("module %s: no folder %s: %s", name, pattern.folder, strerror(errno));
	free(pattern.folder);
}

void mapModules(const char* name, const char* path)
{
	const char* star = strchr(name, '*');
	size_t length = strlen(path);
	Module* module;
	char* file;
	if (star) {
		if (star[1] || length < 2 || strcmp(path + length - 2, "/*") != 0)
			failUsage("module %s: a pattern ends with * and its path with /*, not %s", name, path);
		mapFolder(name, path);
		return;
	}
	file = checkMemory(malloc(length + sizeof(".js")));
	strcpy(file, path);
	if (access(file, R_OK) != 0)
		strcat(file, ".js");
	if (access(file, R_OK) != 0)
		failUsage("module %s: no file %s", name, path);
	module = findModule(name);
	if (module) {
		free(module->path);
		module->path = checkMemory(strdup(file));
	}
	else
		addModule(name, file, NULL);
	free(file);
}

txSize measureModules(const char* prefix)
{
	txSize bytes = 0;
	Module* module;
	for (module = firstModule; module; module = module->next) {
		if (module->path && strncmp(module->name, prefix, strlen(prefix)) == 0)
			bytes += module->releaseBytes;
	}
	return bytes;
}

/* What fxFindModule and fxLoadModule need, which is too much for the stack of a task. */
typedef struct {
	char specifier[PATH_MAX];
	char name[PATH_MAX];
	char base[PATH_MAX + 1];
	char path[PATH_MAX + 4];
} Scratch;

/* It lasts as long as its task. The linker has one too, and no task. */
static Scratch* scratchOf(txMachine* the)
{
	static Scratch linker;
	if (!the->task)
		return &linker;
	if (!the->task->scratch)
		the->task->scratch = malloc(sizeof(Scratch));
	if (!the->task->scratch)
		fxAbort(the, XS_NOT_ENOUGH_MEMORY_EXIT);
	return (Scratch*)the->task->scratch;
}

/* Puts the name that the specifier means into `name`, as XS on a device does (xsHosts.c): "./x" is
 * resolved against the name of the importing module. */
static bool resolveName(Scratch* scratch, const char* importer)
{
	char* base = scratch->base;
	char* name = scratch->name;
	const char* rest = scratch->specifier;
	int up = 0;
	if (strncmp(rest, "./", 2) == 0) {
		rest += 2;
		up = 1;
	}
	for (; strncmp(rest, "../", 3) == 0; up = up ? up + 1 : 2)
		rest += 3;
	if (up == 0)
		return snprintf(name, PATH_MAX, "%s", scratch->specifier) < PATH_MAX;
	if (!importer)
		return false;
	/* The slash in front stands for the folder of a name that has none. */
	snprintf(base, sizeof(scratch->base), "/%s", importer);
	for (; up > 0; up--) {
		char* slash = strrchr(base, '/');
		if (!slash)
			return false;
		*slash = 0;
	}
	if (base[0] == 0)
		return snprintf(name, PATH_MAX, "%s", rest) < PATH_MAX;
	return snprintf(name, PATH_MAX, "%s/%s", base + 1, rest) < PATH_MAX;
}

/* A path names a file that is not in the map: the test itself, or a worker of it. */
static bool findFile(Scratch* scratch, const char* name)
{
	if (name[0] != '/')
		return false;
	snprintf(scratch->path, sizeof(scratch->path), "%s.js", name);
	if (access(scratch->path, R_OK) == 0)
		return true;
	snprintf(scratch->path, sizeof(scratch->path), "%s.mjs", name);
	return access(scratch->path, R_OK) == 0;
}

txID fxFindModule(txMachine* the, txSlot* realm, txID moduleID, txSlot* slot)
{
	Scratch* scratch = scratchOf(the);
	const char* importer = (moduleID == XS_NO_ID) ? NULL : fxGetKeyName(the, moduleID);
	(void)realm;
	fxToStringBuffer(the, slot, scratch->specifier, sizeof(scratch->specifier));
	if (!resolveName(scratch, importer))
		xsReferenceError("module \"%s\": cannot be resolved", scratch->specifier);
	cutExtension(scratch->name);
	if (!findModule(scratch->name) && !findFile(scratch, scratch->name))
		xsReferenceError("module \"%s\" not found (looked for \"%s\", imported by %s)",
			scratch->specifier, scratch->name, importer ? importer : "the host");
	return fxNewNameC(the, scratch->name);
}

/* The code of a file lives as long as its task. */
static txScript* loadFile(txMachine* the, const char* name)
{
	Scratch* scratch = scratchOf(the);
	FileCode* code = calloc(1, sizeof(FileCode));
	if (!code)
		fxAbort(the, XS_NOT_ENOUGH_MEMORY_EXIT);
	code->next = the->task->firstFile;
	the->task->firstFile = code;
	(void)findFile(scratch, name);      /* one that has gone since: compileFile says so */
	compileFile(the, scratch->path, &code->script);
	return &code->script;
}

void freeFiles(FileCode* first)
{
	while (first) {
		FileCode* code = first;
		first = code->next;
		free(code->script.codeBuffer);
		free(code);
	}
}

void fxLoadModule(txMachine* the, txSlot* module, txID moduleID)
{
	const char* name = fxGetKeyName(the, moduleID);
	Module* mapped = findModule(name);
	txScript* script = mapped ? &mapped->script : loadFile(the, name);
	fxResolveModule(the, module, moduleID, script, NULL, NULL);
}
