/**
 * Layouts: where the fields of a message lie; and records: the objects that show them.
 *
 * Fields lie in the order of the definition, each at a multiple of its size, as in a C struct: so C
 * code can share a layout, and people can count it. Numbers are little-endian. A layout is made
 * when its service is defined, and frozen. A record is a DataView over a part of a buffer that
 * inherits the layout's accessors; it is made in the VM that uses it, once.
 */
import type { Accessors, Field, Part, Scalar } from "./fields.js";

/** The length of a message is a multiple of this. */
export const WORD_BYTES = 4;
/** A record starts at a multiple of this in its buffer. */
export const RECORD_ALIGN = 8;

/** The fields of a message, by name. */
export type Fields = { readonly [name: string]: Scalar<unknown> | Part<unknown> };

type PartNames<F> = { [N in keyof F]: F[N] extends Part<unknown> ? N : never }[keyof F];
type Written<F> = F extends Field<infer W, unknown> ? W : never;
type Read<F> = F extends Field<unknown, infer R> ? R : never;
type Flat<T> = { [N in keyof T]: T[N] };

/** A record that may be written: a client's request, a server's reply. */
export type Writable<F extends Fields> = Flat<
  { -readonly [N in Exclude<keyof F, PartNames<F>>]: Written<F[N]> } & {
    readonly [N in PartNames<F>]: Written<F[N]>;
  }
>;
/** A record that is only read: a server's request, a client's reply. */
export type Readable<F extends Fields> = { readonly [N in keyof F]: Read<F[N]> };

/** Where the fields of one message lie. */
export interface Layout {
  readonly bytes: number;
  readonly align: number;
  /** Names and kinds of the fields, in order: what a fingerprint is made of. */
  readonly shape: string;
  /** What records inherit: accessors of the scalars. */
  readonly prototype: object;
  readonly parts: readonly PlacedPart[];
}

interface PlacedPart {
  readonly name: string;
  readonly at: number;
  readonly part: Part<unknown>;
}

/**
 * Accessors by kind and offset. Records of a service share them: each pair is some hundred bytes of
 * flash. Needed only while the service is defined.
 */
export type Pool = Map<string, Accessors>;

function accessorsIn(pool: Pool, field: Scalar<unknown>, at: number): Accessors {
  // oneOf(u8, …) has the accessors of u8.
  const key = `${/^\w+/.exec(field.shape)![0]}${field.bytes}@${at}`;
  let found = pool.get(key);
  if (found === undefined) {
    found = Object.freeze(field.accessors(at));
    pool.set(key, found);
  }
  return found;
}

function roundUp(value: number, unit: number): number {
  return Math.ceil(value / unit) * unit;
}

/**
 * Lays out fields behind `start` bytes; the length is a multiple of `unit` and of each field's
 * alignment. `where` is for errors: throws a TypeError for what is no field, and for a name that a
 * record cannot have.
 */
export function layOut(
  fields: Fields,
  start: number,
  unit: number,
  pool: Pool,
  where: string,
): Layout {
  const prototype: object = Object.create(DataView.prototype);
  const parts: PlacedPart[] = [];
  let end = start;
  let align = unit;
  let shape = "";
  for (const name of Object.keys(fields)) {
    const field = fields[name]!;
    checkField(name, field, where);
    const at = roundUp(end, field.align);
    if ("view" in field) {
      parts.push(Object.freeze({ name, at, part: field }));
    } else {
      const { get, set } = accessorsIn(pool, field, at);
      Object.defineProperty(prototype, name, { get, set, enumerable: true });
    }
    end = at + field.bytes;
    align = Math.max(align, field.align);
    shape += `${name}:${field.shape};`;
  }
  return Object.freeze({
    bytes: roundUp(end, align),
    align,
    shape,
    prototype: Object.freeze(prototype),
    parts: Object.freeze(parts),
  });
}

function checkField(name: string, field: Field<unknown>, where: string): void {
  if (typeof field !== "object" || field === null || typeof field.shape !== "string") {
    throw new TypeError(`${where}.${name}: this is no field`);
  }
  if (/^\d/.test(name)) throw new TypeError(`${where}.${name}: a name begins with a letter`);
  if (name in DataView.prototype) {
    throw new TypeError(`${where}.${name}: a record is a DataView, which has a ${name} of its own`);
  }
}

/** A record over a part of a buffer, which starts at a multiple of layout.align. */
export function createRecord(layout: Layout, buffer: ArrayBuffer, at: number): object {
  const record = new DataView(buffer, at, layout.bytes);
  Object.setPrototypeOf(record, layout.prototype);
  for (const { name, at: offset, part } of layout.parts) {
    const value = part.view(buffer, at + offset);
    Object.defineProperty(record, name, { value, enumerable: true });
  }
  return record;
}
