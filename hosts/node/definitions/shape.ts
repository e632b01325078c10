/**
 * Services in a form that can be told from thread to thread, and read: a shape is the text that a
 * fingerprint is made of (src/service/layout.ts), names and kinds of the fields in their order.
 *
 * From a shape the same fields are made again, and laid out by the same code as in the tasks: there
 * is no second text of where a field lies.
 */
import {
  array,
  bool,
  bytes,
  f32,
  f64,
  i16,
  i32,
  i8,
  oneOf,
  struct,
  text,
  u16,
  u32,
  u8,
} from "../../../src/service/index.js";
import type { NumberField, NumberKind } from "../../../src/service/fields.js";
import type { Fields } from "../../../src/service/layout.js";

type Field = Fields[string];

const NUMBERS: Readonly<Record<NumberKind, NumberField<NumberKind>>> = {
  u8,
  i8,
  u16,
  i16,
  u32,
  i32,
  f32,
  f64,
};

/** A part of a shape, and what of the text comes after it; null for what is none. */
type Found<What> = { readonly what: What; readonly rest: string } | null;

function numberOf(kind: string): NumberField<NumberKind> | null {
  return Object.hasOwn(NUMBERS, kind) ? NUMBERS[kind as NumberKind] : null;
}

function simpleField(kind: string, inside: string | undefined): Field | null {
  if (kind === "bool") return bool;
  if (kind === "bytes") return bytes(Number(inside));
  if (kind === "text") return text(Number(inside));
  const number = numberOf(kind);
  if (number === null || inside === undefined) return number;
  const [first, ...others] = inside.split(",").map(Number);
  return first === undefined ? null : oneOf(number, first, ...others);
}

function fieldIn(shape: string): Found<Field> {
  const [all = "", kind = "", inside, count] =
    /^(\w+)(?:\(([^)]*)\))?(?:\[(\d+)\])?/.exec(shape) ?? [];
  const rest = shape.slice(all.length);
  if (!shape.startsWith("{")) {
    const number = numberOf(kind);
    if (count !== undefined) {
      return number === null ? null : { what: array(number, Number(count)), rest };
    }
    const what = simpleField(kind, inside);
    return what === null ? null : { what, rest };
  }
  const fields = fieldsIn(shape.slice(1));
  if (fields === null || !fields.rest.startsWith("}")) return null;
  const what = struct(fields.what);
  const [times = "", n] = /^\}(?:\[(\d+)\])?/.exec(fields.rest) ?? [];
  const after = fields.rest.slice(times.length);
  return { what: n === undefined ? what : array(what, Number(n)), rest: after };
}

function fieldsIn(shape: string): Found<Fields> {
  const fields: [string, Field][] = [];
  let rest = shape;
  for (let name = nameIn(rest); name !== null; name = nameIn(rest)) {
    const field = fieldIn(rest.slice(name.length + 1));
    if (field === null || !field.rest.startsWith(";")) return null;
    fields.push([name, field.what]);
    rest = field.rest.slice(1);
  }
  return { what: Object.fromEntries(fields), rest };
}

function nameIn(shape: string): string | null {
  return /^([^:;{}]+):/.exec(shape)?.[1] ?? null;
}

/** The fields that a shape tells of, in their order; null for a text that is none. */
export function fieldsOf(shape: string): Fields | null {
  const found = fieldsIn(shape);
  return found !== null && found.rest === "" ? found.what : null;
}
