/**
 * The port of src/host.ts in a simulation: time and copying are scheduling points.
 */
import type { HostPort, ManagerPort } from "../../../../src/host.js";

/** What differs from VM to VM. */
export interface PortOptions {
  /** False in the main VM. */
  readonly mayBlock: boolean;
  /** Virtual milliseconds; a scheduling point. */
  readonly now: () => number;
  readonly point: () => void;
  readonly log: (text: string) => void;
  /** Orders of faults; undefined in the main VM, which gets none. */
  readonly obey?: (order: number) => void;
  readonly manager: ManagerPort | null;
}

/** The manager of the main VM is made after its port. */
type VirtualPort = Omit<HostPort, "manager"> & { manager: ManagerPort | null };

const { isView } = ArrayBuffer;

/** A port for a VM. */
export function createPort({ mayBlock, now, point, log, obey, manager }: PortOptions): VirtualPort {
  return {
    mayBlock,
    // Nobody runs meanwhile.
    spinMax: 0,
    // No wake-up is lost; the main VM ends first slices where one may be needed (main/slices.ts).
    sliceMin_ms: Infinity,
    now,
    copy: (target, targetStart, source, sourceStart, count) => {
      // A proxy of an array would run code of its maker for every byte.
      if (!isView(target) || !isView(source)) return;
      const half = count >> 1;
      point();
      for (let i = 0; i < half; i++) target[targetStart + i] = source[sourceStart + i]!;
      point();
      for (let i = half; i < count; i++) target[targetStart + i] = source[sourceStart + i]!;
    },
    log,
    ...(obey === undefined ? {} : { obey }),
    manager,
  };
}
