/*
 * The module Resource: files that a device has in flash. Here they come from a folder, and their
 * bytes lie in C memory, as a SharedArrayBuffer that nobody else has: they cost no heap.
 */
#include "xs-test.h"

static char* readResource(const char* name, size_t* bytes)
{
	size_t pathBytes = strlen(options.resources) + strlen(name) + 2;
	char* path = malloc(pathBytes);
	char* text;
	if (!path)
		return NULL;
	snprintf(path, pathBytes, "%s/%s", options.resources, name);
	text = readText(path, bytes);
	free(path);
	return text;
}

void xs_resource(xsMachine* the)
{
	size_t bytes = 0;
	char* text;
	if (!options.resources)
		xsURIError("Resource %s: no --resources", xsToString(xsArg(0)));
	text = readResource(xsToString(xsArg(0)), &bytes);
	if (!text)
		xsURIError("Resource %s/%s: %s", options.resources, xsToString(xsArg(0)), strerror(errno));
	xsResult = xsNew1(xsGlobal, xsID("SharedArrayBuffer"), xsInteger((xsIntegerValue)bytes));
	memcpy(xsResult.value.reference->next->value.host.data, text, bytes);
	free(text);
}
