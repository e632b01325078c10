/**
 * Single messages, for those who ask for them: what the trace knows of each, with what is kept of
 * its bytes, read by the definition of its service.
 */
import { findDefinitions, inputsOf, loadDefinitions } from "../definitions/check.js";
import { ServiceBook } from "../definitions/decode.js";
import { UsageError } from "../input-error.js";
import type { System } from "../system/system.js";
import type { DetailReader, Kept, MessageDetails } from "../trace/details.js";
import { attemptOf, numberOf } from "../trace/message-number.js";
import { beginOf, type TracedMessage } from "../trace/messages.js";
import type { Tracing } from "../trace/tracing.js";
import {
  type MessageBytes,
  type MessageRow,
  MESSAGES_MAX,
  type MessageWindow,
} from "./message-window.js";

export class Messages {
  readonly #system: System;
  readonly #book = new ServiceBook();
  /** The definitions as they are now, or on their way; null when somebody has to look. */
  #defined: Promise<void> | null = null;
  readonly #forget = (): void => {
    this.#defined = null;
  };

  constructor(system: System) {
    this.#system = system;
    // A file was saved: a service may be defined otherwise.
    system.on("reload", this.#forget);
  }

  /** Looks after definitions no more. */
  stop(): void {
    this.#system.off("reload", this.#forget);
  }

  /** What was under way between two times. Rejects for a system that is not traced. */
  async between(from_ms: number, to_ms: number): Promise<MessageWindow> {
    if (!this.#system.isTraced) {
      throw new UsageError("messages: this system is not traced; `reattach dev` traces");
    }
    const { tracing } = this.#system;
    this.#defined ??= this.#define();
    await this.#defined;
    tracing.drain();
    const found = tracing.messagesBetween(from_ms, to_ms, MESSAGES_MAX);
    const indexes = new Map<number, Map<number, number>>();
    const messages = found.messages.map((message) => {
      const details = detailsOf(message, tracing.details(message.client), indexes);
      return this.#row(message, details, tracing);
    });
    const known_ms = tracing.inMs(found.known_us);
    return { from_ms, to_ms, total: found.total, messages, known_ms };
  }

  /** What is wrong with a definition, boot() and live reload say. */
  async #define(): Promise<void> {
    const { manifest, live } = this.#system;
    const inputs = await inputsOf(manifest, live.application.programs.compiler);
    const definitions = await findDefinitions(manifest, inputs);
    const { services } = await loadDefinitions(definitions, manifest.limits.messageBytes);
    this.#book.add(services);
  }

  #row(message: TracedMessage, details: MessageDetails | null, tracing: Tracing): MessageRow {
    const call = details === null ? null : this.#book.callOf(details.request.kept);
    const timeOf = (us: number): number | null => (Number.isNaN(us) ? null : tracing.inMs(us));
    const { client, server, outcome, result, replied_us, ended_us } = message;
    const number = numberOf(message.message);
    const attempt = attemptOf(message.message);
    const answer = details?.answer ?? null;
    const isAnswered = !Number.isNaN(replied_us) && outcome !== "failed";
    return {
      id: `${client}.${number}.${attempt}@${beginOf(message)}`,
      client: tracing.nameOf(client),
      server: tracing.nameOf(server),
      number,
      attempt,
      coid: details?.coid ?? null,
      sent_ms: timeOf(message.sent_us),
      received_ms: timeOf(message.received_us),
      replied_ms: timeOf(replied_us),
      ended_ms: timeOf(ended_us),
      outcome,
      result: outcome === "open" || outcome === "died" || Number.isNaN(result) ? null : result,
      service: call?.service ?? "",
      name: call?.name ?? "",
      request: bytesOf(message.bytes, details?.request ?? null, call?.request),
      reply: isAnswered ? bytesOf(message.replyBytes, answer, call?.reply) : null,
    };
  }
}

/** What is kept of a message; `indexes` are those of the clients that were asked for already. */
function detailsOf(
  { client, record }: TracedMessage,
  reader: DetailReader,
  indexes: Map<number, Map<number, number>>,
): MessageDetails | null {
  if (record === 0) return null;
  let index = indexes.get(client);
  if (index === undefined) indexes.set(client, (index = reader.index()));
  const entry = index.get(record);
  return entry === undefined ? null : reader.read(entry, record);
}

function bytesOf(
  bytes: number,
  kept: Kept | null,
  shape: { read(first: Uint8Array, bytes: number): MessageBytes["values"] } | undefined,
): MessageBytes {
  if (kept === null) return { bytes, hex: null, values: null };
  const values = shape?.read(kept.kept, kept.bytes) ?? null;
  return { bytes: kept.bytes, hex: Buffer.from(kept.kept).toString("hex"), values };
}
