/**
 * The MQTT client of Moddable's SDK (ECMA-419), as far as the link uses it. Types and numbers only.
 */

/** Operations of MQTT 3.1.1, by the numbers that the client has for them. */
export const CONNACK = 2;
export const PUBLISH = 3;
export const SUBSCRIBE = 8;
export const SUBACK = 9;
export const DISCONNECT = 14;

/** How a write() is to be sent; left out for more of a message that has been begun. */
export interface WriteOptions {
  readonly operation: number;
  readonly id?: number;
  readonly topic?: string;
  readonly QoS?: number;
  readonly retain?: boolean;
  /** Of the whole payload, of which the first write may have a part. */
  readonly byteLength?: number;
  readonly items?: readonly { readonly topic: string; readonly QoS: number }[];
}

/** What has come of a message. */
export interface Part {
  /** With the first part alone. */
  readonly topic?: string;
  /** Of the whole payload; with the first part alone. */
  readonly byteLength?: number;
  /** Other parts follow. */
  readonly more: boolean;
}

/** Something other than a message has come. */
export interface Control {
  readonly operation: number;
  readonly id: number;
  /** Of a SUBACK: what was granted. */
  readonly payload?: readonly number[];
}

export interface ClientOptions {
  readonly host: string;
  readonly port: number;
  readonly id: string;
  readonly user?: string;
  readonly password?: string;
  readonly keepAlive: number;
  readonly will: {
    readonly topic: string;
    readonly message: string;
    readonly QoS: number;
    readonly retain: boolean;
  };
  /** So many bytes of a message are there to be read; all of them must be, before it returns. */
  readonly onReadable: (count: number, part: Part) => void;
  readonly onWritable: (count: number) => void;
  readonly onControl: (control: Control) => void;
  /** It has closed itself. */
  readonly onError: () => void;
}

export interface MqttClient {
  /** Fills a buffer, or makes one with so many bytes. */
  read(target: Uint8Array | number): unknown;
  /** Returns how many bytes may be written next. Throws when there is no room, or no connection. */
  write(data: Uint8Array | null, options?: WriteOptions): number;
  close(): void;
}
