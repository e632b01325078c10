/*
 * What a board has for the headers of this folder, and Moddable's simulators.
 */
#ifndef REATTACH_BOARD_H
#define REATTACH_BOARD_H

#include "xsHost.h"

/* As Time.ticks. */
#if ESP32
	#define hostTicks() modMilliseconds()
#else
	#define hostTicks() ((uint32_t)(uint64_t)fxDateNow())
#endif

/* As XS's Atomics. */
#ifdef mxUseGCCAtomics
	#define hostHasAtomics(vm) true
#else
	#define hostHasAtomics(vm) false
#endif

/* For tests, of which a board has none. */
#define hostIsOff() false
#define hostAttach(words) ((void)0)
#define hostTell(call, isNative) ((void)0)

#endif
