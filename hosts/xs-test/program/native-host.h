/*
 * What hosts/moddable/native finds on this host, in place of what the SDK has on a board.
 */
#ifndef NATIVE_HOST_H
#define NATIVE_HOST_H

#include "xs-test.h"
#include "trace.h"

#define hostTicks() ((uint32_t)(uint64_t)clock_ms())
#define hostHasAtomics(vm) (!options.hasLockedAtomics)
#define hostIsOff() options.isOrdinary
#define hostAttach(words) noteArena(words)
#define hostTell(call, isNative) countCall(call, isNative)

#endif
