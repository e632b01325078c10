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
	uint8_t value[VALUE_BYTES];
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static Entry* firstEntry = NULL;

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
	char path[PATH_MAX];
	const Entry* entry;
	FILE* file;
	if (!options.preferences)
		return NULL;
	snprintf(path, sizeof(path), "%s.new", options.preferences);
	file = fopen(path, "w");
	if (!file)
		return strerror(errno);
	for (entry = firstEntry; entry; entry = entry->next)
		writeEntry(file, entry);
	if (fclose(file) != 0 || rename(path, options.preferences) != 0)
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
	char text[256];
	xsToStringBuffer(xsArg(index), text, sizeof(text));
	if (text[0] == 0 || strlen(text) >= NAME_BYTES || strpbrk(text, "\t\n"))
		return false;
	strcpy(name, text);
	return true;
}

static void readValue(xsMachine* the, Entry* entry)
{
	int32_t integer;
	const char* text;
	switch (xsTypeOf(xsArg(2))) {
	case xsBooleanType:
	case xsIntegerType:
	case xsNumberType:
		entry->type = (xsTypeOf(xsArg(2)) == xsBooleanType) ? BOOLEAN : INTEGER;
		if (xsToNumber(xsArg(2)) != (int32_t)xsToNumber(xsArg(2)))
			xsUnknownError("float unsupported");
		integer = xsToInteger(xsArg(2));
		memcpy(entry->value, &integer, entry->bytes = sizeof(integer));
		break;
	case xsStringType:
		entry->type = STRING;
		text = xsToString(xsArg(2));
		entry->bytes = strlen(text);
		if (entry->bytes >= VALUE_BYTES)
			xsUnknownError("nvs set fail");
		memcpy(entry->value, text, entry->bytes);
		break;
	default:
		if (!xsIsInstanceOf(xsArg(2), xsArrayBufferPrototype))
			xsUnknownError("unsupported type");
		entry->type = BLOB;
		entry->bytes = xsGetArrayBufferLength(xsArg(2));
		if (entry->bytes > VALUE_BYTES)
			xsUnknownError("nvs set fail");
		memcpy(entry->value, xsToArrayBuffer(xsArg(2)), entry->bytes);
	}
}

/* Puts an entry in the place of the one of its name. Returns what went wrong, or NULL. */
static const char* keepEntry(Entry* entry)
{
	const char* trouble = "no memory";
	Entry** address;
	pthread_mutex_lock(&lock);
	address = findEntry(entry->domain, entry->name);
	if (!*address)
		*address = calloc(1, sizeof(Entry));
	if (*address) {
		entry->next = (*address)->next;
		**address = *entry;
		trouble = writeFile();
	}
	pthread_mutex_unlock(&lock);
	return trouble;
}

void keepText(const char* domain, const char* name, const char* text)
{
	Entry entry = { .next = NULL, .type = STRING, .bytes = strlen(text) };
	const char* trouble;
	snprintf(entry.domain, NAME_BYTES, "%s", domain);
	snprintf(entry.name, NAME_BYTES, "%s", name);
	memcpy(entry.value, text, entry.bytes);
	trouble = keepEntry(&entry);
	if (trouble)
		fprintf(stderr, "xs-linux: preference %s is not kept: %s\n", name, trouble);
}

void xs_preference_set(xsMachine* the)
{
	Entry read = { .next = NULL };
	const char* trouble;
	if (!readName(the, 0, read.domain))
		xsUnknownError("nvs_open fail");
	if (!readName(the, 1, read.name))
		xsUnknownError("nvs set fail");
	readValue(the, &read);
	trouble = keepEntry(&read);
	if (trouble)
		xsUnknownError("nvs set fail: %s", trouble);
}

void xs_preference_get(xsMachine* the)
{
	Entry entry = { .next = NULL };
	char domain[NAME_BYTES], name[NAME_BYTES];
	int32_t value;
	bool isFound;
	if (!readName(the, 0, domain) || !readName(the, 1, name))
		return;
	pthread_mutex_lock(&lock);
	isFound = *findEntry(domain, name) != NULL;
	if (isFound)
		entry = **findEntry(domain, name);
	pthread_mutex_unlock(&lock);
	if (!isFound)
		return;
	memcpy(&value, entry.value, sizeof(value));
	if (entry.type == BOOLEAN)
		xsResult = xsBoolean(value);
	else if (entry.type == INTEGER)
		xsResult = xsInteger(value);
	else if (entry.type == STRING)
		xsResult = xsStringBuffer((char*)entry.value, entry.bytes);
	else
		xsResult = xsArrayBuffer(entry.value, entry.bytes);
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
		free(entry);
		trouble = writeFile();
	}
	pthread_mutex_unlock(&lock);
	if (trouble)
		xsUnknownError("nvs erase fail: %s", trouble);
}

void xs_preference_keys(xsMachine* the)
{
	char domain[NAME_BYTES];
	char names[64][NAME_BYTES];
	int count = 0, i;
	const Entry* entry;
	xsVars(1);
	xsResult = xsNewArray(0);
	if (!readName(the, 0, domain))
		return;
	pthread_mutex_lock(&lock);
	for (entry = firstEntry; entry && count < 64; entry = entry->next) {
		if (strcmp(entry->domain, domain) == 0)
			strcpy(names[count++], entry->name);
	}
	pthread_mutex_unlock(&lock);
	for (i = 0; i < count; i++) {
		xsVar(0) = xsString(names[i]);
		xsSetIndex(xsResult, i, xsVar(0));
	}
}
