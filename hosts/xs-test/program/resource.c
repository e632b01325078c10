/*
 * The module Resource: files that a device has in flash. Here they come from a folder, and their
 * bytes lie in C memory, as a SharedArrayBuffer that nobody else has: they cost no heap.
 */
#include "xs-test.h"

void xs_resource(xsMachine* the)
{
	char path[PATH_MAX];
	size_t bytes;
	char* text;
	if (!options.resources)
		xsURIError("Resource %s: no --resources", xsToString(xsArg(0)));
	snprintf(path, sizeof(path), "%s/%s", options.resources, xsToString(xsArg(0)));
	text = readText(path, &bytes);
	if (!text)
		xsURIError("Resource %s: %s", path, strerror(errno));
	xsResult = xsNew1(xsGlobal, xsID("SharedArrayBuffer"), xsInteger((xsIntegerValue)bytes));
	memcpy(xsResult.value.reference->next->value.host.data, text, bytes);
	free(text);
}
