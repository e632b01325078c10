/**
 * Text in a message: the same UTF-8 as TextEncoder and TextDecoder make of it.
 */
import test from "tape";
import { call, defineService, text, textBytes, u8 } from "../../../src/service/index.js";
import { createRecord } from "../../../src/service/layout.js";

const ROOM = 8;
const KEEP_BOM = { ignoreBOM: true };

function stage(room = ROOM): { record: { value: string; next: number }; bytes: Uint8Array } {
  const service = defineService("s", { c: call({}, { value: text(room), next: u8 }) });
  const layout = service.calls[0]!.reply;
  const buffer = new ArrayBuffer(layout.bytes);
  const record = createRecord(layout, buffer, 0) as { value: string; next: number };
  return { record, bytes: new Uint8Array(buffer, 0, room) };
}

/** At and beside every border of UTF-8, and what is no text. */
const TEXTS = [
  "",
  "a",
  "\u0001",
  "\u007f",
  "\u0080",
  "\u07ff",
  "\u0800",
  "\ud7ff",
  "\ue000",
  "\ufeff",
  "\uffff",
  "\u{10000}",
  "\u{10ffff}",
  "ab\u{1f600}",
  "\u{1f600}é",
  "€€",
  "12345678",
  "\ud800",
  "\udc00",
  "\udbff",
  "\ud800a",
  "\udc00\ud800",
  "\ud800\ud800",
  "a\udfff",
];

test("text: what is written is what TextEncoder writes, with zeros behind it", (t) => {
  for (const value of TEXTS) {
    const { record, bytes } = stage();
    bytes.fill(0xee);
    record.next = 0xaa;
    record.value = value;
    const expected = new Uint8Array(ROOM);
    const { written } = new TextEncoder().encodeInto(value, expected);
    t.deepEqual(bytes, expected, JSON.stringify(value));
    t.equal(textBytes(value), written, "textBytes");
    t.equal(
      record.value,
      new TextDecoder("utf-8", KEEP_BOM).decode(expected.subarray(0, written)),
      "read",
    );
    t.equal(record.next, 0xaa, "the next field");
  }
  t.end();
});

test("text: every code point comes back", (t) => {
  const { record } = stage(4);
  const wrong: number[] = [];
  for (let code = 1; code <= 0x10_ffff; code++) {
    if (code >= 0xd800 && code <= 0xdfff) continue;
    const value = String.fromCodePoint(code);
    record.value = value;
    if (record.value !== value) wrong.push(code);
  }
  t.deepEqual(wrong, []);
  t.end();
});

test("text: one byte too many throws with the numbers, and nothing is written", (t) => {
  for (const value of ["123456789", "1234567é", "12345€€", "123456\ud800", "x".repeat(10_000)]) {
    const { record, bytes } = stage();
    record.value = "before";
    const found = `found a text of ${new TextEncoder().encode(value).length} bytes`;
    t.throws(() => (record.value = value), new RegExp(`text\\(8\\): ${found}`), value.slice(0, 9));
    t.deepEqual(bytes, new Uint8Array([...Buffer.from("before"), 0, 0]), "as it was");
  }
  t.end();
});

test("text: what is no string is refused, and U+0000 ends a text", (t) => {
  const { record } = stage();
  t.throws(() => (record.value = 5 as unknown as string), TypeError);
  t.throws(() => (record.value = null as unknown as string), TypeError);
  record.value = "ab\0cd";
  t.equal(record.value, "ab");
  t.end();
});

/** Bytes that no text() wrote. */
const STRANGE: readonly (readonly number[])[] = [
  [0x80],
  [0xc0, 0x80],
  [0xc1, 0xbf],
  [0xc3],
  [0xc3, 0x41],
  [0xe0, 0x80, 0x80],
  [0xe2, 0x82],
  [0xed, 0xa0, 0x80],
  [0xf0, 0x80, 0x80, 0x80],
  [0xf0, 0x9f, 0x98],
  [0xf4, 0x90, 0x80, 0x80],
  [0xf5, 0x80, 0x80, 0x80],
  [0xff, 0xfe],
  [0x61, 0xc3, 0xa9, 0xc3],
];

test("text: bytes that are no UTF-8 read as U+FFFD, and nothing is thrown", (t) => {
  for (const strange of STRANGE) {
    const { record, bytes } = stage(strange.length);
    bytes.set(strange);
    const value = record.value;
    t.ok(value.includes("\ufffd"), strange.join(" "));
    t.equal(Buffer.from(value).toString(), value, "a text all the same");
  }
  const { record, bytes } = stage();
  for (let first = 0; first < 0x1_0000; first++) {
    bytes.set([first >> 8, first & 0xff, 0x80, 0x80, first & 0xff, 0xbf, 0xff, 0xf0]);
    if (record.value.length > ROOM) t.fail(`${first}: ${record.value}`);
  }
  t.end();
});
