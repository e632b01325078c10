/**
 * What TypeScript has to say of programs that use services: right ones compile, and of wrong ones
 * it finds each line that is marked. Never run; see types.test.ts.
 */
import type { Ledger } from "reattach";
import {
  array,
  bool,
  bytes,
  call,
  defineService,
  f32,
  i16,
  LATER,
  oneOf,
  open,
  pulse,
  type ReplyOf,
  type RequestOf,
  serve,
  Server,
  struct,
  text,
  u16,
  u32,
  u8,
} from "reattach/service";

const point = struct({ x: i16, y: i16 });

const Thermometer = defineService("thermometer", {
  read: call({ sensor: u8 }, { celsius: f32, at_ms: u32, mode: oneOf(u8, 1, 2), isHot: bool }),
  label: call({ sensor: u8, text: text(16) }, {}, { once: true }),
  history: call({ raw: bytes(4) }, { at: point, all: array(point, 2), tenths: array(i16, 8) }),
  alarm: pulse(),
});
const Plain = defineService("plain", { ask: call({ n: u16 }, { n: u16 }) });

type Same<A, B> =
  (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
type Point = { x: number; y: number };
const facts: readonly true[] = [
  true satisfies Same<RequestOf<typeof Plain, "ask">, { readonly n: number }>,
  true satisfies Same<
    ReplyOf<typeof Thermometer, "read">,
    { celsius: number; at_ms: number; mode: 1 | 2; isHot: boolean }
  >,
  true satisfies Same<ReplyOf<typeof Thermometer, "history">["at"], Point>,
];

export function client(): unknown {
  const thermometer = open(Thermometer, { timeout_ms: 5_000, recovery: (coid) => coid });
  const { read, label, history, alarm } = thermometer;
  read.request.sensor = 3;
  label.request.text = "attic";
  history.request.raw[3] = 7;
  const status: number = read.send() + alarm.send(3) + thermometer.connection.connect();
  const celsius: number = read.reply.celsius;
  const mode: 1 | 2 = read.reply.mode;
  const isHot: boolean = read.reply.isHot;
  const far: number = history.reply.all[1]!.x + history.reply.tenths.length;
  // @ts-expect-error a field that there is not
  read.request.sensr = 3;
  // @ts-expect-error a text for a number
  read.request.sensor = "3";
  // @ts-expect-error a number for a text
  label.request.text = 5;
  // @ts-expect-error a reply is read
  read.reply.celsius = 3;
  // @ts-expect-error in depth, too
  history.reply.at.x = 3;
  // @ts-expect-error and in arrays
  history.reply.all[0]!.x = 3;
  // @ts-expect-error a part stays where it is
  history.request.raw = new Uint8Array(4);
  // @ts-expect-error a call that there is not
  thermometer.red.send();
  // @ts-expect-error a pulse takes a number
  alarm.send("x");
  // @ts-expect-error and has no request
  alarm.request.sensor = 3;
  // @ts-expect-error no such mode
  const wrong: 3 = read.reply.mode;
  // @ts-expect-error a field of the request in the reply
  return [status, celsius, mode, isHot, far, wrong, read.reply.sensor, facts];
}

export function server(ledger: Ledger): void {
  const options = { ledger };
  const label = (): void => undefined;
  const history = label;
  const alarm = label;
  serve(Plain, { ask: (request, reply) => void (reply.n = request.n) });
  serve(Plain, { ask: () => LATER }, { period_ms: 100, onPeriod: (each) => each.stop() });
  const all = new Server(
    Thermometer,
    {
      read({ sensor }, reply, { rcvid, info }) {
        reply.celsius = sensor + rcvid + info.pid;
        reply.mode = 2;
        return 0;
      },
      label: ({ text: given }) => given.length,
      history({ raw }, reply) {
        reply.all[1]!.x = raw[0]!;
        reply.at.x = 3;
      },
      alarm: (value, each) => void each.calls.read.answer(value, 0),
    },
    options,
  );
  all.calls.read.reply.celsius = 3;
  // @ts-expect-error a pulse is not answered
  all.calls.alarm.answer(3, 0);
  // @ts-expect-error a call without a handler
  serve(Thermometer, { label, history, alarm }, options);
  // @ts-expect-error a pulse without a handler
  serve(Thermometer, { read: label, label, history }, options);
  // @ts-expect-error a handler for nothing
  serve(Plain, { ask: label, more: label });
  // @ts-expect-error a field that the reply has not
  serve(Plain, { ask: (_, reply) => void (reply.m = 3) });
  // @ts-expect-error a request is read
  serve(Plain, { ask: (request) => void (request.n = 3) });
  // @ts-expect-error a status is a number
  serve(Plain, { ask: () => "x" });
  // @ts-expect-error an asynchronous handler: it would answer with a promise
  serve(Plain, { ask: async () => 0 });
  // @ts-expect-error no such mode
  serve(Thermometer, { read: (_, r) => void (r.mode = 3), label, history, alarm }, options);
  // @ts-expect-error a call with an effect once, without a ledger
  serve(Thermometer, { read: label, label, history, alarm });
}

// @ts-expect-error a number is no field
export const one = defineService("x", { a: call({ n: 5 }, {}) });
// @ts-expect-error a number is no call
export const two = defineService("x", { a: 5 });
// @ts-expect-error there are no arrays of texts
export const three = defineService("x", { a: call({ n: array(text(3), 4) }, {}) });
// @ts-expect-error one of no numbers
export const four = oneOf(u8);
// @ts-expect-error one of some texts
export const five = oneOf(u8, "a");
