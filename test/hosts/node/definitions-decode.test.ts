/**
 * Messages read by their definitions: every kind of field, what is cut off, and what is no message
 * of a known call.
 */
import test from "tape";
import * as service from "../../../src/service/index.js";
import { createRecord, type Layout } from "../../../src/service/layout.js";
import { questionTag } from "../../../src/service/protocol.js";
import { ServiceBook } from "../../../hosts/node/definitions/decode.js";
import type { ServiceShape } from "../../../hosts/node/definitions/protocol.js";
import { fieldsOf } from "../../../hosts/node/definitions/shape.js";

const { array, bool, bytes, call, defineService, f32, f64, i16, i32, i8, oneOf } = service;
const { pulse, struct, text, u16, u32, u8 } = service;

const EVERY = {
  a: u8,
  b: i8,
  c: u16,
  d: i16,
  e: u32,
  f: i32,
  g: f32,
  h: f64,
  is: bool,
  mode: oneOf(i8, -1, 0, 7),
  name: text(9),
  raw: bytes(3),
  many: array(i16, 3),
  at: struct({ x: i16, deep: struct({ y: f32, flags: array(u8, 2) }) }),
  all: array(struct({ id: u8, word: text(2) }), 2),
};
const Every = defineService("every", {
  put: call(EVERY, { count: u32 }),
  get: call({}, EVERY, { once: true }),
  tell: pulse(),
});

/** As the thread that loads definitions tells of a service. */
function shapeOf({ name, type, calls }: service.Service<service.Members>): ServiceShape {
  return {
    name,
    question: questionTag(type),
    calls: calls.map(({ name: own, tag, request, reply }) => {
      return { name: own, tag, request: request.shape, reply: reply.shape };
    }),
  };
}

type Writable = Record<string, never>;

/** A message of this layout with something in each field. */
function filled(layout: Layout, tag: number): Uint8Array {
  const buffer = new ArrayBuffer(layout.bytes);
  const record = createRecord(layout, buffer, 0) as unknown as Writable & {
    readonly raw: Uint8Array;
    readonly many: Int16Array;
    readonly at: { x: number; deep: { y: number; flags: Uint8Array } };
    readonly all: { id: number; word: string }[];
  };
  const scalars = { a: 200, b: -5, c: 60_000, d: -300, e: 4e9, f: -2e9, g: 0.5, h: NaN };
  Object.assign(record, scalars, { is: true, mode: -1, name: "Zürich" });
  record.raw.set([1, 2, 3]);
  record.many.set([-1, 0, 1]);
  Object.assign(record.at, { x: 7 });
  Object.assign(record.at.deep, { y: 1.5 });
  record.at.deep.flags.set([8, 9]);
  Object.assign(record.all[1]!, { id: 4, word: "ab" });
  if (tag !== 0) new DataView(buffer).setInt32(0, tag, true);
  return new Uint8Array(buffer);
}

const VALUES = {
  a: 200,
  b: -5,
  c: 60_000,
  d: -300,
  e: 4e9,
  f: -2e9,
  g: 0.5,
  h: "NaN",
  is: true,
  mode: -1,
  name: "Zürich",
  raw: [1, 2, 3],
  many: [-1, 0, 1],
  at: { deep: { flags: [8, 9], y: 1.5 }, x: 7 },
  all: [
    { id: 0, word: "" },
    { id: 4, word: "ab" },
  ],
};

function bookOf(...services: ServiceShape[]): ServiceBook {
  const book = new ServiceBook();
  book.add(services);
  return book;
}

test("decode: every kind of field, in requests and replies", (t) => {
  const [put, get] = Every.calls as [(typeof Every.calls)[0], (typeof Every.calls)[0]];
  const book = bookOf(shapeOf(Every));
  const request = filled(put.request, put.tag);
  const known = book.callOf(request)!;
  t.deepEqual([known.service, known.name], ["every", "put"]);
  t.deepEqual(known.request.read(request, request.length), VALUES);
  t.deepEqual(Object.keys(known.request.read(request, request.length)!), Object.keys(EVERY));
  const reply = filled(get.reply, 0);
  const question = new Uint8Array(new Int32Array([get.tag]).buffer);
  t.deepEqual(book.callOf(question)!.reply.read(reply, reply.length), VALUES);
  t.deepEqual(book.callOf(question)!.request.read(question, 4), {}, "a request without fields");
  t.end();
});

test("decode: of a message that is cut off, the fields that are whole", (t) => {
  const [put] = Every.calls as [(typeof Every.calls)[0]];
  const known = bookOf(shapeOf(Every)).callOf(filled(put.request, put.tag))!;
  const request = filled(put.request, put.tag);
  const names = Object.keys(EVERY);
  for (let kept = 4; kept <= request.length; kept++) {
    const values = known.request.read(request.subarray(0, kept), request.length)!;
    const first = Object.keys(values);
    const isRight =
      first.every((name, i) => name === names[i]) &&
      JSON.stringify(values) ===
        JSON.stringify(Object.fromEntries(first.map((name) => [name, VALUES[name as "a"]])));
    if (!isRight || (kept === request.length) !== (first.length === names.length)) {
      t.fail(`${kept} bytes: ${JSON.stringify(values)}`);
    }
  }
  t.deepEqual(known.request.read(request.subarray(0, 4), request.length), {});
  t.end();
});

test("decode: another length, another version and a message of nobody's are not read", (t) => {
  const [put] = Every.calls as [(typeof Every.calls)[0]];
  const book = bookOf(shapeOf(Every));
  const request = filled(put.request, put.tag);
  t.equal(book.callOf(request)!.request.read(request, request.length - 4), null);
  t.equal(book.callOf(filled(put.request, put.tag ^ 0x1_0000)), null);
  t.equal(book.callOf(new Uint8Array(0)), null);
  t.equal(book.callOf(request.subarray(0, 3)), null);
  t.end();
});

test("decode: a client's question for the version, and messages of an older version", (t) => {
  const book = bookOf(shapeOf(Every));
  const newer = defineService("every", { put: call({ a: u8 }, {}), get: call({ n: u8 }, {}) });
  book.add([shapeOf(newer)]);
  const asked = new Uint8Array(new Int32Array([questionTag(Every.type), 1]).buffer);
  const known = book.callOf(asked)!;
  t.deepEqual([known.name, known.request.read(asked, 8)], ["version?", { member: 1 }]);
  for (const each of [Every, newer]) {
    const [put] = each.calls;
    const message = new Uint8Array(new Int32Array([put!.tag]).buffer);
    t.equal(book.callOf(message)?.name, "put");
  }
  t.end();
});

test("decode: a text that is no shape, and a name that no shape can tell of", (t) => {
  for (const wrong of ["a", "a:u9;", "a:u8", "a:{b:u8;", "a:u8[;", "a:bool[2];", "toString:x;"]) {
    t.equal(fieldsOf(wrong), null, wrong);
  }
  const odd = defineService("odd", { put: call({ "a;b:c": u8 }, {}), ok: call({ a: u8 }, {}) });
  const book = bookOf(shapeOf(odd));
  const namesOf = odd.calls.map(({ tag }) => {
    return book.callOf(new Uint8Array(new Int32Array([tag]).buffer))?.name ?? null;
  });
  t.deepEqual(namesOf, [null, "ok"], "its bytes are shown, and the others are read");
  t.end();
});
