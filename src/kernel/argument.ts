/**
 * What callers hand over, looked at before it is used.
 *
 * JavaScript turns nearly everything into a number, by running code of the caller if it must, and
 * throws for the rest. None of these does: they ask what a value is.
 */

/** Named: XS looks a property of Number up at each call. */
export const isInteger = Number.isInteger as (value: unknown) => value is number;
const isFinite: (value: unknown) => boolean = Number.isFinite;

/** True for a whole number of 32 bits with a sign. */
export function isInt32(value: unknown): value is number {
  return isInteger(value) && (value | 0) === value;
}

/** True for a whole number of 32 bits without a sign: a count, an offset, an index. */
export function isUint32(value: unknown): value is number {
  return isInteger(value) && value >>> 0 === value;
}

/** True for milliseconds: any number but NaN. */
export function isDuration(ms: unknown): ms is number {
  return isFinite(ms) || ms === Infinity || ms === -Infinity;
}

/** True for a limit: milliseconds from 0 on, Infinity too. */
export function isTime(ms: unknown): ms is number {
  return isDuration(ms) && ms >= 0;
}

/** True for whole flags that are all among `allowed`. */
export function areFlags(flags: unknown, allowed: number): flags is number {
  return isInteger(flags) && (flags & allowed) === flags;
}

/** True for what a call can fill. */
export function isRecord(value: unknown): value is object {
  return value instanceof Object;
}
