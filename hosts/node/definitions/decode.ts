/**
 * Messages read by the definitions of their services: which call a message is, and what its fields
 * hold.
 */
import { createRecord, layOut, type Layout, WORD_BYTES } from "../../../src/service/layout.js";
import { TAG_BYTES } from "../../../src/service/protocol.js";
import type { ServiceShape } from "./protocol.js";
import { fieldsOf } from "./shape.js";

/** What a field holds, as JSON has it; a number that JSON has not is a text. */
export type Value = number | boolean | string | readonly Value[] | Values;
/** Fields by their names. */
export interface Values {
  readonly [name: string]: Value;
}

/** More tags than these are not remembered: a service has 63 calls. */
const CALLS_MAX = 4_096;

/** The question which version a service has, and its answer: src/service/protocol.ts. */
const QUESTION = {
  name: "version?",
  request: "member:u32;",
  reply: "service:u32;known:u32;member:u32;",
};

function plain(value: unknown): Value {
  if (typeof value === "number") return Number.isFinite(value) ? value : String(value);
  if (typeof value === "boolean" || typeof value === "string") return value;
  if (value instanceof DataView) return valuesIn(value);
  return Array.from(value as Iterable<unknown>, plain);
}

/** All fields of a record: those that lie in it, and those that it inherits. */
function valuesIn(record: DataView): Values {
  const values: [string, Value][] = [];
  for (const name in record) values.push([name, plain(record[name as keyof DataView])]);
  return Object.fromEntries(values);
}

/** A request or a reply. */
class MessageShape {
  readonly #names: readonly string[];
  /** Of all fields, of all but the last, and so on. */
  readonly #layouts: readonly Layout[];

  private constructor(names: readonly string[], layouts: readonly Layout[]) {
    this.#names = names;
    this.#layouts = layouts;
  }

  /** null for a shape that is not read as it was written. */
  static of(shape: string, start: number): MessageShape | null {
    const fields = fieldsOf(shape);
    if (fields === null) return null;
    const names = Object.keys(fields);
    const layouts = Array.from({ length: names.length + 1 }, (_, n) => {
      const some = names.slice(0, names.length - n);
      const first = Object.fromEntries(some.map((name) => [name, fields[name]!]));
      return layOut(first, start, WORD_BYTES, new Map(), "");
    });
    return layouts[0]!.shape === shape ? new MessageShape(names, layouts) : null;
  }

  /**
   * The fields of a message of so many bytes, as far as the first of them are there; null when it
   * is not as long as it should be.
   */
  read(first: Uint8Array, bytes: number): Values | null {
    if (bytes !== this.#layouts[0]!.bytes) return null;
    const layout = this.#layouts.find((each) => each.bytes <= first.length);
    if (layout === undefined) return {};
    const buffer = new ArrayBuffer(layout.bytes);
    new Uint8Array(buffer).set(first.subarray(0, layout.bytes));
    const values = valuesIn(createRecord(layout, buffer, 0) as DataView);
    const known = this.#names.filter((name) => Object.hasOwn(values, name));
    return Object.fromEntries(known.map((name) => [name, values[name]!]));
  }
}

/** A call of a service, as its messages are read. */
export interface KnownCall {
  readonly service: string;
  readonly name: string;
  readonly request: Pick<MessageShape, "read">;
  readonly reply: Pick<MessageShape, "read">;
}

/** The calls of all services that were defined, by the first word of their requests. */
export class ServiceBook {
  readonly #calls = new Map<number, KnownCall>();

  /** Services, or newer versions of them: those before may still have messages that are kept. */
  add(services: Iterable<ServiceShape>): void {
    for (const { name: service, question, calls } of services) {
      for (const call of [...calls, { ...QUESTION, tag: question }]) {
        const request = MessageShape.of(call.request, TAG_BYTES);
        const reply = MessageShape.of(call.reply, 0);
        if (request === null || reply === null) continue;
        this.#calls.delete(call.tag);
        this.#calls.set(call.tag, { service, name: call.name, request, reply });
      }
    }
    for (const tag of this.#calls.keys()) {
      if (this.#calls.size <= CALLS_MAX) return;
      this.#calls.delete(tag);
    }
  }

  /** Which call a message is that begins with these bytes; null for none that is known. */
  callOf(first: Uint8Array): KnownCall | null {
    if (first.length < TAG_BYTES) return null;
    const tag = new DataView(first.buffer, first.byteOffset).getInt32(0, true);
    return this.#calls.get(tag) ?? null;
  }
}
