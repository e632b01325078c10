/*
 * XS names a function of C by its symbol, in errors. Here it has none.
 */
#ifndef CHIP_DLFCN_H
#define CHIP_DLFCN_H

typedef struct {
	const char* dli_fname;
	void* dli_fbase;
	const char* dli_sname;
	void* dli_saddr;
} Dl_info;

static inline int dladdr(const void* address, Dl_info* info)
{
	(void)address;
	info->dli_sname = 0;
	return 0;
}

#endif
