/*
 * Gives the VM of a worker the names of the mod: see simulated-worker.js.
 */
#include "xsAll.h"
#include "xs.h"

/* Of an archive, at once. */
#define BLOCK_BYTES 4096

/* Of the linker. Its header is the application's. */
extern void *xsPreparationAndCreation(xsCreation **creation);

static txBoolean readArchive(void *archive, size_t offset, void *bytes, size_t count)
{
	c_memcpy(bytes, (txU1 *)archive + offset, count);
	return 1;
}

/* Other VMs are executing it. It is written when the numbers of names are others here. */
static txBoolean refuse(void *archive, size_t offset, void *bytes, size_t count)
{
	(void)archive;
	(void)offset;
	(void)bytes;
	(void)count;
	return 0;
}

void xs_reattach_mod_learnNames(xsMachine *the)
{
	void *preparation = xsPreparationAndCreation(NULL);

	if (!fxMapArchive(the, preparation, the->archive, BLOCK_BYTES, readArchive, refuse))
		xsUnknownError("mod: its names have other numbers in the VM of this worker");
}
