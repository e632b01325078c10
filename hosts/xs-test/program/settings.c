/*
 * The JSON files that the switches name, read with a machine of their own, so that their texts
 * leave no names behind in the machine that all others share.
 */
#include "xs-test.h"

/* Generous: a test says what it wants small. The parser's buffer is the host's, not the task's. */
#define PARSER_BUFFER_BYTES (64 * 1024)
txCreation mainCreation = {
	.initialChunkSize = 256 * 1024, .incrementalChunkSize = 64 * 1024,
	.initialHeapCount = 16 * 1024, .incrementalHeapCount = 4 * 1024,
	.stackCount = 2048,
	.initialKeyCount = 512, .incrementalKeyCount = 128,
	.nameModulo = 127, .symbolModulo = 37,
	.parserBufferSize = PARSER_BUFFER_BYTES, .parserTableModulo = 127,
};

typedef void (*Reader)(xsMachine* the, const char* path);

char* readText(const char* path, size_t* bytes)
{
	FILE* file = fopen(path, "rb");
	char* text = NULL;
	long length;
	if (!file)
		return NULL;
	if (fseek(file, 0, SEEK_END) == 0 && (length = ftell(file)) >= 0
			&& fseek(file, 0, SEEK_SET) == 0 && (text = malloc(length + 1))) {
		*bytes = fread(text, 1, length, file);
		text[*bytes] = 0;
		if (*bytes != (size_t)length) {
			free(text);
			text = NULL;
		}
	}
	fclose(file);
	return text;
}

/* Calls the reader with the object of the file as xsResult. Any trouble ends the run. */
static void readObject(const char* path, Reader reader)
{
	txCreation creation = mainCreation;
	size_t bytes;
	char* text = readText(path, &bytes);
	xsMachine* machine;
	if (!text)
		failUsage("cannot read %s: %s", path, strerror(errno));
	machine = xsCreateMachine(&creation, "settings", NULL);
	if (!machine)
		failUsage("no memory to read %s", path);
	xsBeginHost(machine);
	{
		xsVars(3);
		xsTry {
			xsResult = xsGet(xsGlobal, xsID("JSON"));
			xsResult = xsCall1(xsResult, xsID("parse"), xsString(text));
			if (xsTypeOf(xsResult) != xsReferenceType)
				xsTypeError("expected an object");
			(*reader)(the, path);
		}
		xsCatch {
			failUsage("%s: %s", path, xsToString(xsException));
		}
	}
	xsEndHost(machine);
	xsDeleteMachine(machine);
	free(text);
}

static void readMapEntries(xsMachine* the, const char* path)
{
	int i, count;
	(void)path;
	xsVar(0) = xsGet(xsGlobal, xsID("Object"));
	xsVar(0) = xsCall1(xsVar(0), xsID("keys"), xsResult);
	count = xsToInteger(xsGet(xsVar(0), xsID("length")));
	for (i = 0; i < count; i++) {
		char name[PATH_MAX], file[PATH_MAX];
		xsVar(1) = xsGetIndex(xsVar(0), i);
		xsVar(2) = xsGetAt(xsResult, xsVar(1));
		if (xsTypeOf(xsVar(2)) != xsStringType)
			xsTypeError("%s: expected a path", xsToString(xsVar(1)));
		xsToStringBuffer(xsVar(1), name, sizeof(name));
		xsToStringBuffer(xsVar(2), file, sizeof(file));
		mapModules(name, file);
	}
}

void readModuleMap(const char* path)
{
	readObject(path, readMapEntries);
}

static void readSize(xsMachine* the, xsSlot object, const char* name, txSize* value)
{
	xsSlot size;
	if (!xsHas(object, xsID((char*)name)))
		return;
	size = xsGet(object, xsID((char*)name));
	if (xsTypeOf(size) != xsIntegerType || xsToInteger(size) < 0)
		xsTypeError("%s: expected a whole number", name);
	*value = xsToInteger(size);
}

/* As "creation" in a manifest. `nativeStack` and `main` say nothing about a machine's memory. */
static void readCreationEntries(xsMachine* the, const char* path)
{
	(void)path;
	readSize(the, xsResult, "static", &mainCreation.staticSize);
	readSize(the, xsResult, "stack", &mainCreation.stackCount);
	xsVar(0) = xsGet(xsResult, xsID("chunk"));
	if (xsTest(xsVar(0))) {
		readSize(the, xsVar(0), "initial", &mainCreation.initialChunkSize);
		readSize(the, xsVar(0), "incremental", &mainCreation.incrementalChunkSize);
	}
	xsVar(0) = xsGet(xsResult, xsID("heap"));
	if (xsTest(xsVar(0))) {
		readSize(the, xsVar(0), "initial", &mainCreation.initialHeapCount);
		readSize(the, xsVar(0), "incremental", &mainCreation.incrementalHeapCount);
	}
	xsVar(0) = xsGet(xsResult, xsID("keys"));
	if (xsTest(xsVar(0))) {
		readSize(the, xsVar(0), "initial", &mainCreation.initialKeyCount);
		readSize(the, xsVar(0), "incremental", &mainCreation.incrementalKeyCount);
		readSize(the, xsVar(0), "name", &mainCreation.nameModulo);
		readSize(the, xsVar(0), "symbol", &mainCreation.symbolModulo);
	}
	if (mainCreation.nameModulo == 0 || mainCreation.symbolModulo == 0)
		xsRangeError("keys.name and keys.symbol must be above 0");
}

void readCreation(const char* path)
{
	readObject(path, readCreationEntries);
}
