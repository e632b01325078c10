/**
 * What a board says of itself: read as it was written, and everything else is refused.
 */
import * as fc from "fast-check";
import test from "tape";
import { SERVICES_MAX } from "../../../src/manifest/net-names.js";
import { readStatus, statusText, VERSION } from "../../../src/net/status.js";
import { check, seeded } from "../kernel/seed.js";

const whole = (min: number): fc.Arbitrary<number> => fc.integer({ min, max: 0xffff_ffff });
const service = fc.record({ name: fc.string(), life: whole(0) });
const services = fc.option(fc.array(service, { maxLength: 20 }), { nil: null });

test(seeded("statusText: readStatus reads what was written"), (t) => {
  check(
    fc.property(whole(1), services, (life, list) => {
      const read = readStatus(statusText({ life, services: list }));
      return JSON.stringify(read) === JSON.stringify({ life, services: list });
    }),
  );
  t.end();
});

test("readStatus: what is no status of this version", (t) => {
  const status = (more: object): string =>
    JSON.stringify({ version: VERSION, life: 1, services: [["a", 1]], ...more });
  t.deepEqual(readStatus(status({})), { life: 1, services: [{ name: "a", life: 1 }] });
  t.deepEqual(readStatus(status({ more: 1 })), readStatus(status({})), "what is unknown is left");
  const wrong: Readonly<Record<string, string>> = {
    nothing: "",
    "half of it": status({}).slice(0, -2),
    "a number": "7",
    null: "null",
    "a list": "[]",
    "another version": status({ version: VERSION + 1 }),
    "no version": status({ version: undefined }),
    "a life of 0": status({ life: 0 }),
    "a life below 0": status({ life: -1 }),
    "a life of more than 32 bits": status({ life: 2 ** 32 }),
    "a life that is not whole": status({ life: 1.5 }),
    "a life as text": status({ life: "1" }),
    "no services": status({ services: undefined }),
    "services that are no list": status({ services: {} }),
    "a service that is no list": status({ services: ["a"] }),
    "a service without a life": status({ services: [["a"]] }),
    "a service without a name": status({ services: [[1, 1]] }),
    "a service with a life below 0": status({ services: [["a", -1]] }),
    "more services than a frame can name": status({
      services: Array.from({ length: SERVICES_MAX + 1 }, (_, i) => [`s${i}`, 1]),
    }),
    "a text that is too long": status({ more: "x".repeat(70_000) }),
    "more brackets than there are texts": "[".repeat(60_000),
  };
  for (const [what, text] of Object.entries(wrong)) t.equal(readStatus(text), null, what);
  t.end();
});

test("readStatus: as many services as a frame can name", (t) => {
  const list = Array.from({ length: SERVICES_MAX }, (_, i) => ({ name: `s${i}`, life: i }));
  t.deepEqual(readStatus(statusText({ life: 1, services: list }))?.services, list);
  t.end();
});

test(seeded("readStatus: any text is a status or null, and nothing is thrown"), (t) => {
  const text = statusText({ life: 7, services: [{ name: "counter", life: 3 }] });
  const place = fc.integer({ min: 0, max: text.length });
  check(fc.property(fc.string(), (any) => readStatus(any) === null));
  check(fc.property(fc.json(), (any) => readStatus(any) === null));
  check(
    fc.property(place, place, fc.string({ maxLength: 3 }), (from, to, between) => {
      const read = readStatus(text.slice(0, from) + between + text.slice(to));
      return read === null || (read.life > 0 && Number.isInteger(read.life));
    }),
    1_000,
  );
  t.end();
});
