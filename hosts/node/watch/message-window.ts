/**
 * What is said of single messages, of a system that is traced: a part of protocol.ts, and like it
 * nothing of Node.js, as a browser loads it.
 */

/** Asks for the messages that were under way between two times. The value is a MessageWindow. */
export interface MessagesRequest {
  readonly call: "messages";
  readonly from_ms: number;
  readonly to_ms: number;
}

/** The most messages of one answer. */
export const MESSAGES_MAX = 250;

/** The messages that were under way between two times. */
export interface MessageWindow {
  readonly from_ms: number;
  readonly to_ms: number;
  /** How many they are: more than `messages` has when there are more than MESSAGES_MAX. */
  readonly total: number;
  /** The first of them, by the time that each began. */
  readonly messages: readonly MessageRow[];
  /**
   * Of what was before this some may be missing: the last 8,192 messages of each task are kept, and
   * a task that is faster than its records are read loses some.
   */
  readonly known_ms: number;
}

/**
 * One transmission of a message. Times are null for what has not been, and for what is not
 * recorded: the main VM makes no records, so of its messages only their servers tell.
 */
export interface MessageRow {
  /** Another one for each transmission, while the simulator runs. */
  readonly id: string;
  readonly client: string;
  readonly server: string;
  /** Low 29 bits of the message's number, and which transmission of it this is, up to 8. */
  readonly number: number;
  readonly attempt: number;
  /** The client's connection; null where it is not known. */
  readonly coid: number | null;
  readonly sent_ms: number | null;
  readonly received_ms: number | null;
  readonly replied_ms: number | null;
  /** When the client's call has returned, or the client has died. */
  readonly ended_ms: number | null;
  /** "open": under way. "died": its client has died. */
  readonly outcome: "open" | "returned" | "failed" | "died";
  /** The status of a call that has returned, the errno of one that has failed; else null. */
  readonly result: number | null;
  /** The service and its call that the message is, by their definitions; "" for none. */
  readonly service: string;
  readonly name: string;
  readonly request: MessageBytes;
  /** null while there is no answer. */
  readonly reply: MessageBytes | null;
}

/** What a message or an answer holds. */
export interface MessageBytes {
  /** All of them. */
  readonly bytes: number;
  /** The first 128 in hexadecimal; null where they are not kept. */
  readonly hex: string | null;
  /** The fields that lie in those, as the service defines them; null where that is not known. */
  readonly values: MessageValues | null;
}

/** Fields by their names; what JSON has no number for is a text. */
export interface MessageValues {
  readonly [name: string]: MessageValue;
}

export type MessageValue = number | boolean | string | readonly MessageValue[] | MessageValues;
