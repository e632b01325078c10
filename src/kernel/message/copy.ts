/**
 * Bytes in and out of the arena: checks of the caller's buffers, whole and scattered.
 *
 * The caller's arrays are its own; arena ranges are byte offsets that have been checked. A message
 * longer than messageBytes is passed in place, in a shared buffer (shared-buffer.ts).
 */
import { isUint32 } from "../argument.js";
import { EFAULT, EINVAL, EOVERFLOW } from "../errno.js";
import * as L from "../../arena/layout.js";
import type { Iov } from "../../arena/records.js";

/** Named: XS looks a property of ArrayBuffer up at each call. */
const isView: (value: unknown) => boolean = ArrayBuffer.isView;

/** 0 when `buffer` holds `count` bytes (null holds none), else -EFAULT, -EINVAL or -EOVERFLOW. */
export function bufferError(buffer: Uint8Array | null, count: number): number {
  if (!isUint32(count)) return -EINVAL;
  if (buffer === null) return count === 0 ? 0 : -EFAULT;
  // A proxy of an array is an instance too, and would run code of its maker inside a claim.
  if (!(buffer instanceof Uint8Array) || !isView(buffer)) return -EFAULT;
  return count > buffer.length ? -EOVERFLOW : 0;
}

/** The bytes that the first `parts` entries hold together, or an error as above. */
export function iovBytes(iov: readonly Iov[] | null, parts: number): number {
  if (!isUint32(parts)) return -EINVAL;
  if (iov === null) return parts === 0 ? 0 : -EFAULT;
  if (!Array.isArray(iov)) return -EFAULT;
  if (parts > iov.length) return -EOVERFLOW;
  let total = 0;
  for (let i = 0; i < parts; i++) {
    const part = iov[i] as Iov | undefined;
    if (part === undefined || part === null) return -EFAULT;
    // Once: a getter may give another length the next time.
    const { base, length } = part;
    const error = bufferError(base, length);
    if (error !== 0) return error;
    total += length;
  }
  return total > 0x7fff_ffff ? -EOVERFLOW : total;
}

/** Copies `count` bytes of the caller's buffer, from `start`, to the arena. */
export function copyIn(at: number, buffer: Uint8Array | null, start: number, count: number): void {
  if (count > 0) $vm.port.copy($vm.bytes, at, buffer as Uint8Array, start, count);
}

/** Copies `count` bytes of the arena to the caller's buffer, from `start` on. */
export function copyOut(buffer: Uint8Array | null, start: number, at: number, count: number): void {
  if (count > 0) $vm.port.copy(buffer as Uint8Array, start, $vm.bytes, at, count);
}

/** Bytes of a part to copy, `rest` at most: it may have changed since iovBytes() has looked. */
function bytesIn(base: Uint8Array, length: number, rest: number): number {
  const some = length < rest ? length : rest;
  return some > 0 && some > base.length ? base.length : some;
}

/** Gathers the first `count` bytes of the parts. */
export function gather(
  target: Uint8Array,
  at: number,
  iov: readonly Iov[] | null,
  count: number,
): void {
  let done = 0;
  for (let i = 0; done < count; i++) {
    const { base, length } = (iov as readonly Iov[])[i] as Iov;
    const some = bytesIn(base, length, count - done);
    if (some > 0) $vm.port.copy(target, at + done, base, 0, some);
    done += some;
  }
}

/**
 * Gathers them into memory of the VM's own, which is kept. For what is to be written inside a
 * claim: reading parts may run the caller's code (a getter), copying from this does not.
 */
export function gathered(iov: readonly Iov[] | null, count: number): Uint8Array {
  let scratch = $vm.scratch;
  if (scratch === null || scratch.length < count) {
    const most = $words[L.HEAD_MESSAGE_BYTES];
    scratch = new Uint8Array(count > most ? $words[L.HEAD_SHARED_BYTES] : most);
    $vm.scratch = scratch;
  }
  gather(scratch, 0, iov, count);
  return scratch;
}

/** Scatters `count` bytes of the arena over the parts, which have room for them. */
export function scatter(iov: readonly Iov[] | null, at: number, count: number): void {
  let done = 0;
  for (let i = 0; done < count; i++) {
    const { base, length } = (iov as readonly Iov[])[i] as Iov;
    const some = bytesIn(base, length, count - done);
    copyOut(base, 0, at + done, some);
    done += some;
  }
}
