/*
 * The memory that holds the mod of a board: see partition.d.ts.
 *
 * On an ESP32 each new VM maps what the partition holds (modInstallMods in Moddable's xsHost.c):
 * the first one after a change writes its numbers of names into the archive, and later ones find
 * them there. Erased, or without its first eight bytes, it is no archive, and a VM has no mod.
 *
 * A simulator maps the file that it was started with in the main VM alone, and a worker takes over
 * that VM's address of it. So here a mod is mapped as soon as it has been written.
 */
#include "xsAll.h"
#include "xs.h"
#include "xsmc.h"

#define BLOCK_BYTES 4096

#if ESP32
	#include "esp_partition.h"

	/* As in Moddable's xsHost.c and flash.c. */
	#define MOD_TYPE 0x40
	#define MOD_SUBTYPE 1

static const esp_partition_t *partition(void)
{
	return esp_partition_find_first(MOD_TYPE, MOD_SUBTYPE, NULL);
}

static int lengthOf(void)
{
	const esp_partition_t *found = partition();

	return found ? (int)found->size : 0;
}

static int readFrom(xsMachine *the, int offset, void *bytes, int count)
{
	(void)the;
	return ESP_OK == esp_partition_read(partition(), offset, bytes, count);
}

static int eraseBlock(xsMachine *the, int block)
{
	(void)the;
	return ESP_OK == esp_partition_erase_range(partition(), block * BLOCK_BYTES, BLOCK_BYTES);
}

static int writeTo(int offset, const void *bytes, int count)
{
	return ESP_OK == esp_partition_write(partition(), offset, bytes, count);
}

/* The next new VM does it. */
static int mapIt(xsMachine *the)
{
	(void)the;
	return 1;
}
#else
	#define SIMULATED_BYTES (256 * 1024)
	#define ERASED 0xff

/* One process is one board. */
static txU1 gPartition[SIMULATED_BYTES];

/* Of the linker. Its header is the application's. */
extern void *xsPreparationAndCreation(xsCreation **creation);

static int lengthOf(void)
{
	return SIMULATED_BYTES;
}

/* Of the mod that the simulator was started with, no more than it has. */
static int readFrom(xsMachine *the, int offset, void *bytes, int count)
{
	txU1 *archive = the->archive;
	int length = archive ? (int)c_read32be(archive) : 0;
	int there = (offset < length) ? length - offset : 0;

	c_memset(bytes, ERASED, count);
	if (there > 0)
		c_memcpy(bytes, archive + offset, (count < there) ? count : there);
	return 1;
}

static int eraseBlock(xsMachine *the, int block)
{
	/* VMs that start from now on have no mod. */
	if (the->archive)
		fxSetArchive(the, NULL);
	c_memset(gPartition + block * BLOCK_BYTES, ERASED, BLOCK_BYTES);
	return 1;
}

static int writeTo(int offset, const void *bytes, int count)
{
	c_memcpy(gPartition + offset, bytes, count);
	return 1;
}

static txBoolean readArchive(void *archive, size_t offset, void *bytes, size_t count)
{
	c_memcpy(bytes, (txU1 *)archive + offset, count);
	return 1;
}

static txBoolean writeArchive(void *archive, size_t offset, void *bytes, size_t count)
{
	c_memcpy((txU1 *)archive + offset, bytes, count);
	return 1;
}

/* With the numbers that names have in a VM that is new, as those of workers are. */
static int mapIt(xsMachine *the)
{
	void *preparation = xsPreparationAndCreation(NULL);
	xsMachine *fresh = xsPrepareMachine(NULL, preparation, "mod", NULL, NULL);
	void *archive = NULL;

	if (fresh) {
		archive = fxMapArchive(fresh, preparation, gPartition, BLOCK_BYTES, readArchive, writeArchive);
		xsDeleteMachine(fresh);
	}
	if (archive)
		fxSetArchive(the, archive);
	return archive != NULL;
}
#endif

/* A range of the partition, from two arguments. */
static int isRange(int offset, int count)
{
	int length = lengthOf();

	return (offset >= 0) && (count >= 0) && (offset <= length) && (count <= length - offset);
}

void xs_reattach_mod_byteLength(xsMachine *the)
{
	xsmcSetInteger(xsResult, lengthOf());
}

void xs_reattach_mod_blockBytes(xsMachine *the)
{
	xsmcSetInteger(xsResult, BLOCK_BYTES);
}

void xs_reattach_mod_engine(xsMachine *the)
{
	xsmcSetInteger(xsResult, (XS_MAJOR_VERSION << 8) | XS_MINOR_VERSION);
}

void xs_reattach_mod_read(xsMachine *the)
{
	int offset = xsmcToInteger(xsArg(0));
	int count = xsmcToInteger(xsArg(1));

	if (!isRange(offset, count))
		xsUnknownError("mod: outside of the partition");
	xsmcSetArrayBuffer(xsResult, NULL, count);
	if (!readFrom(the, offset, xsmcToArrayBuffer(xsResult), count))
		xsUnknownError("mod: it cannot be read");
}

void xs_reattach_mod_erase(xsMachine *the)
{
	int block = xsmcToInteger(xsArg(0));

	if (!isRange(block * BLOCK_BYTES, BLOCK_BYTES))
		xsUnknownError("mod: outside of the partition");
	if (!eraseBlock(the, block))
		xsUnknownError("mod: a block cannot be erased");
}

void xs_reattach_mod_write(xsMachine *the)
{
	int offset = xsmcToInteger(xsArg(0));
	int start = xsmcToInteger(xsArg(2));
	int count = xsmcToInteger(xsArg(3));
	void *bytes;
	xsUnsignedValue length;

	xsmcGetBufferReadable(xsArg(1), &bytes, &length);
	if (!isRange(offset, count) || (start < 0) || ((xsUnsignedValue)start > length)
			|| ((xsUnsignedValue)count > length - start))
		xsUnknownError("mod: outside of the partition");
	if (!writeTo(offset, (txU1 *)bytes + start, count))
		xsUnknownError("mod: it cannot be written");
}

void xs_reattach_mod_map(xsMachine *the)
{
	if (!mapIt(the))
		xsUnknownError("mod: XS cannot take it");
}
