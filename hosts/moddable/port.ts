/**
 * The port of src/host.ts on Moddable XS: what the kernel needs in the main VM and in each worker.
 */
import { copy, cores } from "reattach/moddable/native";
import Time from "time";
import type { HostMessages, HostPort, ManagerPort } from "../../src/host.js";
import { attachMessages } from "./common-case.js";

/**
 * The most looks at the doorbell where there is a second core. A look takes about a microsecond,
 * and waking a FreeRTOS task some tens of them.
 */
const SPIN_MAX = 128;
/** The most looks at the doorbell that make sense on this chip. */
export function spinMaxOfChip(): number {
  return cores() > 1 ? SPIN_MAX : 0;
}

/** The port of one VM. */
export class DevicePort implements HostPort {
  readonly mayBlock: boolean;
  readonly spinMax: number;
  manager: ManagerPort | null = null;
  declare readonly sliceMin_ms: number;
  declare readonly copy: HostPort["copy"];
  readonly #name: string;
  #now = 0;

  constructor(name: string, mayBlock: boolean, spinMax: number) {
    this.#name = name;
    this.mayBlock = mayBlock;
    this.spinMax = spinMax;
  }

  createMessages(words: Int32Array, coids: Uint16Array, pid: number): HostMessages | null {
    return attachMessages(this, words, coids, pid);
  }

  /**
   * Time.ticks counts milliseconds in 32 bits: it starts again after 49.7 days. What has passed
   * since the last look is exact modulo 2^32. A VM that does not look for 49 days misses a round.
   * Nobody notices: a VM compares times of its own only, and what VMs show each other (arenaTime)
   * is taken modulo 2^32.
   */
  now(): number {
    this.#now += (Time.ticks - this.#now) >>> 0;
    return this.#now;
  }

  log(text: string): void {
    trace(`[${this.#name}] ${text}\n`);
  }
}

// The same in all VMs: it lies in flash, with the methods.
Object.assign(DevicePort.prototype, {
  /** FreeRTOS counts in ticks of 1 ms, and the first one may be nearly over. */
  sliceMin_ms: 2,
  /** Native, since XS copies a part of an array only byte by byte, or into something new. */
  copy,
} satisfies Partial<HostPort>);
