/**
 * The services whose calls are measured: a module of its own, which an application would preload.
 */
import {
  array,
  bool,
  bytes,
  call,
  defineService,
  f32,
  f64,
  i16,
  i32,
  i8,
  oneOf,
  pulse,
  struct,
  text,
  u16,
  u32,
  u8,
} from "reattach/service";
import { SERVER } from "./scenario.js";

export const Measured = defineService(SERVER, {
  nothing: call({}, {}),
  read: call({ sensor: u8 }, { celsius: f32, at_ms: u32 }),
  status: call(
    { station: u8 },
    { sent: i32, answered: i32, wrong: u16, day: u16, p50: f32, isFinished: bool },
  ),
  every: call(
    { a: i8, b: i16, c: f64, d: oneOf(u8, 1, 2), label: text(16), raw: bytes(4) },
    { at: struct({ x: i16, y: i16 }), all: array(struct({ x: u8 }), 2), tenths: array(i16, 4) },
  ),
  later: call({}, {}),
  ring: pulse(),
});
export const Counter = defineService(SERVER, { add: call({ step: u32 }, {}, { once: true }) });
