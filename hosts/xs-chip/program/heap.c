/*
 * malloc, for C, XS and FreeRTOS alike. Until useRam() it gives from the image, which stands for
 * the flash that Moddable's linker fills; after that from the RAM of the chip, and no byte more.
 * What the linker's parser has for a moment lies behind that RAM.
 *
 * What is freed must be a block that is in use: all else ends the run.
 */
#include "machine.h"
#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

/* Only the stack of the linker's task is larger. */
#define LINKER_BYTES (100 * 1024)
#define GRAIN 8u
#define IN_USE 1u

typedef struct Block Block;
struct Block {
	size_t bytes;                   /* with this head; the lowest bit: in use */
	union {
		Block* next;                /* while it is free, by address */
		Account* owner;             /* while it is in use; NULL: nobody */
	};
};

typedef struct {
	char* start;
	char* end;
	Block* free;
	size_t used;
	size_t peak;
} Heap;

extern char __image_heap[], __image_end[];
extern char __data_start[], __ram_heap[], __ram_end[], __ram_limit[];
extern char __tools_heap[], __tools_end[];
static Heap image = { __image_heap, __image_end, NULL, 0, 0 };
static Heap ram = { __ram_heap, __ram_end, NULL, 0, 0 };
static Heap parser = { __ram_end, __ram_limit, NULL, 0, 0 };
static Heap tools = { __tools_heap, __tools_end, NULL, 0, 0 };
static Heap* current = &image;
static char* ramEnd = __ram_end;        /* from useRam() on */

static void start(Heap* heap)
{
	Block* block = (Block*)(((uintptr_t)heap->start + GRAIN - 1) & ~(uintptr_t)(GRAIN - 1));
	block->bytes = ((size_t)(heap->end - (char*)block)) & ~(size_t)(GRAIN - 1);
	block->next = NULL;
	heap->free = block;
	heap->start = (char*)block;
}

static inline __attribute__((always_inline)) void* take(Heap* heap, size_t bytes)
{
	Block** link;
	Block* block;
	bytes = ((bytes + GRAIN - 1) & ~(size_t)(GRAIN - 1)) + sizeof(Block);
	if (!heap->free && heap->used == 0)
		start(heap);
	for (link = &heap->free; (block = *link) && block->bytes < bytes; link = &block->next)
		;
	if (!block)
		return NULL;
	if (block->bytes - bytes >= 2 * sizeof(Block)) {
		Block* rest = (Block*)((char*)block + bytes);
		rest->bytes = block->bytes - bytes;
		rest->next = block->next;
		*link = rest;
		block->bytes = bytes;
	}
	else
		*link = block->next;
	heap->used += block->bytes;
	if (heap->used > heap->peak)
		heap->peak = heap->used;
	block->owner = (heap == &ram) ? currentAccount : NULL;
	if (block->owner)
		chargeBlock(block->owner, block->bytes);
	block->bytes |= IN_USE;
	return block + 1;
}

static void join(Block* block)
{
	if (block->next && (char*)block + block->bytes == (char*)block->next) {
		block->bytes += block->next->bytes;
		block->next = block->next->next;
	}
}

static void give(Heap* heap, Block* block)
{
	Block* before = NULL;
	Block* after = heap->free;
	block->bytes &= ~(size_t)IN_USE;
	heap->used -= block->bytes;
	if (block->owner)
		creditBlock(block->owner, block->bytes);
	while (after && after < block) {
		before = after;
		after = after->next;
	}
	block->next = after;
	if (before)
		before->next = block;
	else
		heap->free = block;
	join(block);
	if (before)
		join(before);
}

/* Gives it to another thread. */
void moveBlock(const void* it, Account* account)
{
	Block* block = (Block*)it - 1;
	size_t bytes = block->bytes & ~(size_t)IN_USE;
	if (!block->owner)
		return;
	vTaskSuspendAll();
	moveCharge(block->owner, account, bytes);
	block->owner = account;
	xTaskResumeAll();
}

static bool isIn(const Heap* heap, const Block* block)
{
	return (const char*)block >= heap->start && (const char*)block < heap->end;
}

/* Where a block that is in use belongs to. */
static Heap* heapOf(const Block* block)
{
	Heap* heap = isIn(&ram, block) ? &ram : isIn(&image, block) ? &image : NULL;
	if (current == &image && isIn(&parser, block))
		heap = &parser;
	if (!heap || !(block->bytes & IN_USE))
		failMachine(MACHINE_ASSERTION, "free: %p is no block that is in use",
			(const void*)(block + 1));
	return heap;
}

static inline __attribute__((always_inline)) void* takeFrom(Heap* heap, size_t bytes)
{
	void* it;
	vTaskSuspendAll();
	it = (bytes > PTRDIFF_MAX - 64) ? NULL : take(heap, bytes);
	xTaskResumeAll();
	if (!it && heap != &ram)
		failMachine(MACHINE_NO_MEMORY, "the linker has no memory for %u bytes", (unsigned)bytes);
	if (!it)
		errno = ENOMEM;
	return it;
}

void* malloc(size_t bytes)
{
	return takeFrom(current, bytes);
}

void* mallocForParser(size_t bytes)
{
	return takeFrom((current == &image) ? &parser : &ram, bytes);
}

void free(void* it)
{
	Block* block = (Block*)it - 1;
	Heap* heap;
	if (!it)
		return;
	vTaskSuspendAll();
	heap = heapOf(block);
	/* The linker's memory is flash by now. */
	if (heap != &image || current == &image)
		give(heap, block);
	xTaskResumeAll();
}

void* calloc(size_t count, size_t size)
{
	size_t bytes;
	void* it = __builtin_mul_overflow(count, size, &bytes) ? NULL : malloc(bytes);
	return it ? memset(it, 0, bytes) : NULL;
}

static size_t sizeOfBlock(const void* it)
{
	return (((const Block*)it - 1)->bytes & ~(size_t)IN_USE) - sizeof(Block);
}

void* realloc(void* it, size_t bytes)
{
	void* copy = malloc(bytes);
	if (it && copy) {
		size_t had = sizeOfBlock(it);
		memcpy(copy, it, had < bytes ? had : bytes);
		free(it);
	}
	return copy;
}

/* What FreeRTOS has lasts longer than the linker. */
void* pvPortMalloc(size_t bytes)
{
	void* it;
	vTaskSuspendAll();
	it = take((current == &image && bytes > LINKER_BYTES) ? &image : &ram, bytes);
	xTaskResumeAll();
	return it;
}

void vPortFree(void* it)
{
	free(it);
}

static Block* lastFree(const Heap* heap)
{
	Block* block = heap->free;
	while (block->next)
		block = block->next;
	return block;
}

/* A chip with more RAM than was linked, or with less: from useRam() on. */
bool setRam(size_t bytes)
{
	char* end = __data_start + (bytes & ~(size_t)(GRAIN - 1));
	if (end > __ram_limit || end < (char*)(lastFree(&ram) + 2))
		return false;
	ramEnd = end;
	return true;
}

size_t mostRam(void)
{
	return (size_t)(__ram_limit - __data_start);
}

size_t staticBytes(void)
{
	return (size_t)(__ram_heap - __data_start);
}

size_t ramBytes(void)
{
	return (size_t)(ram.end - __data_start);
}

void* takeTools(size_t bytes)
{
	void* it;
	vTaskSuspendAll();
	it = take(&tools, bytes);
	xTaskResumeAll();
	return it;
}

/* Its end is free. */
static void moveRamEnd(void)
{
	Block* last = lastFree(&ram);
	if (ramEnd < (char*)(last + 2))
		failMachine(MACHINE_NO_MEMORY, "no memory for the start: --machine-ram is too small");
	last->bytes = (size_t)(ramEnd - (char*)last);
	ram.end = ramEnd;
}

void useRam(void)
{
	configASSERT(parser.used == 0);
	vTaskSuspendAll();
	current = &ram;
	moveRamEnd();
	xTaskResumeAll();
}

size_t ramPeak(void)
{
	return ram.peak;
}
