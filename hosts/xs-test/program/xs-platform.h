/*
 * What XS is told about its platform: Linux, POSIX threads, no debugger. XS includes this file in
 * each of its sources (XSPLATFORM); the program's own files get it through xs-test.h.
 *
 * Left to XS: key tables and the parser of eval. Everything else is the program's, because a test
 * wants it to be as on an ESP32: the memory of a machine, modules, promise jobs, shared chunks and
 * what happens when XS gives up.
 */
#ifndef XS_TEST_PLATFORM_H
#define XS_TEST_PLATFORM_H

#undef mxLinux
#define mxLinux 1
#define mxExport extern
#define mxImport extern
#define XS_FUNCTION_NORETURN __attribute__((noreturn))

#include <ctype.h>
#include <errno.h>
#include <float.h>
#include <limits.h>
#include <math.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#include <stdatomic.h>

#define mxUsePOSIXThreads 1
/* Atomics are single instructions, as on Xtensa. xsAtomics.c is also compiled without this: then
 * they take the mutex of their SharedArrayBuffer, as on RISC-V (--locked-atomics). */
#ifndef XS_TEST_LOCKED_ATOMICS
#define mxUseGCCAtomics 1
#endif

#define mxUseDefaultBuildKeys 1
#define mxUseDefaultDebug 1
#define mxUseDefaultParseScript 1

/* The task that owns a machine; NULL in the machine that the linker builds. XS clears its own
 * context before it frees a machine's memory, and memory.c needs it until then. */
#define mxMachinePlatform \
	struct Task* task; \
	uint8_t* staticLow; \
	uint8_t* staticHigh;

#if INTPTR_MAX == INT64_MAX
#define mx32bitID 1
#endif

#endif
