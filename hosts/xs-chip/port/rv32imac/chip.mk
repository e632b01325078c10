CC := riscv64-unknown-elf-gcc
# Without -misa-spec picolibc has no library for this chip: since 2.4 CSRs are an extension.
TARGET := --specs=picolibc.specs -march=rv32imac -mabi=ilp32 -misa-spec=2.2 -mcmodel=medany
