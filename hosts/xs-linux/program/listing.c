/*
 * The bytecode of a module, for a test that reads it (--list-codes): for each code how deep its
 * function lies in others, the line of the source that it stands in, and its name.
 */
#include "xs-linux.h"

/* Functions stand inside the code of those around them. */
static void list(const txByte* p, const txByte* end, int depth)
{
	txU2 line = 0;
	while (p < end) {
		const txByte* next = p + measureCode(p);
		txU1 code = *(const txU1*)p;
		if (code == XS_CODE_LINE)
			memcpy(&line, p + 1, sizeof(line));
		else
			printf("%d %d %s\n", depth, line, gxCodeNames[code]);
		if (next - p > gxCodeSizes[code] && gxCodeSizes[code] > 0)
			list(p + gxCodeSizes[code], next, depth + 1);
		p = next;
	}
}

void listModule(const char* name)
{
	const Module* module = findModule(name);
	const txByte* code;
	if (!module)
		failUsage("--list-codes: no module %s", name);
	code = module->script.codeBuffer;
	list(code, code + module->script.codeSize, 0);
}
