/*
 * What Moddable's linker freezes when something is preloaded, and nothing else: the prototypes of
 * JavaScript, functions and the prototypes of classes, and what cannot be copied for a machine at
 * its first write, like a Map or a typed array. A write to any of them throws in every machine.
 */
#include "xs-test.h"

static void freezeInstance(txSlot* instance)
{
	txSlot* property;
	for (property = instance->next; property; property = property->next) {
		if (property->kind != XS_ACCESSOR_KIND)
			property->flag |= XS_DONT_SET_FLAG;
		property->flag |= XS_DONT_DELETE_FLAG;
	}
	instance->flag |= XS_DONT_PATCH_FLAG;
}

static bool isFunction(const txSlot* internal)
{
	return internal && (internal->kind == XS_CALLBACK_KIND || internal->kind == XS_CALLBACK_X_KIND
		|| internal->kind == XS_CODE_KIND || internal->kind == XS_CODE_X_KIND);
}

/* A machine copies a shared object when it first writes to it. These cannot be copied. */
static bool cannotBeCopied(const txSlot* internal)
{
	switch (internal->kind) {
	case XS_MAP_KIND:
	case XS_SET_KIND:
	case XS_WEAK_MAP_KIND:
	case XS_WEAK_SET_KIND:
	case XS_WEAK_REF_KIND:
	case XS_ARRAY_BUFFER_KIND:
	case XS_DATA_VIEW_KIND:
	case XS_TYPED_ARRAY_KIND:
	case XS_PROMISE_KIND:
	case XS_PROXY_KIND:
	case XS_REGEXP_KIND:
		return true;
	case XS_CLOSURE_KIND:
		return internal->value.closure->kind == XS_FINALIZATION_REGISTRY_KIND;
	default:
		return internal->ID == XS_ENVIRONMENT_BEHAVIOR;
	}
}

static void freezePrototype(const txSlot* function)
{
	txSlot* property;
	for (property = function->next->next; property; property = property->next) {
		if (property->ID == mxID(_prototype) && property->kind == XS_REFERENCE_KIND) {
			freezeInstance(property->value.reference);
			return;
		}
	}
}

static void freezeSlot(txMachine* the, txSlot* slot)
{
	txSlot* internal = slot->next;
	(void)the;
	if (slot->kind != XS_INSTANCE_KIND || !internal || !(internal->flag & XS_INTERNAL_FLAG))
		return;
	if (isFunction(internal)) {
		freezeInstance(slot);
		if (slot->flag & XS_CAN_CONSTRUCT_FLAG)
			freezePrototype(slot);
	}
	else if (cannotBeCopied(internal)) {
		freezeInstance(slot);
		if (internal->kind == XS_PROMISE_KIND && internal->next->kind == XS_REFERENCE_KIND)
			freezeInstance(internal->next->value.reference);
	}
	else if (internal->kind == XS_HOST_KIND && internal->value.host.data)
		failRun(EXIT_LINK, "a SharedArrayBuffer cannot be preloaded");
}

static void freezeClosure(txSlot* slot)
{
	txSlot* closure;
	if (slot->kind != XS_CLOSURE_KIND)
		return;
	closure = slot->value.closure;
	if (closure->kind == XS_REFERENCE_KIND && isFunction(closure->value.reference->next))
		closure->flag |= XS_DONT_SET_FLAG;
#ifdef mxHostFunctionPrimitive
	if (closure->kind == XS_HOST_FUNCTION_KIND)
		closure->flag |= XS_DONT_SET_FLAG;
#endif
}

static bool isFrozen(const txSlot* instance)
{
	const txSlot* property;
	if (instance->kind != XS_INSTANCE_KIND || !(instance->flag & XS_DONT_PATCH_FLAG))
		return false;
	for (property = instance->next; property; property = property->next) {
		if (property->flag & XS_INTERNAL_FLAG)
			continue;
		if (property->kind != XS_ACCESSOR_KIND && !(property->flag & XS_DONT_SET_FLAG))
			return false;
		if (!(property->flag & XS_DONT_DELETE_FLAG))
			return false;
	}
	return true;
}

/* What JavaScript froze is frozen inside too, private fields and dates included. XS looks at the
 * items of an array by itself. */
static void petrify(txSlot* instance)
{
	txSlot* property;
	txSlot* item;
	for (property = instance->next; property; property = property->next) {
		if (property->flag & XS_INTERNAL_FLAG && property->kind != XS_ARRAY_KIND)
			property->flag |= XS_DONT_SET_FLAG | XS_DONT_DELETE_FLAG;
		if (property->kind != XS_PRIVATE_KIND)
			continue;
		for (item = property->value.private.first; item; item = item->next)
			item->flag |= XS_DONT_DELETE_FLAG
				| ((item->kind == XS_ACCESSOR_KIND) ? 0 : XS_DONT_SET_FLAG);
	}
}

static void freezeBuiltins(txMachine* the)
{
	static const char SOURCE[] =
		"for (const it of [Atomics, JSON, Math, Reflect]) Object.freeze(it);\n"
		"for (const name of Object.getOwnPropertyNames(globalThis)) {\n"
		"  const it = globalThis[name];\n"
		"  if (typeof it === 'function' && it.prototype) Object.freeze(it.prototype);\n"
		"}\n"
		"const up = Object.getPrototypeOf;\n"
		"for (const it of [up(Int8Array), up(function* () {}), up(async function () {}),\n"
		"  up(async function* () {})]) { Object.freeze(it.prototype); Object.freeze(it); }\n"
		"for (const it of [[][Symbol.iterator](), new Map().entries(), new Set().entries(),\n"
		"  ''[Symbol.iterator](), 'a'.matchAll(/a/g)]) Object.freeze(up(it));\n"
		"Object.freeze(up(up([][Symbol.iterator]())));\n"
		"Object.freeze(Array.prototype[Symbol.unscopables]);\n";
	xsBeginHost(the);
	{
		xsVars(1);
		xsVar(0) = xsCall1(xsGlobal, xsID("Function"), xsString((char*)SOURCE));
		xsCallFunction0(xsVar(0), xsGlobal);
	}
	xsEndHost(the);
	fxCollectGarbage(the);
}

void freezeRoot(txMachine* the)
{
	txSlot* heap;
	txSlot* slot;
	fxCollectGarbage(the);
	if (!options.preload)
		return;
	freezeBuiltins(the);
	for (heap = the->firstHeap; heap; heap = heap->next) {
		for (slot = heap + 1; slot < heap->value.reference; slot++) {
			freezeSlot(the, slot);
			freezeClosure(slot);
			if (isFrozen(slot))
				petrify(slot);
		}
	}
}
