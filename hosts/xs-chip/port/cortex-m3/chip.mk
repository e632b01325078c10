CC := arm-none-eabi-gcc
# Misaligned accesses are faults (start.c): neither the compiler nor XS may make any.
TARGET := --specs=picolibc.specs -mcpu=cortex-m3 -mthumb -mno-unaligned-access
CHIP_DEFINES := -DmxUnalignedAccess=0
CHIP_KERNEL := portable/GCC/ARM_CM3
