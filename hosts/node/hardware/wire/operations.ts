/**
 * What a task can ask of the simulated board, and of which kinds of hardware.
 */

/** Opens a peripheral: the value is the kind's index, the bytes are its options as JSON. */
export const OPEN = 1;
export const CLOSE = 2;
/** Reads: a level, a sample, or as many bytes as the value says. */
export const READ = 3;
/** Writes: a level, a duty cycle, or bytes. */
export const WRITE = 4;
/** Writes bytes and reads as many as the value says, with nobody else on the bus in between. */
export const WRITE_READ = 5;
/** Asks what there is to be told, after an interrupt. */
export const TAKE = 6;
/** Changes the mode of a pin. */
export const SET_MODE = 7;

/** Kinds of hardware that can be opened; OPEN names one by its index. */
export const KINDS = ["digital", "i2c", "analog", "pwm", "serial"] as const;

export type Kind = (typeof KINDS)[number];

/** Modes of a pin, as in ECMA-419's Digital and in pins/digital of Moddable. */
export const INPUT = 0;
export const INPUT_PULL_UP = 1;
export const INPUT_PULL_DOWN = 2;
export const INPUT_PULL_UP_DOWN = 3;
export const OUTPUT = 8;
export const OUTPUT_OPEN_DRAIN = 9;

/** Edges, as bits. */
export const RISING = 1;
export const FALLING = 2;

/** What a serial port keeps in each direction: the FIFO of an ESP32. In bytes. */
export const FIFO_BYTES = 128;

/** What TAKE answers for a serial port: bytes to be read, and above them bytes of room. */
export const ROOM_SHIFT = 16;
