/*
 * The module preference, with the limits of an ESP32's non-volatile storage: names of up to 15
 * bytes; booleans, 32-bit integers, strings and ArrayBuffers of up to 4,000 bytes.
 *
 * The file has a line for each value: domain, name, type and text, by tab. It is written at each
 * change, beside itself and then renamed, so that a process that is killed leaves a whole one.
 */
#include "xs-test.h"

#define NAME_BYTES 16
#define VALUE_BYTES 4000

typedef enum { BOOLEAN = 'b', INTEGER = 'i', STRING = 's', BLOB = 'x' } ValueType;

typedef struct Entry Entry;
struct Entry {
	Entry* next;
	char domain[NAME_BYTES];
	char name[NAME_BYTES];
	ValueType type;
	size_t bytes;
	uint8_t* value;                 /* of its own; a stack has no room for it */
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static Entry* firstEntry = NULL;
/* Where the file is written first; --preferences. */
static char* freshPath = NULL;

static void freeEntry(Entry* entry)
{
	if (entry)
		free(entry->value);
	free(entry);
}

static Entry** findEntry(const char* domain, const char* name)
{
	Entry** address = &firstEntry;
	while (*address && (strcmp((*address)->domain, domain) || strcmp((*address)->name, name)))
		address = &(*address)->next;
	return address;
}

/* Text is hexadecimal where it could hold a tab or the end of a line. */
static void writeEntry(FILE* file, const Entry* entry)
{
	size_t i;
	fprintf(file, "%s\t%s\t%c\t", entry->domain, entry->name, entry->type);
	if (entry->type == INTEGER || entry->type == BOOLEAN) {
		int32_t value;
		memcpy(&value, entry->value, sizeof(value));
		fprintf(file, "%d", value);
	}
	else for (i = 0; i < entry->bytes; i++)
		fprintf(file, "%02x", entry->value[i]);
	fputc('\n', file);
}

/* Returns what went wrong, or NULL. */
static const char* writeFile(void)
{
	const Entry* entry;
	FILE* file;
	if (!options.preferences)
		return NULL;
	file = fopen(freshPath, "w");
	if (!file)
		return strerror(errno);
	for (entry = firstEntry; entry; entry = entry->next)
		writeEntry(file, entry);
	if (fclose(file) != 0 || rename(freshPath, options.preferences) != 0)
		return strerror(errno);
	return NULL;
}

static bool readEntry(char* line, Entry* entry)
{
	char* domain = strsep(&line, "\t");
	char* name = strsep(&line, "\t");
	char* type = strsep(&line, "\t");
	if (!line || strlen(domain) >= NAME_BYTES || strlen(name) >= NAME_BYTES || strlen(type) != 1)
		return false;
	strcpy(entry->domain, domain);
	strcpy(entry->name, name);
	entry->type = type[0];
	/* Two digits stand for a byte. */
	entry->value = malloc(strlen(line) / 2 + sizeof(int32_t));
	if (!entry->value)
		return false;
	if (entry->type == INTEGER || entry->type == BOOLEAN) {
		int32_t value = (int32_t)strtol(line, NULL, 10);
		memcpy(entry->value, &value, sizeof(value));
		entry->bytes = sizeof(value);
		return true;
	}
	for (; sscanf(line, "%2hhx", &entry->value[entry->bytes]) == 1; line += 2) {
		if (++entry->bytes == VALUE_BYTES)
			break;
	}
	return *line == 0 && (entry->type == STRING || entry->type == BLOB);
}

void openPreferences(void)
{
	size_t bytes;
	char* text;
	char* rest;
	char* line;
	if (options.preferences) {
		freshPath = malloc(strlen(options.preferences) + sizeof(".new"));
		if (!freshPath)
			failUsage("no memory for %s", options.preferences);
		strcat(strcpy(freshPath, options.preferences), ".new");
	}
	if (!options.preferences || access(options.preferences, F_OK) != 0)
		return;
	text = rest = readText(options.preferences, &bytes);
	if (!text)
		failUsage("cannot read %s: %s", options.preferences, strerror(errno));
	while ((line = strsep(&rest, "\n"))) {
		Entry* entry = calloc(1, sizeof(Entry));
		if (*line == 0) {
			free(entry);
			continue;
		}
		if (!entry || !readEntry(line, entry))
			failUsage("%s: damaged at %s", options.preferences, line);
		entry->next = firstEntry;
		firstEntry = entry;
	}
	free(text);
}

/* False: longer than the storage takes. */
static bool readName(xsMachine* the, int index, char* name)
{
	const char* text = xsToString(xsArg(index));
	if (text[0] == 0 || strlen(text) >= NAME_BYTES || strpbrk(text, "\t\n"))
		return false;
	strcpy(name, text);
	return true;
}

/* Checks the value, and says what it is and how long. */
static void measureValue(xsMachine* the, Entry* entry)
{
	switch (xsTypeOf(xsArg(2))) {
	case xsBooleanType:
	case xsIntegerType:
	case xsNumberType:
		entry->type = (xsTypeOf(xsArg(2)) == xsBooleanType) ? BOOLEAN : INTEGER;
		if (xsToNumber(xsArg(2)) != (int32_t)xsToNumber(xsArg(2)))
			xsUnknownError("float unsupported");
		entry->bytes = sizeof(int32_t);
		break;
	case xsStringType:
		entry->type = STRING;
		entry->bytes = strlen(xsToString(xsArg(2)));
		if (entry->bytes >= VALUE_BYTES)
			xsUnknownError("nvs set fail");
		break;
	default:
		if (!xsIsInstanceOf(xsArg(2), xsArrayBufferPrototype))
			xsUnknownError("unsupported type");
		entry->type = BLOB;
		entry->bytes = xsGetArrayBufferLength(xsArg(2));
		if (entry->bytes > VALUE_BYTES)
			xsUnknownError("nvs set fail");
	}
}

/* Of a value that has been measured: nothing here throws. */
static void copyValue(xsMachine* the, Entry* entry)
{
	int32_t integer;
	if (entry->type == STRING)
		memcpy(entry->value, xsToString(xsArg(2)), entry->bytes);
	else if (entry->type == BLOB)
		memcpy(entry->value, xsToArrayBuffer(xsArg(2)), entry->bytes);
	else {
		integer = xsToInteger(xsArg(2));
		memcpy(entry->value, &integer, sizeof(integer));
	}
}

/* Puts an entry in the place of the one of its name; its value is no longer the caller's. Returns
 * what went wrong, or NULL. */
static const char* keepEntry(const Entry* entry)
{
	const char* trouble = "no memory";
	Entry** address;
	pthread_mutex_lock(&lock);
	address = findEntry(entry->domain, entry->name);
	if (!*address)
		*address = calloc(1, sizeof(Entry));
	if (*address) {
		Entry* next = (*address)->next;
		free((*address)->value);
		**address = *entry;
		(*address)->next = next;
		trouble = writeFile();
	}
	else
		free(entry->value);
	pthread_mutex_unlock(&lock);
	return trouble;
}

void keepText(const char* domain, const char* name, const char* text)
{
	Entry entry = { .next = NULL, .type = STRING, .bytes = strlen(text) };
	const char* trouble = "no memory";
	snprintf(entry.domain, NAME_BYTES, "%s", domain);
	snprintf(entry.name, NAME_BYTES, "%s", name);
	entry.value = malloc(entry.bytes + 1);
	if (entry.value) {
		memcpy(entry.value, text, entry.bytes);
		trouble = keepEntry(&entry);
	}
	if (trouble)
		fprintf(stderr, "%s: preference %s is not kept: %s\n", hostName, name, trouble);
}

void xs_preference_set(xsMachine* the)
{
	Entry entry = { .next = NULL };
	const char* trouble;
	if (!readName(the, 0, entry.domain))
		xsUnknownError("nvs_open fail");
	if (!readName(the, 1, entry.name))
		xsUnknownError("nvs set fail");
	measureValue(the, &entry);
	entry.value = malloc(entry.bytes + 1);
	if (!entry.value)
		xsUnknownError("nvs set fail: no memory");
	copyValue(the, &entry);
	trouble = keepEntry(&entry);
	if (trouble)
		xsUnknownError("nvs set fail: %s", trouble);
}

/* A copy without its value; false when there is none. */
static bool lookUp(const char* domain, const char* name, Entry* entry)
{
	const Entry* found;
	pthread_mutex_lock(&lock);
	found = *findEntry(domain, name);
	if (found)
		*entry = *found;
	pthread_mutex_unlock(&lock);
	return found != NULL;
}

/* Into `to`, unless another task has changed it since it was looked up. */
static bool readInto(const Entry* entry, void* to)
{
	const Entry* found;
	bool isSame;
	pthread_mutex_lock(&lock);
	found = *findEntry(entry->domain, entry->name);
	isSame = found && found->type == entry->type && found->bytes == entry->bytes;
	if (isSame)
		memcpy(to, found->value, entry->bytes);
	pthread_mutex_unlock(&lock);
	return isSame;
}

/* Room is made first, which may collect garbage or throw: nothing is locked then. */
static bool readValue(xsMachine* the, const Entry* entry)
{
	int32_t integer = 0;
	if (entry->type == STRING) {
		xsResult = xsStringBuffer(NULL, entry->bytes);
		return readInto(entry, xsResult.value.string);
	}
	if (entry->type == BLOB) {
		xsResult = xsArrayBuffer(NULL, entry->bytes);
		return readInto(entry, xsToArrayBuffer(xsResult));
	}
	if (!readInto(entry, &integer))
		return false;
	if (entry->type == BOOLEAN)
		xsResult = xsBoolean(integer);
	else
		xsResult = xsInteger(integer);
	return true;
}

void xs_preference_get(xsMachine* the)
{
	char domain[NAME_BYTES], name[NAME_BYTES];
	Entry entry;
	if (!readName(the, 0, domain) || !readName(the, 1, name))
		return;
	while (lookUp(domain, name, &entry)) {
		if (readValue(the, &entry))
			return;
	}
	xsResult = xsUndefined;
}

void xs_preference_delete(xsMachine* the)
{
	char domain[NAME_BYTES], name[NAME_BYTES];
	const char* trouble = NULL;
	Entry** address;
	Entry* entry;
	if (!readName(the, 0, domain) || !readName(the, 1, name))
		return;
	pthread_mutex_lock(&lock);
	address = findEntry(domain, name);
	if ((entry = *address)) {
		*address = entry->next;
		freeEntry(entry);
		trouble = writeFile();
	}
	pthread_mutex_unlock(&lock);
	if (trouble)
		xsUnknownError("nvs erase fail: %s", trouble);
}

/* The name of the domain's entry of that number; false when it has fewer. */
static bool nameAt(const char* domain, int index, char* name)
{
	const Entry* entry;
	pthread_mutex_lock(&lock);
	for (entry = firstEntry; entry; entry = entry->next) {
		if (strcmp(entry->domain, domain) == 0 && index-- == 0) {
			strcpy(name, entry->name);
			break;
		}
	}
	pthread_mutex_unlock(&lock);
	return entry != NULL;
}

void xs_preference_keys(xsMachine* the)
{
	char domain[NAME_BYTES], name[NAME_BYTES];
	int i;
	xsVars(1);
	xsResult = xsNewArray(0);
	if (!readName(the, 0, domain))
		return;
	for (i = 0; nameAt(domain, i, name); i++) {
		xsVar(0) = xsString(name);
		xsSetIndex(xsResult, i, xsVar(0));
	}
}
