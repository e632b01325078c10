/**
 * A typed service in several versions: a module of its own, which an application would preload.
 */
import { call, defineService, i32, pulse, u32, u8 } from "reattach/service";

const NAME = "service";
const add = call({ a: u32, b: u32 }, { sum: u32 });
const count = call({ step: u8 }, { count: u32 }, { once: true });

/** The one that clients know. */
export const First = defineService(NAME, { add, count, ring: pulse() });

/** What it has become at its server. */
export const VERSIONS = Object.freeze({
  first: First,
  "another field": defineService(NAME, {
    add: call({ a: i32, b: u32 }, { sum: u32 }),
    count,
    ring: pulse(),
  }),
  "one call more": defineService(NAME, { add, count, ring: pulse(), more: call({}, {}) }),
  "one call less": defineService(NAME, { add, ring: pulse() }),
  "no pulse": defineService(NAME, { add, count }),
});
export type Version = keyof typeof VERSIONS;
