/*
 * The module Resource: files that a device has in flash. Here they come from a folder. A file is
 * read once, and stays: all machines see the same bytes, as a SharedArrayBuffer, and none pays.
 */
#include "xs-test.h"

typedef struct Resource Resource;
struct Resource {
	Resource* next;
	char* path;
	void* data;                     /* a shared chunk */
	txInteger bytes;
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static Resource* firstResource = NULL;

/* Reads the file into what stands for flash. False: errno says why not. */
static bool readFile(const char* path, Resource* resource)
{
	FILE* file = fopen(path, "rb");
	long length = -1;
	if (!file)
		return false;
	if (fseek(file, 0, SEEK_END) == 0)
		length = ftell(file);
	if (length >= 0 && fseek(file, 0, SEEK_SET) == 0) {
		resource->bytes = (txInteger)length;
		resource->data = createFlashChunk(resource->bytes);
	}
	if (resource->data && fread(resource->data, 1, length, file) != (size_t)length)
		resource->data = NULL;
	fclose(file);
	return resource->data != NULL;
}

/* Whose path is no longer the caller's. */
static Resource* addResource(char* path)
{
	Resource* resource = calloc(1, sizeof(Resource));
	if (!resource || !readFile(path, resource)) {
		free(resource);
		free(path);
		return NULL;
	}
	resource->path = path;
	resource->next = firstResource;
	return firstResource = resource;
}

static Resource* findResource(const char* name)
{
	size_t bytes = strlen(options.resources) + strlen(name) + 2;
	char* path = malloc(bytes);
	Resource* resource;
	if (!path)
		return NULL;
	snprintf(path, bytes, "%s/%s", options.resources, name);
	pthread_mutex_lock(&lock);
	resource = firstResource;
	while (resource && strcmp(resource->path, path) != 0)
		resource = resource->next;
	if (resource)
		free(path);
	else
		resource = addResource(path);
	pthread_mutex_unlock(&lock);
	return resource;
}

void xs_resource(xsMachine* the)
{
	Resource* resource;
	txSlot* host;
	if (!options.resources)
		xsURIError("Resource %s: no --resources", xsToString(xsArg(0)));
	resource = findResource(xsToString(xsArg(0)));
	if (!resource)
		xsURIError("Resource %s/%s: %s", options.resources, xsToString(xsArg(0)), strerror(errno));
	/* An empty one, whose chunk gives way. */
	xsResult = xsNew1(xsGlobal, xsID("SharedArrayBuffer"), xsInteger(0));
	host = xsResult.value.reference->next;
	fxReleaseSharedChunk(host->value.host.data);
	host->value.host.data = fxRetainSharedChunk(resource->data);
	host->next->value.bufferInfo.length = resource->bytes;
}
