/*
 * The memory of a machine. With `static` it is one block, as on an ESP32 (xsHosts.c): chunks grow
 * from its start, slots from its end, and where they meet memory is full. Without, the C heap has
 * the rest.
 */
#include "xs-test.h"

void fxCreateMachinePlatform(txMachine* the)
{
	the->task = the->context;
	if (the->task && the->task->staticBlock) {
		the->staticLow = the->task->staticBlock;
		the->staticHigh = the->staticLow + (the->task->creation.staticSize & ~15);
	}
}

void fxDeleteMachinePlatform(txMachine* the)
{
	(void)the;      /* the task frees the block */
}

txSlot* fxAllocateSlots(txMachine* the, txSize count)
{
	size_t bytes = count * sizeof(txSlot);
	txBlock* block = the->firstBlock;
	if (!the->staticHigh)
		return malloc(bytes);
	if (bytes > (size_t)(the->staticHigh - the->staticLow) && block) {
		/* Chunks that are not used any more make room. */
		fxCollect(the, XS_COMPACT_FLAG | XS_ORGANIC_FLAG);
		the->maximumChunksSize -= block->limit - block->current;
		block->limit = block->current;
		the->staticLow = (uint8_t*)block->current;
	}
	if (bytes > (size_t)(the->staticHigh - the->staticLow))
		return NULL;
	the->staticHigh -= bytes;
	return (txSlot*)the->staticHigh;
}

/* There is one block of chunks: it grows by what is asked for, less what is still free at its end.
 * XS recognizes that the answer is the block's limit, and adds `size` to it. */
void* fxAllocateChunks(txMachine* the, txSize size)
{
	txBlock* block = the->firstBlock;
	uint8_t* chunks = the->staticLow;
	txSize grow = size;
	if (!the->staticHigh)
		return malloc(size);
	if (block) {
		grow = size - sizeof(txBlock) - (txSize)(block->limit - block->current);
		if (grow < 0)
			grow = 0;
	}
	if (grow > the->staticHigh - the->staticLow)
		return NULL;
	the->staticLow += grow;
	if (!block)
		return chunks;
	block->limit = (txByte*)the->staticLow - size;
	the->maximumChunksSize += grow - size;
	return block->limit;
}

void fxFreeChunks(txMachine* the, void* chunks)
{
	if (!the->staticHigh)
		free(chunks);
}

void fxFreeSlots(txMachine* the, void* slots)
{
	if (!the->staticHigh)
		free(slots);
}
