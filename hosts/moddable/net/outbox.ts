/**
 * Packets that wait for room in the socket: in order, in parts where one is longer than the room,
 * and not more than fit into a few kilobytes.
 */
import type { MqttClient, WriteOptions } from "./mqtt-client.js";

/**
 * So many bytes of frames wait at the most, or one frame: one that finds no place is lost, and sent
 * again by who waits for its answer.
 */
const FRAME_BYTES_MAX = 4_096;
/** Parts that are shorter would cost more than what they carry. */
const PART_BYTES_MIN = 256;
/** Type, length, id, and the length of the topic. */
const HEAD_BYTES = 9;

/** Something to be written. */
export interface Packet {
  /** Of statuses that wait only the last one is of interest. */
  readonly kind: "frame" | "status" | "control";
  readonly head: WriteOptions;
  readonly bytes: Uint8Array | null;
}

function headBytes({ topic = "", items = [] }: WriteOptions): number {
  return items.reduce((sum, item) => sum + item.topic.length + 3, HEAD_BYTES + topic.length);
}

export class Outbox {
  /** How many bytes the client takes. */
  room = 0;
  #packets: Packet[] = [];
  /** Bytes of frames that wait. */
  #frameBytes = 0;
  /** How much of the first one has been written. */
  #written = 0;

  /** Adds a packet; a frame that finds no place is dropped. The bytes must not change. */
  add(head: WriteOptions, bytes: Uint8Array | null, kind: Packet["kind"]): void {
    const packet = { kind, head, bytes };
    if (kind === "frame") {
      const count = bytes!.length;
      if (this.#frameBytes > 0 && this.#frameBytes + count > FRAME_BYTES_MAX) return;
      this.#frameBytes += count;
    }
    const begun = this.#written > 0 ? 1 : 0;
    const older = this.#packets.findIndex((each, i) => i >= begun && each.kind === "status");
    if (kind === "status" && older >= 0) this.#packets[older] = packet;
    else this.#packets.push(packet);
  }

  /** Forgets all of it: the connection is gone. */
  clear(): void {
    this.room = 0;
    this.#packets = [];
    this.#frameBytes = 0;
    this.#written = 0;
  }

  /** Writes as much as there is room for. Throws when the client does. */
  flush(client: MqttClient): void {
    for (;;) {
      const packet = this.#packets[0];
      if (packet === undefined || !this.#write(client, packet)) return;
      this.#packets.shift();
      this.#written = 0;
      if (packet.kind === "frame") this.#frameBytes -= packet.bytes!.length;
    }
  }

  /** Writes a packet, or more of it. True when it has been written to its end. */
  #write(client: MqttClient, { head, bytes }: Packet): boolean {
    if (bytes === null) {
      if (headBytes(head) > this.room) return false;
      this.#wrote(client.write(null, head));
      return true;
    }
    if (this.#written === 0) {
      const count = this.#partBytes(bytes.length, headBytes(head));
      if (count === 0) return false;
      const options = { ...head, byteLength: bytes.length };
      this.#wrote(client.write(partOf(bytes, 0, count), options));
      this.#written = count;
    }
    while (this.#written < bytes.length) {
      const count = this.#partBytes(bytes.length - this.#written, 0);
      if (count === 0) return false;
      this.#wrote(client.write(partOf(bytes, this.#written, count)));
      this.#written += count;
    }
    return true;
  }

  /** How many of the bytes that are left may be written now, behind a head; 0: later. */
  #partBytes(left: number, head: number): number {
    const room = this.room - head;
    return room < Math.min(left, PART_BYTES_MIN) ? 0 : Math.min(left, room);
  }

  /** A socket that has failed says no number. */
  #wrote(room: number): void {
    this.room = room > 0 ? room : 0;
  }
}

function partOf(bytes: Uint8Array, start: number, count: number): Uint8Array {
  return count === bytes.length ? bytes : bytes.subarray(start, start + count);
}
