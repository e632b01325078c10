/*
 * From source to bytecode, prepared as Moddable's linker does it (fxMapCode): names become keys of
 * the machine that all others share. In a module that is not preloaded functions and strings stay
 * where they are ("archive" codes). In one that is preloaded they do not: each time a string or a
 * function is evaluated, the machine copies it into a new chunk of its own.
 */
#include "xs-test.h"

typedef struct {
	const char* text;
	size_t offset;
	size_t bytes;
} Source;

static int nextByte(void* it)
{
	Source* source = it;
	return (source->offset < source->bytes) ? (unsigned char)source->text[source->offset++] : EOF;
}

/* NULL: the text has an error. Where `message` is given it is kept there, else the script that is
 * returned throws it. */
static txScript* compile(txMachine* the, const char* path, Source* source, txUnsigned flags,
	char* message, size_t messageBytes)
{
	txParser parser;
	txParserJump jump;
	txScript* volatile script = NULL;
	source->offset = 0;
	fxInitializeParser(&parser, the, the->parserBufferSize, the->parserTableModulo);
	parser.firstJump = &jump;
	if (setjmp(jump.jmp_buf) == 0) {
		parser.path = fxNewParserSymbol(&parser, (txString)path);
		fxParserTree(&parser, source, nextByte, flags, NULL);
		fxParserHoist(&parser);
		fxParserBind(&parser);
		script = fxParserCode(&parser);
	}
	if (parser.errorCount && message) {
		snprintf(message, messageBytes, "%d: %s", parser.mxParserLine, parser.errorMessage);
		if (script)
			fxDeleteScript(script);
		script = NULL;
	}
	fxTerminateParser(&parser);
	return script;
}

static txU1 archiveCode(txU1 code)
{
	switch (code) {
	case XS_CODE_CODE_1: return XS_CODE_CODE_ARCHIVE_1;
	case XS_CODE_CODE_2: return XS_CODE_CODE_ARCHIVE_2;
	case XS_CODE_CODE_4: return XS_CODE_CODE_ARCHIVE_4;
	case XS_CODE_STRING_1: return XS_CODE_STRING_ARCHIVE_1;
	case XS_CODE_STRING_2: return XS_CODE_STRING_ARCHIVE_2;
	case XS_CODE_STRING_4: return XS_CODE_STRING_ARCHIVE_4;
	default: return code;
	}
}

/* Walks over the codes, those of inner functions too. The table of XS gives the length of each; 0
 * stands for an ID, and -1, -2, -4 for a length of so many bytes that follows. */
static void linkCode(txScript* script, const txID* ids, bool isPreloaded)
{
	txByte* p = script->codeBuffer;
	txByte* end = p + script->codeSize;
	while (p < end) {
		txU1 code = isPreloaded ? *(txU1*)p : archiveCode(*(txU1*)p);
		txS1 size = gxCodeSizes[code];
		txID id;
		*(txU1*)p = code;
		if (size > 0) {
			p += size;
			continue;
		}
		p++;
		if (size == 0) {
			memcpy(&id, p, sizeof(id));
			if (id != XS_NO_ID)
				id = ids[id];
			memcpy(p, &id, sizeof(id));
			p += sizeof(id);
		}
		else if (size == -1)
			p += 1 + *(txU1*)p;
		else if (size == -2) {
			txU2 length;
			memcpy(&length, p, sizeof(length));
			p += sizeof(length) + length;
		}
		else {
			txS4 length;
			memcpy(&length, p, sizeof(length));
			p += sizeof(length) + length;
		}
	}
}

/* The length of the function whose code begins at `p`, or -1 when none does; `header` is the size
 * of what stands before it. */
static txSize functionAt(const txByte* p, txSize* header)
{
	switch (*(const txU1*)p) {
	case XS_CODE_CODE_1: *header = 2; return *(const txU1*)(p + 1);
	case XS_CODE_CODE_2: { txU2 length; memcpy(&length, p + 1, 2); *header = 3; return length; }
	case XS_CODE_CODE_4: { txS4 length; memcpy(&length, p + 1, 4); *header = 5; return length; }
	default: return -1;
	}
}

/* The bytes of the functions in a piece of code that has not been linked. What a module does when
 * it is loaded is two functions, with all others inside: `depth` 0 looks into those. */
static txSize functionBytes(const txByte* p, const txByte* end, int depth)
{
	txSize bytes = 0;
	while (p < end) {
		txS1 size = gxCodeSizes[*(const txU1*)p];
		txSize header, length = functionAt(p, &header);
		if (length >= 0) {
			p += header;
			bytes += depth ? length : functionBytes(p, p + length, depth + 1);
			p += length;
		}
		else if (size > 0)
			p += size;
		else if (size == 0)
			p += 1 + sizeof(txID);
		else if (size == -1)
			p += 2 + *(const txU1*)(p + 1);
		else if (size == -2) {
			txU2 skipped;
			memcpy(&skipped, p + 1, sizeof(skipped));
			p += 3 + skipped;
		}
		else {
			txS4 skipped;
			memcpy(&skipped, p + 1, sizeof(skipped));
			p += 5 + skipped;
		}
	}
	return bytes;
}

static txID* linkSymbols(txMachine* the, txScript* script)
{
	txByte* p = script->symbolsBuffer;
	txID count, i;
	txID* ids;
	memcpy(&count, p, sizeof(count));
	p += sizeof(count);
	ids = calloc(count, sizeof(txID));
	if (!ids)
		fxAbort(the, XS_NOT_ENOUGH_MEMORY_EXIT);
	ids[0] = XS_NO_ID;
	for (i = 1; i < count; i++) {
		ids[i] = fxNewNameC(the, (txString)p);
		p += strlen((char*)p) + 1;
	}
	return ids;
}

/* The functions that the source of a built-in module names with `@ "name"`. */
static void linkHosts(txMachine* the, Module* module, txScript* script, const txID* ids)
{
	txByte* p = script->hostsBuffer;
	txHostFunctionBuilder* builders;
	txID count, i;
	if (!p)
		return;
	memcpy(&count, p, sizeof(count));
	p += sizeof(count);
	builders = calloc(count, sizeof(txHostFunctionBuilder));
	if (!builders)
		fxAbort(the, XS_NOT_ENOUGH_MEMORY_EXIT);
	for (i = 0; i < count; i++) {
		txID id;
		builders[i].length = *p++;
		memcpy(&id, p, sizeof(id));
		p += sizeof(id);
		builders[i].id = (id == XS_NO_ID) ? id : ids[id];
		builders[i].callback = (txCallback)findHostFunction((char*)p);
		p += strlen((char*)p) + 1;
	}
	module->hosts = builders;
	module->hostCount = count;
}

/* A file that no name stands for: its names become keys of the machine that loads it. */
void compileFile(txMachine* the, const char* path, txScript* script)
{
	Source source = { .text = NULL };
	char message[1024];
	txScript* compiled;
	txID* ids;
	source.text = readText(path, &source.bytes);
	if (!source.text)
		xsReferenceError("%s: %s", path, strerror(errno));
	compiled = compile(the, path, &source, mxDebugFlag, message, sizeof(message));
	free((char*)source.text);
	if (!compiled)
		xsSyntaxError("%s:%s", path, message);
	*script = *compiled;
	ids = linkSymbols(the, script);
	linkCode(script, ids, false);
	free(ids);
	free(script->symbolsBuffer);
	script->symbolsBuffer = NULL;
	free(compiled);
}

void compileModule(txMachine* the, Module* module)
{
	const char* path = module->path ? module->path : module->name;
	Source source = { .text = module->source };
	txUnsigned flags = module->path ? 0 : mxCFlag;
	char message[1024];
	txScript* script;
	txID* ids;
	if (module->path)
		source.text = readText(module->path, &source.bytes);
	else
		source.bytes = strlen(module->source);
	if (!source.text)
		failRun(EXIT_LINK, "module %s: %s: %s", module->name, path, strerror(errno));
	script = compile(the, path, &source, flags, message, sizeof(message));
	if (!script)
		failRun(EXIT_LINK, "module %s: %s:%s", module->name, path, message);
	module->releaseBytes = functionBytes(script->codeBuffer,
		script->codeBuffer + script->codeSize, 0);
	fxDeleteScript(script);
	if (!options.isRelease)
		flags |= mxDebugFlag;
	script = compile(the, path, &source, flags, message, sizeof(message));
	if (!script)
		failRun(EXIT_LINK, "module %s: %s: no memory", module->name, path);
	ids = linkSymbols(the, script);
	linkCode(script, ids, isPreloaded(module));
	linkHosts(the, module, script, ids);
	module->script = *script;
	free(ids);
	free(script->symbolsBuffer);
	free(script->hostsBuffer);
	free(script);
	module->script.symbolsBuffer = module->script.hostsBuffer = NULL;
	if (module->path)
		free((char*)source.text);
}
