/**
 * Steps that many cases begin with, and what they ask of an outcome.
 */
import {
  _NTO_TIMEOUT_RECEIVE,
  createMsgInfo,
  createPulse,
  type MessageInfo,
  type Pulse,
  readPulse,
} from "reattach";
import type { Puppet } from "./board.js";

/** A text as bytes, padded with zeros to `length`. */
export function bytes(characters: string, length = characters.length): Uint8Array {
  const array = new Uint8Array(length);
  for (let i = 0; i < characters.length; i++) array[i] = characters.charCodeAt(i);
  return array;
}

/** The text in an array, up to the first zero. */
export function text(array: Uint8Array): string {
  let result = "";
  for (let i = 0; i < array.length && array[i] !== 0; i++) {
    result += String.fromCharCode(array[i] as number);
  }
  return result;
}

/** An array of `length` bytes, each of them `byte`. */
export function filled(length: number, byte = 0): Uint8Array {
  return new Uint8Array(length).fill(byte);
}

/** The server makes a channel and the client connects to it. */
export async function connect(
  server: Puppet,
  client: Puppet,
  flags = 0,
): Promise<{ chid: number; coid: number }> {
  const chid = await server.result("ChannelCreate", flags);
  const coid = await attach(client, server, chid);
  if (chid < 0 || coid < 0) throw new Error(`connect: chid ${chid}, coid ${coid}`);
  return { chid, coid };
}

/** ConnectAttach to a channel of `server`, by the first free number. */
export function attach(client: Puppet, server: Puppet, chid: number, flags = 0): Promise<number> {
  return client.result("ConnectAttach", 0, server.pid, chid, 0, flags);
}

/** What MsgReceive left behind. */
export interface Received {
  /** 0 for a pulse, or an error. */
  readonly rcvid: number;
  readonly message: Uint8Array;
  readonly text: string;
  readonly info: MessageInfo;
  /** Decoded; of meaning when rcvid is 0. */
  readonly pulse: Pulse;
}

/** MsgReceive with room for `length` bytes. */
export async function receive(server: Puppet, chid: number, length = 64): Promise<Received> {
  const { result, args } = await server.call(
    "MsgReceive",
    chid,
    new Uint8Array(length),
    length,
    createMsgInfo(),
  );
  const message = args[1] as Uint8Array;
  const pulse = createPulse();
  readPulse(message, pulse);
  return { rcvid: result, message, text: text(message), info: args[3] as MessageInfo, pulse };
}

/** MsgReceive that does not wait: -ETIMEDOUT when nothing is there. */
export async function poll(server: Puppet, chid: number): Promise<number> {
  const { result } = await server.act(
    "receiveWithin",
    _NTO_TIMEOUT_RECEIVE,
    0,
    chid,
    new Uint8Array(64),
  );
  return result;
}

/** Answers the next message with `status`; its text. */
export async function serve(server: Puppet, chid: number, status = 0): Promise<string> {
  const { rcvid, text: received } = await receive(server, chid);
  if (rcvid <= 0) throw new Error(`serve: MsgReceive returned ${rcvid}`);
  await server.result("MsgReply", rcvid, status, null, 0);
  return received;
}

/** MsgSend of a text, without a reply. */
export function send(client: Puppet, coid: number, message = ""): Promise<number> {
  return client.result("MsgSend", coid, bytes(message), message.length, null, 0);
}

/** The client sends and the server holds the message: the rcvid, and what the send will return. */
export async function hold(
  server: Puppet,
  client: Puppet,
  { chid, coid }: { chid: number; coid: number },
  message = "held",
): Promise<{ rcvid: number; sent: Promise<number> }> {
  const sent = send(client, coid, message);
  const { rcvid } = await receive(server, chid);
  if (rcvid <= 0) throw new Error(`hold: MsgReceive returned ${rcvid}`);
  return { rcvid, sent };
}
