/*
 * The bytecode of a module, for a test that reads it (--list-codes): for each code how deep its
 * function lies in others, the line of the source that it stands in, and its name.
 */
#include "xs-test.h"

/* A function stands inside the code of the one around it, and begins in the line that makes it. */
static void list(const txByte* p, const txByte* end, int depth, txU2 line)
{
	while (p < end) {
		const txByte* next = p + measureCode(p);
		txU1 code = *(const txU1*)p;
		if (code == XS_CODE_LINE) {
			txU2 found;
			memcpy(&found, p + 1, sizeof(found));
			/* XS 17 says 0 in the first line of some functions. */
			line = found ? found : line;
		}
		else
			printf("%d %d %s\n", depth, line, gxCodeNames[code]);
		if (next - p > gxCodeSizes[code] && gxCodeSizes[code] > 0)
			list(p + gxCodeSizes[code], next, depth + 1, line);
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
	list(code, code + module->script.codeSize, 0, 0);
}
