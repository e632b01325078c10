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
#define hostMicroseconds() ((uint64_t)(clock_ms() * 1000))
#define hostTell(call, isNative) countCall(call, isNative)

/* Both builds are in one program: reattach/moddable/messages and reattach/trace/messages. */
#ifdef REATTACH_TRACING
	#define xs_reattach_attach xs_reattach_traced_attach
	#define xs_reattach_arm xs_reattach_traced_arm
	#define xs_reattach_send xs_reattach_traced_send
	#define xs_reattach_MsgReceive xs_reattach_traced_MsgReceive
	#define xs_reattach_MsgReply xs_reattach_traced_MsgReply
	#define xs_reattach_MsgError xs_reattach_traced_MsgError
#endif

#endif
