/*
 * The bytes of SharedArrayBuffers, which all machines count their references to, and the mutex that
 * each of them has where Atomics take one (--locked-atomics).
 */
#include "xs-test.h"

typedef struct {
	pthread_mutex_t mutex;
	txSize bytes;
	txS4 usage;
} SharedChunk;

/* Bytes must be aligned for 64-bit Atomics. */
#define HEAD_BYTES ((sizeof(SharedChunk) + 15) & ~(size_t)15)

static SharedChunk* chunkOf(void* data)
{
	return (SharedChunk*)((uint8_t*)data - HEAD_BYTES);
}

#if XS_MAJOR_VERSION >= 17
void fxInitializeSharedCluster(txMachine* the)
{
	(void)the;
}

void fxTerminateSharedCluster(txMachine* the)
{
	(void)the;
}
#else
void fxInitializeSharedCluster(void)
{
}

void fxTerminateSharedCluster(void)
{
}
#endif

static void* initialize(SharedChunk* chunk, txInteger bytes)
{
	if (!chunk)
		return NULL;
	pthread_mutex_init(&chunk->mutex, NULL);
	chunk->bytes = bytes;
	chunk->usage = 1;
	return (uint8_t*)chunk + HEAD_BYTES;
}

void* fxCreateSharedChunk(txInteger bytes)
{
	return initialize(calloc(1, HEAD_BYTES + bytes), bytes);
}

/* It is never freed: its first reference stays. */
void* createFlashChunk(txInteger bytes)
{
	return initialize(allocateFlash(HEAD_BYTES + bytes), bytes);
}

txInteger fxMeasureSharedChunk(void* data)
{
	return chunkOf(data)->bytes;
}

void* fxRetainSharedChunk(void* data)
{
	return __atomic_fetch_add(&chunkOf(data)->usage, 1, __ATOMIC_SEQ_CST) ? data : NULL;
}

void fxReleaseSharedChunk(void* data)
{
	SharedChunk* chunk = chunkOf(data);
	if (__atomic_fetch_sub(&chunk->usage, 1, __ATOMIC_SEQ_CST) != 1)
		return;
	pthread_mutex_destroy(&chunk->mutex);
	free(chunk);
}

/* Of all Atomics calls so far. Read without a lock. */
static uint32_t locks = 0;

void fxLockSharedChunk(void* data)
{
	__atomic_fetch_add(&locks, 1, __ATOMIC_RELAXED);
	pthread_mutex_lock(&chunkOf(data)->mutex);
}

void fxUnlockSharedChunk(void* data)
{
	pthread_mutex_unlock(&chunkOf(data)->mutex);
}

void xs_locks(xsMachine* the)
{
	xsResult = xsNumber(__atomic_load_n(&locks, __ATOMIC_RELAXED));
}
