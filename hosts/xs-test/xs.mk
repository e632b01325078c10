# What all hosts that embed XS compile, and how. A host's Makefile includes it, and says
#   XS      the folder xs of Moddable's SDK, or moddable/xs of the package @agoric/xsnap
#   OUT     where objects go
#   CFLAGS  of its compiler, CC
#   OWN     folders with headers of its own, before all others
#   PORT_H  its headers; a change of them builds everything anew
SHARED := $(dir $(lastword $(MAKEFILE_LIST)))program
NATIVE := $(SHARED)/../../moddable/native
TRACED := $(SHARED)/../../moddable/trace
DEFINES := -DINCLUDE_XSPLATFORM -DXSPLATFORM='"xs-platform.h"' -D_GNU_SOURCE \
  -DmxMultipleThreads=1 -DmxParse=1 -DmxRun=1 -DmxSloppy=1 -DmxInstrument=1 -DmxMetering=1 \
  -DmxMinusZero=1 -DmxBoundsCheck=1 -DmxNoConsole=1 -DmxRegExpUnicodePropertyEscapes=1 \
  -DmxStringNormalize=1
INCLUDES := $(OWN) -I$(SHARED) -isystem $(XS)/includes -isystem $(XS)/platforms -isystem $(XS)/sources
# A compiler that nobody has tried here may warn of more: who only uses the host sets it to nothing.
WERROR := -Werror
WARNINGS := -Wall -Wextra $(WERROR) -Wno-clobbered
MAKEFILES_READ := $(MAKEFILE_LIST)
HEADERS := $(wildcard $(SHARED)/*.h) $(PORT_H) $(MAKEFILES_READ)

# No profiler, no snapshots; xsmc.c is another spelling of what xs.h has, and xsMath.c has xsum.c.
UNUSED := xsmc xsSnapshot xsProfile xsum
XS_OBJECTS := $(patsubst $(XS)/sources/%.c,$(OUT)/%.o, \
  $(filter-out $(UNUSED:%=$(XS)/sources/%.c),$(wildcard $(XS)/sources/*.c)))
SHARED_OBJECTS := $(patsubst $(SHARED)/%.c,$(OUT)/%.o,$(wildcard $(SHARED)/*.c))
# What a device has in C (hosts/moddable/native), with such a host under it.
SHARED_OBJECTS += $(OUT)/reattach-messages.o $(OUT)/reattach-traced-messages.o

# Of two programs, only this file of XS differs: the Atomics of the other one take a lock.
$(OUT)/xsAtomics-locked.o: $(XS)/sources/xsAtomics.c $(SHARED)/xs-platform.h $(PORT_H) $(MAKEFILES_READ) | $(OUT)
	@$(CC) $(CFLAGS) $(DEFINES) -DXS_TEST_LOCKED_ATOMICS $(INCLUDES) -w -c $< -o $@

$(OUT)/reattach-messages.o: $(NATIVE)/reattach-messages.c $(wildcard $(NATIVE)/*.h) $(HEADERS) | $(OUT)
	@$(CC) $(CFLAGS) $(DEFINES) -DREATTACH_HOST='"native-host.h"' $(INCLUDES) $(WARNINGS) -c $< -o $@

$(OUT)/reattach-traced-messages.o: $(TRACED)/reattach-traced-messages.c \
  $(wildcard $(NATIVE)/*.[ch]) $(HEADERS) | $(OUT)
	@$(CC) $(CFLAGS) $(DEFINES) -DREATTACH_HOST='"native-host.h"' $(INCLUDES) $(WARNINGS) -c $< -o $@

# stack.c has a function in the place of one of XS, to which no name leads any more.
$(OUT)/xsError.o: DEFINES += -DfxCaptureErrorStack=fxCaptureErrorStackOfXS

$(OUT)/%.o: $(XS)/sources/%.c $(SHARED)/xs-platform.h $(PORT_H) $(MAKEFILES_READ) | $(OUT)
	@$(CC) $(CFLAGS) $(DEFINES) $(INCLUDES) -w -c $< -o $@

$(OUT)/%.o: $(SHARED)/%.c $(HEADERS) | $(OUT)
	@$(CC) $(CFLAGS) $(DEFINES) $(INCLUDES) $(WARNINGS) -c $< -o $@

$(OUT):
	@mkdir -p $@
