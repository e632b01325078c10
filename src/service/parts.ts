/**
 * Fields that are objects: arrays, bytes and structs. What a view captures is a constant, as in
 * fields.ts.
 */
import { checkCount, type NumberField, type NumberKind, type Part } from "./fields.js";
import { createRecord, type Fields, layOut, type Readable, type Writable } from "./layout.js";

const ARRAYS = Object.freeze({
  u8: Uint8Array,
  i8: Int8Array,
  u16: Uint16Array,
  i16: Int16Array,
  u32: Uint32Array,
  i32: Int32Array,
  f32: Float32Array,
  f64: Float64Array,
});

type NumberArray<Kind extends NumberKind> = InstanceType<(typeof ARRAYS)[Kind]>;

/** A struct as a field; array() takes it too. */
export interface StructField<F extends Fields> extends Part<Writable<F>, Readable<F>> {
  readonly fields?: F;
}

/**
 * `count` numbers of one kind, as a typed array: `array(i16, 8)`; or structs, as an array of
 * records: `array(struct({ x: i16, y: i16 }), 4)`, which are made once, with the record that they
 * are in. Throws a RangeError for a count that is no whole number from 1 to 65,536.
 */
export function array<Kind extends NumberKind>(
  of: NumberField<Kind>,
  count: number,
): Part<NumberArray<Kind>>;
export function array<F extends Fields>(
  of: StructField<F>,
  count: number,
): Part<readonly Writable<F>[], readonly Readable<F>[]>;
export function array(
  of: NumberField<NumberKind> | StructField<Fields>,
  count: number,
): Part<unknown> {
  checkCount("array", count);
  const { align, shape } = of;
  const isStruct = "view" in of;
  if (!isStruct && !Object.hasOwn(ARRAYS, shape)) {
    throw new TypeError(`array: there are none of ${shape}`);
  }
  const view = isStruct ? viewsOf(of, count) : numbersOf(of.shape, count);
  return Object.freeze({ shape: `${shape}[${count}]`, bytes: count * of.bytes, align, view });
}

/** Every host here is little-endian, as ECMA-419's are, so a typed array is. */
function numbersOf(kind: NumberKind, n: number): Part<unknown>["view"] {
  const Numbers = ARRAYS[kind];
  const count = n;
  return (buffer, at) => new Numbers(buffer, at, count);
}

function viewsOf(of: StructField<Fields>, n: number): Part<unknown>["view"] {
  const each = of;
  const count = n;
  return (buffer, at) => {
    const records: unknown[] = [];
    for (let i = 0; i < count; i++) records.push(each.view(buffer, at + i * each.bytes));
    return Object.freeze(records);
  };
}

/** `count` bytes, as a Uint8Array. */
export function bytes(n: number): Part<Uint8Array> {
  checkCount("bytes", n);
  const count = n;
  return Object.freeze({
    shape: `bytes(${count})`,
    bytes: count,
    align: 1,
    view: (buffer: ArrayBuffer, at: number) => new Uint8Array(buffer, at, count),
  });
}

/** Fields in a field: `position: struct({ x: i16, y: i16 })`, and then `reply.position.x`. */
export function struct<const F extends Fields>(fields: F): StructField<F> {
  const layout = layOut(fields, 0, 1, new Map(), "struct");
  return Object.freeze({
    shape: `{${layout.shape}}`,
    bytes: layout.bytes,
    align: layout.align,
    view: (buffer: ArrayBuffer, at: number) => createRecord(layout, buffer, at) as Writable<F>,
  });
}
