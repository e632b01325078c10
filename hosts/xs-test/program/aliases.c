/*
 * Warns, as Moddable's linker does, of what a preloaded module exports and may change: an object
 * that is not frozen, or a variable that is no const. At its first write a machine makes a copy, so
 * that machines do not see each other's changes, and every machine pays a word for the chance. XS
 * has numbered all of them (fxShare).
 */
#include "xs-test.h"

/* How something is reached, "module: name.property", and by its number: was it told before? */
typedef struct {
	char text[1024];
	size_t length;
	bool* isTold;
} Path;

static void checkInstance(txMachine* the, txSlot* instance, Path* path);

static size_t append(Path* path, const char* separator, const char* name)
{
	size_t before = path->length;
	int added = snprintf(path->text + before, sizeof(path->text) - before, "%s%s", separator, name);
	path->length += added;
	if (path->length >= sizeof(path->text))
		path->length = sizeof(path->text) - 1;
	return before;
}

static void cut(Path* path, size_t length)
{
	path->length = length;
	path->text[length] = 0;
}

static const char* nameOf(txMachine* the, txID id)
{
	const char* name = (id == XS_NO_ID) ? NULL : fxGetKeyName(the, id);
	return name ? name : "?";
}

static void warn(const Path* path, txID alias, const char* what)
{
	if (path->isTold[alias])
		return;
	path->isTold[alias] = true;
	fprintf(stderr, "### warning: %s: %s\n", path->text, what);
}

static void checkSlot(txMachine* the, txSlot* slot, Path* path)
{
	if (slot->kind == XS_REFERENCE_KIND)
		checkInstance(the, slot->value.reference, path);
	else if (slot->kind == XS_ACCESSOR_KIND) {
		if (slot->value.accessor.getter)
			checkInstance(the, slot->value.accessor.getter, path);
		if (slot->value.accessor.setter)
			checkInstance(the, slot->value.accessor.setter, path);
	}
}

/* What an export or a function of a module refers to. */
static void checkVariable(txMachine* the, txSlot* variable, Path* path)
{
	if (variable->ID != XS_NO_ID && !(variable->flag & XS_DONT_SET_FLAG))
		warn(path, variable->ID, "no const");
	checkSlot(the, variable, path);
}

/* What a function can see from where it was made. */
static void checkEnvironment(txMachine* the, txSlot* environment, Path* path)
{
	txSlot* closure;
	if (!environment || environment->flag & XS_LEVEL_FLAG)
		return;
	environment->flag |= XS_LEVEL_FLAG;
	checkEnvironment(the, environment->value.instance.prototype, path);
	for (closure = environment->next; closure; closure = closure->next) {
		size_t before;
		if (closure->kind != XS_CLOSURE_KIND)
			continue;
		before = append(path, "() ", nameOf(the, closure->ID));
		checkVariable(the, closure->value.closure, path);
		cut(path, before);
	}
}

static void checkItems(txMachine* the, txSlot* array, Path* path)
{
	txSlot* item = array->value.array.address;
	txIndex count = item ? fxGetIndexSize(the, array) : 0;
	for (; count > 0; count--, item++) {
		size_t before = append(path, "", "[]");
		checkSlot(the, item, path);
		cut(path, before);
	}
}

static void checkInternal(txMachine* the, txSlot* internal, Path* path)
{
	txSlot* item;
	switch (internal->kind) {
	case XS_ARRAY_KIND:
		checkItems(the, internal, path);
		break;
	case XS_CODE_KIND:
	case XS_CODE_X_KIND:
		checkEnvironment(the, internal->value.code.closures, path);
		break;
	case XS_PRIVATE_KIND:
		for (item = internal->value.private.first; item; item = item->next)
			checkSlot(the, item, path);
		break;
	default:
		break;
	}
}

static void checkInstance(txMachine* the, txSlot* instance, Path* path)
{
	txSlot* property;
	if (instance->flag & XS_LEVEL_FLAG)
		return;
	instance->flag |= XS_LEVEL_FLAG;
	if (instance->value.instance.prototype)
		checkInstance(the, instance->value.instance.prototype, path);
	if (instance->ID != XS_NO_ID)
		warn(path, instance->ID, "not frozen");
	for (property = instance->next; property; property = property->next) {
		size_t before;
		if (property->flag & XS_INTERNAL_FLAG) {
			checkInternal(the, property, path);
			continue;
		}
		before = append(path, ".", nameOf(the, property->ID));
		checkSlot(the, property, path);
		cut(path, before);
	}
}

static void checkExports(txMachine* the, txSlot* module, Path* path)
{
	txSlot* exports = mxModuleExports(module);
	txSlot* export;
	if (exports->kind != XS_REFERENCE_KIND)
		return;
	for (export = exports->value.reference->next; export; export = export->next) {
		size_t before;
		if (!export->value.export.closure)
			continue;
		before = append(path, ": ", nameOf(the, export->ID));
		checkVariable(the, export->value.export.closure, path);
		cut(path, before);
	}
}

static void clearMarks(txMachine* the)
{
	txSlot* heap;
	txSlot* slot;
	for (heap = the->firstHeap; heap; heap = heap->next) {
		for (slot = heap + 1; slot < heap->value.reference; slot++) {
			if (slot->kind == XS_INSTANCE_KIND)
				slot->flag &= ~XS_LEVEL_FLAG;
		}
	}
}

void warnOfAliases(txMachine* the)
{
	txSlot* module = mxProgram.value.reference->next;
	Path path;
	path.isTold = calloc(the->aliasCount + 1, sizeof(bool));
	if (!path.isTold)
		failRun(EXIT_LINK, "no memory to check what is frozen");
	for (; module; module = module->next) {
		cut(&path, 0);
		append(&path, "", nameOf(the, module->ID));
		checkExports(the, module, &path);
	}
	free(path.isTold);
	clearMarks(the);
}
