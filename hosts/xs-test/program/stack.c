/*
 * The stack of an error, with file and line. XS keeps them while code runs only with its debugger,
 * which would change what a machine weighs. So they are looked up in the bytecode, where each
 * statement names its line, when an error is made.
 */
#include "xs-test.h"

/* Where the function of a frame lies. */
#if XS_MAJOR_VERSION >= 17
	#define FRAME_TO_FUNCTION 2
#else
	#define FRAME_TO_FUNCTION 3
#endif

typedef struct {
	txID file;
	txInteger line;
} Place;

/* How far the next code is: the body of an inner function belongs to the code that makes it. */
txSize measureCode(const txByte* p)
{
	txS1 size = gxCodeSizes[*(const txU1*)p];
	txS2 offset2;
	txS4 offset4;
	txU2 length2;
	switch (*(const txU1*)p) {
	case XS_CODE_CODE_1:
	case XS_CODE_CODE_ARCHIVE_1:
		return size + *(const txS1*)(p + 1);
	case XS_CODE_CODE_2:
	case XS_CODE_CODE_ARCHIVE_2:
		memcpy(&offset2, p + 1, sizeof(offset2));
		return size + offset2;
	case XS_CODE_CODE_4:
	case XS_CODE_CODE_ARCHIVE_4:
		memcpy(&offset4, p + 1, sizeof(offset4));
		return size + offset4;
	default:
		break;
	}
	if (size > 0)
		return size;
	if (size == 0)
		return 1 + sizeof(txID);
	if (size == -1)
		return 2 + *(const txU1*)(p + 1);
	if (size == -2) {
		memcpy(&length2, p + 1, sizeof(length2));
		return 3 + length2;
	}
	memcpy(&offset4, p + 1, sizeof(offset4));
	return 5 + offset4;
}

static Place findPlace(const txByte* code, const txByte* current)
{
	Place place = { XS_NO_ID, 0 };
	txS2 line;
	for (; code < current; code += measureCode(code)) {
		if (*(const txU1*)code == XS_CODE_FILE)
			memcpy(&place.file, code + 1, sizeof(place.file));
		else if (*(const txU1*)code == XS_CODE_LINE) {
			memcpy(&line, code + 1, sizeof(line));
			place.line = line;
		}
	}
	return place;
}

/* A collection moves code that a machine has copied into its chunks, and what points into it. */
static Place placeOf(txMachine* the, txSlot* function, const txSlot* frame)
{
	const txSlot* code = mxFunctionInstanceCode(function);
	const txByte* current = the->code;
	txSlot* inner = the->frame;
	Place nowhere = { XS_NO_ID, 0 };
	if (code->kind != XS_CODE_KIND && code->kind != XS_CODE_X_KIND)
		return nowhere;
	/* A frame keeps where its caller was. */
	for (; inner && inner != frame; inner = inner->next)
		current = inner->value.frame.code;
	return inner ? findPlace(code->value.code.address, current) : nowhere;
}

static void nameFrame(txMachine* the, txSlot* function, txSlot* slot)
{
	txSlot* name = mxBehaviorGetProperty(the, function, mxID(_name), 0, XS_OWN);
	txSlot* key;
	slot->kind = XS_KEY_X_KIND;
	slot->value.key.string = NULL;
	if (name && (name->kind == XS_STRING_KIND || name->kind == XS_STRING_X_KIND)) {
		slot->kind = (name->kind == XS_STRING_KIND) ? XS_KEY_KIND : XS_KEY_X_KIND;
		slot->value.key.string = name->value.string;
		return;
	}
	key = fxGetKey(the, mxFunctionInstanceCode(function)->ID);
	if (key && key->kind == XS_KEY_X_KIND)
		slot->value.key.string = key->value.key.string;
}

/* In place of the function of XS, which has another name here (xs.mk): one slot for each frame, as
 * there. */
void fxCaptureErrorStack(txMachine* the, txSlot* internal, txSlot* frame)
{
	txSlot* slot = internal->value.reference = fxNewSlot(the);
	slot->kind = XS_INSTANCE_KIND;
	slot->value.instance.garbage = NULL;
	slot->value.instance.prototype = NULL;
	for (; frame->next; frame = frame->next) {
		txSlot* function = frame + FRAME_TO_FUNCTION;
		Place place;
		if (function->kind != XS_REFERENCE_KIND || !mxIsFunction(function->value.reference))
			continue;
		function = function->value.reference;
		place = placeOf(the, function, frame);
		slot = slot->next = fxNewSlot(the);
		slot->flag = XS_GET_ONLY;
		slot->ID = place.file;
		nameFrame(the, function, slot);
		slot->value.key.sum = place.line;
	}
}
