/**
 * The kinds of fields that a message can have.
 *
 * A scalar is one value, read and written through an accessor that records of its layout inherit. A
 * part (an array, a struct) is an object of its own, which a record gets when it is made.
 *
 * Accessors are made when a service is defined: on a device in the linker, so they lie in flash.
 * There an accessor must not evaluate a string literal or make a function, as both allocate in code
 * that is preloaded; and what it captures is a constant, as the linker gives a parameter that is
 * captured a word of RAM in every VM.
 */

/** The accessors of a field at one offset, for a record, which is a DataView. */
export interface Accessors {
  /** Reads the field. */
  readonly get: (this: DataView) => unknown;
  /** Writes it; may throw for what the field cannot hold. */
  readonly set: (this: DataView, value: never) => void;
}

declare const WRITTEN: unique symbol;
declare const READ: unique symbol;

/** A field: what it takes of a message, and, for the types alone, what it is. */
export interface Field<Written, Read = Written> {
  readonly bytes: number;
  /** Its offset is a multiple of this. */
  readonly align: number;
  /** What it is, in words: a part of the fingerprint. */
  readonly shape: string;
  readonly [WRITTEN]?: Written;
  readonly [READ]?: Read;
}

/** A field that is one value: `request.sensor = 3`. */
export interface Scalar<Value> extends Field<Value> {
  /** Those of a field that lies at this offset. */
  readonly accessors: (at: number) => Accessors;
}

/** A field that is an object: `reply.samples[3] = 7`, `reply.position.x = 1`. */
export interface Part<Written, Read = Written> extends Field<Written, Read> {
  /** The object, over this part of a buffer. */
  readonly view: (buffer: ArrayBuffer, at: number) => Written;
}

/** A scalar that is a number, of a kind that arrays and oneOf() can be made of. */
export interface NumberField<Kind extends NumberKind> extends Scalar<number> {
  readonly shape: Kind;
}

/** Names of the kinds of numbers. */
export type NumberKind = "u8" | "i8" | "u16" | "i16" | "u32" | "i32" | "f32" | "f64";

function number<Kind extends NumberKind>(
  shape: Kind,
  bytes: number,
  accessors: (at: number) => Accessors,
): NumberField<Kind> {
  return Object.freeze({ shape, bytes, align: bytes, accessors });
}

/** A whole number from 0 to 255. As in a DataView, of another number the low 8 bits are written. */
export const u8: NumberField<"u8"> = number("u8", 1, (n) => {
  const at = n;
  return {
    get() {
      return this.getUint8(at);
    },
    set(value: number) {
      this.setUint8(at, value);
    },
  };
});

/** A whole number from -128 to 127; see u8. */
export const i8: NumberField<"i8"> = number("i8", 1, (n) => {
  const at = n;
  return {
    get() {
      return this.getInt8(at);
    },
    set(value: number) {
      this.setInt8(at, value);
    },
  };
});

/** A whole number from 0 to 65,535; see u8. */
export const u16: NumberField<"u16"> = number("u16", 2, (n) => {
  const at = n;
  return {
    get() {
      return this.getUint16(at, true);
    },
    set(value: number) {
      this.setUint16(at, value, true);
    },
  };
});

/** A whole number from -32,768 to 32,767; see u8. */
export const i16: NumberField<"i16"> = number("i16", 2, (n) => {
  const at = n;
  return {
    get() {
      return this.getInt16(at, true);
    },
    set(value: number) {
      this.setInt16(at, value, true);
    },
  };
});

/** A whole number from 0 to 4,294,967,295; see u8. */
export const u32: NumberField<"u32"> = number("u32", 4, (n) => {
  const at = n;
  return {
    get() {
      return this.getUint32(at, true);
    },
    set(value: number) {
      this.setUint32(at, value, true);
    },
  };
});

/** A whole number from -2,147,483,648 to 2,147,483,647; see u8. */
export const i32: NumberField<"i32"> = number("i32", 4, (n) => {
  const at = n;
  return {
    get() {
      return this.getInt32(at, true);
    },
    set(value: number) {
      this.setInt32(at, value, true);
    },
  };
});

/** A number of 32 bits with a fraction: seven digits. */
export const f32: NumberField<"f32"> = number("f32", 4, (n) => {
  const at = n;
  return {
    get() {
      return this.getFloat32(at, true);
    },
    set(value: number) {
      this.setFloat32(at, value, true);
    },
  };
});

/** A number as JavaScript has it. */
export const f64: NumberField<"f64"> = number("f64", 8, (n) => {
  const at = n;
  return {
    get() {
      return this.getFloat64(at, true);
    },
    set(value: number) {
      this.setFloat64(at, value, true);
    },
  };
});

/** True or false, in one byte. */
export const bool: Scalar<boolean> = Object.freeze({
  shape: "bool",
  bytes: 1,
  align: 1,
  accessors(n: number) {
    const at = n;
    return {
      get(this: DataView) {
        return this.getUint8(at) !== 0;
      },
      set(this: DataView, value: boolean) {
        this.setUint8(at, value ? 1 : 0);
      },
    };
  },
});

/**
 * One of some numbers, an enumeration: `oneOf(u8, IDLE, RUNNING)`. The types hold to it, and the
 * fingerprint knows the numbers; when it is read or written it costs no more than the number, and
 * nothing is checked. Throws a RangeError for numbers that the kind cannot hold.
 */
export function oneOf<const Values extends readonly [number, ...number[]]>(
  kind: NumberField<NumberKind>,
  ...values: Values
): Scalar<Values[number]> {
  const view = new DataView(new ArrayBuffer(kind.bytes));
  const { get, set } = kind.accessors(0);
  for (const value of values) {
    set.call(view, value as never);
    if (get.call(view) !== value) throw new RangeError(`oneOf: ${kind.shape} cannot be ${value}`);
  }
  const { bytes, align, accessors } = kind;
  return Object.freeze({ shape: `${kind.shape}(${values.join()})`, bytes, align, accessors });
}

/** Throws a RangeError unless `count` is a whole number from 1 on that a message can hold. */
export function checkCount(what: string, count: number): void {
  if (Number.isInteger(count) && count >= 1 && count <= COUNT_MAX) return;
  throw new RangeError(`${what}: found ${count}, allowed is a whole number from 1 to ${COUNT_MAX}`);
}

/** More than limits.messageBytes can be. */
const COUNT_MAX = 0x1_0000;
