/*
 * The modules of the run: their names, files and compiled code, as a manifest lists them.
 *
 * All of them are compiled by the linker before the first task exists, and their bytecode stays in
 * C memory that all machines share. So a module costs a machine as little RAM as on a device, where
 * the code lies in flash.
 */
#include "xs-test.h"
#include <dirent.h>

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

/* A module that is named alone wins over one that a pattern found. */
static void mapFolder(const char* name, const char* path)
{
	char folder[PATH_MAX], module[2 * PATH_MAX], file[2 * PATH_MAX];
	struct dirent* entry;
	DIR* entries;
	snprintf(folder, sizeof(folder), "%.*s", (int)(strlen(path) - 1), path);
	entries = opendir(folder);
	if (!entries)
		failUsage("module %s: no folder %s: %s", name, folder, strerror(errno));
	while ((entry = readdir(entries))) {
		snprintf(file, sizeof(file), "%s%s", folder, entry->d_name);
		snprintf(module, sizeof(module), "%.*s%s", (int)(strlen(name) - 1), name, entry->d_name);
		if (cutExtension(module) && !findModule(module))
			addModule(module, file, NULL);
	}
	closedir(entries);
}

void mapModules(const char* name, const char* path)
{
	const char* star = strchr(name, '*');
	size_t length = strlen(path);
	Module* module;
	char file[PATH_MAX + 4];
	if (star) {
		if (star[1] || length < 2 || strcmp(path + length - 2, "/*") != 0)
			failUsage("module %s: a pattern ends with * and its path with /*, not %s", name, path);
		mapFolder(name, path);
		return;
	}
	snprintf(file, sizeof(file), "%s", path);
	if (access(file, R_OK) != 0)
		snprintf(file, sizeof(file), "%s.js", path);
	if (access(file, R_OK) != 0)
		failUsage("module %s: no file %s", name, path);
	module = findModule(name);
	if (module) {
		free(module->path);
		module->path = checkMemory(strdup(file));
	}
	else
		addModule(name, file, NULL);
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

/* Puts the name that the specifier means into `name`, as XS on a device does (xsHosts.c): "./x" is
 * resolved against the name of the importing module. */
static bool resolveName(const char* specifier, const char* importer, char* name, size_t bytes)
{
	char base[PATH_MAX + 1];
	const char* rest = specifier;
	int up = 0;
	if (strncmp(rest, "./", 2) == 0) {
		rest += 2;
		up = 1;
	}
	for (; strncmp(rest, "../", 3) == 0; up = up ? up + 1 : 2)
		rest += 3;
	if (up == 0)
		return snprintf(name, bytes, "%s", specifier) < (int)bytes;
	if (!importer)
		return false;
	/* The slash in front stands for the folder of a name that has none. */
	snprintf(base, sizeof(base), "/%s", importer);
	for (; up > 0; up--) {
		char* slash = strrchr(base, '/');
		if (!slash)
			return false;
		*slash = 0;
	}
	if (base[0] == 0)
		return snprintf(name, bytes, "%s", rest) < (int)bytes;
	return snprintf(name, bytes, "%s/%s", base + 1, rest) < (int)bytes;
}

/* A path names a file that is not in the map: the test itself, or a worker of it. */
static bool isFile(const char* name)
{
	char path[PATH_MAX + 4];
	snprintf(path, sizeof(path), "%s.js", name);
	if (name[0] != '/')
		return false;
	if (access(path, R_OK) == 0)
		return true;
	snprintf(path, sizeof(path), "%s.mjs", name);
	return access(path, R_OK) == 0;
}

txID fxFindModule(txMachine* the, txSlot* realm, txID moduleID, txSlot* slot)
{
	char specifier[PATH_MAX], name[PATH_MAX];
	const char* importer = (moduleID == XS_NO_ID) ? NULL : fxGetKeyName(the, moduleID);
	(void)realm;
	fxToStringBuffer(the, slot, specifier, sizeof(specifier));
	if (!resolveName(specifier, importer, name, sizeof(name)))
		xsReferenceError("module \"%s\": cannot be resolved", specifier);
	cutExtension(name);
	if (!findModule(name) && !isFile(name))
		xsReferenceError("module \"%s\" not found (looked for \"%s\", imported by %s)",
			specifier, name, importer ? importer : "the host");
	return fxNewNameC(the, name);
}

/* The code of a file lives as long as its task. */
static txScript* loadFile(txMachine* the, const char* name)
{
	char path[PATH_MAX + 4];
	FileCode* code = calloc(1, sizeof(FileCode));
	if (!code)
		fxAbort(the, XS_NOT_ENOUGH_MEMORY_EXIT);
	code->next = the->task->firstFile;
	the->task->firstFile = code;
	snprintf(path, sizeof(path), "%s.js", name);
	if (access(path, R_OK) != 0)
		snprintf(path, sizeof(path), "%s.mjs", name);
	compileFile(the, path, &code->script);
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
