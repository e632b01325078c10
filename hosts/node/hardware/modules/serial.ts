/**
 * "embedded:io/serial": bytes one after the other, as ECMA-419 has it, in the "buffer" format by
 * default as on an ESP32.
 */
import { FIFO_BYTES, READ, ROOM_SHIFT, WRITE } from "../wire/operations.js";
import { bytesOf, callbackOf, checkFormat, readInto, setTarget } from "../task/arguments.js";
import { type Options, Peripheral } from "../task/client.js";

const FORMATS = ["number", "buffer"];
const READABLE_MASK = (1 << ROOM_SHIFT) - 1;

type Callback = (this: Serial, bytes: number) => void;

export default class Serial {
  readonly #port: Peripheral;
  #format: string;

  constructor(options: Options) {
    checkFormat(options["format"], FORMATS);
    this.#format = String(options["format"] ?? "buffer");
    const canRead = options["receive"] !== undefined;
    const canWrite = options["transmit"] !== undefined;
    if (!canRead && !canWrite) throw new Error("invalid");
    const onReadable = callbackOf<Callback>(options, "onReadable");
    const onWritable = callbackOf<Callback>(options, "onWritable");
    setTarget(this, options);
    const isReadWatched = canRead && onReadable !== undefined;
    const isWriteWatched = canWrite && onWritable !== undefined;
    this.#port = new Peripheral("serial", { ...options, isReadWatched, isWriteWatched });
    if (!isReadWatched && !isWriteWatched) return;
    this.#port.listen((value) => {
      const readable = value & READABLE_MASK;
      const room = value >> ROOM_SHIFT;
      if (readable > 0) onReadable?.call(this, readable);
      if (room > 0) onWritable?.call(this, room);
    });
  }

  get format(): string {
    return this.#format;
  }

  set format(format: string) {
    checkFormat(format, FORMATS);
    this.#format = format;
  }

  /** What has arrived, at most as much as is asked for; undefined when there is nothing. */
  read(target?: unknown): ArrayBuffer | number | undefined {
    if (this.#format === "number") return this.#port.askBytes(READ, 1)[0];
    if (target === undefined) return this.#some(FIFO_BYTES);
    if (typeof target === "number") return this.#some(target);
    const count = readInto(target, (most) => this.#port.askBytes(READ, most));
    return count === 0 ? undefined : count;
  }

  write(value: unknown): void {
    const bytes = this.#format === "number" ? Uint8Array.of(Number(value)) : bytesOf(value);
    this.#port.ask(WRITE, 0, bytes);
  }

  close(): void {
    this.#port.close();
  }

  #some(most: number): ArrayBuffer | undefined {
    if (most <= 0) throw new Error("invalid");
    const bytes = this.#port.askBytes(READ, most);
    return bytes.length === 0 ? undefined : (bytes.buffer as ArrayBuffer);
  }
}
