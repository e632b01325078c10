/**
 * Chance in a task of a simulation: what is random elsewhere follows from the seed of its life.
 */
import { randomFill as realFill, webcrypto } from "node:crypto";
import { seededRandom } from "../../../../src/manager/supervise/random.js";
import type { Refusal } from "./refusal.js";

type Fillable = ArrayBufferView | ArrayBufferLike;

function bytesOf(target: Fillable): Uint8Array {
  if (!ArrayBuffer.isView(target)) return new Uint8Array(target);
  return new Uint8Array(target.buffer, target.byteOffset, target.byteLength);
}

/** What a program has of chance. */
export class Chance {
  readonly random: () => number;

  constructor(seed: number) {
    this.random = seededRandom(seed);
  }

  /** Fills a view, or a buffer, and returns it. */
  readonly fill = <Target extends Fillable>(target: Target): Target => {
    const bytes = bytesOf(target);
    for (let i = 0; i < bytes.length; i++) bytes[i] = Math.floor(this.random() * 256);
    return target;
  };

  readonly uuid = (): string => {
    const hex = this.fill(Buffer.alloc(16)).toString("hex");
    const groups = [hex.slice(0, 8), hex.slice(8, 12), `4${hex.slice(13, 16)}`];
    return [...groups, `a${hex.slice(17, 20)}`, hex.slice(20)].join("-");
  };

  /** The global `crypto`. */
  web(refusal: Refusal): object {
    return {
      getRandomValues: this.fill,
      randomUUID: this.uuid,
      subtle: refusal.guard("crypto.subtle", webcrypto.subtle),
    };
  }

  /** What node:crypto has instead of its own. */
  node(refusal: Refusal): object {
    const bytes = (size: number): Buffer => this.fill(Buffer.alloc(size));
    return {
      randomBytes: bytes,
      pseudoRandomBytes: bytes,
      randomFillSync: this.fill,
      randomFill: refusal.guard("crypto.randomFill", realFill),
      randomInt: (low: number, high?: number) =>
        high === undefined
          ? Math.floor(this.random() * low)
          : low + Math.floor(this.random() * (high - low)),
      randomUUID: this.uuid,
      getRandomValues: this.fill,
      webcrypto: this.web(refusal),
    };
  }
}
