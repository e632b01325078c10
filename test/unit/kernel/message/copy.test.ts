/**
 * Bytes in and out of the arena.
 */
import * as fc from "fast-check";
import test from "tape";
import { bufferError, gather, iovBytes, scatter } from "../../../../src/kernel/message/copy.js";
import { EFAULT, EINVAL, EOVERFLOW } from "../../../../src/kernel/errno.js";
import { createIov, type Iov } from "../../../../src/arena/records.js";
import { check, seeded } from "../seed.js";
import { as, Bench } from "../vms.js";

/** Parts whose bases are longer than what counts of them. */
const anyParts = fc.array(
  fc.tuple(fc.nat({ max: 40 }), fc.nat({ max: 5 })).map(([length, more]) => ({ length, more })),
  { maxLength: 6 },
);

function partsOf(shape: readonly { length: number; more: number }[], byte: number): Iov[] {
  return shape.map(({ length, more }) =>
    createIov(new Uint8Array(length + more).fill(byte), length),
  );
}

test("iovBytes: the sum of the first parts, -EOVERFLOW for more than 2^31 - 1", (t) => {
  const mebi = new Uint8Array(2 ** 20);
  const many = Array.from({ length: 2_048 }, () => createIov(mebi));
  t.equal(iovBytes(many, 2_047), 2_047 * 2 ** 20, "just below 2^31");
  t.equal(iovBytes(many, 2_048), -EOVERFLOW, "2^31");
  many[2_047] = createIov(mebi, 2 ** 20 - 1);
  t.equal(iovBytes(many, 2_048), 2 ** 31 - 1, "2^31 - 1");
  t.equal(iovBytes(many, 0), 0, "none");
  t.equal(iovBytes(null, 0), 0, "null");
  t.equal(iovBytes(null, 1), -EFAULT, "null and a part");
  t.equal(iovBytes([], 1), -EOVERFLOW, "too few");
  t.equal(iovBytes([createIov(mebi, -1)], 1), -EINVAL, "a negative length");
  t.end();
});

test("bufferError: 0 for the part of a buffer that is there", (t) => {
  const buffer = new Uint8Array(4);
  for (const count of [0, 3, 4]) t.equal(bufferError(buffer, count), 0, `${count} bytes`);
  t.equal(bufferError(buffer, 5), -EOVERFLOW, "5 bytes");
  t.equal(bufferError(buffer.subarray(1), 4), -EOVERFLOW, "of a part");
  t.equal(bufferError(Buffer.alloc(4), 4), 0, "a subclass is a Uint8Array");
  t.end();
});

test(seeded("gather, scatter: any bytes, in any parts, and nothing beyond"), (t) => {
  const { main } = new Bench({ messageBytes: 256 });
  as(main, () => {
    check(
      fc.property(
        anyParts,
        anyParts,
        fc.infiniteStream(fc.nat({ max: 255 })),
        (from, to, bytes) => {
          const source = partsOf(from, 0xaa);
          for (const { base, length } of source) {
            for (let i = 0; i < length; i++) base[i] = bytes.next().value as number;
          }
          const flat = source.flatMap(({ base, length }) => [...base.subarray(0, length)]);
          const room = to.reduce((sum, { length }) => sum + length, 0);
          const count = Math.min(flat.length, room);
          main.bytes.fill(0x55, $vm.sendAtByte, $vm.sendAtByte + 256);
          gather($vm.bytes, $vm.sendAtByte, source, flat.length);
          const target = partsOf(to, 0xbb);
          scatter(target, $vm.sendAtByte, count);
          const got = target.flatMap(({ base, length }) => [...base.subarray(0, length)]);
          const rest = target.flatMap(({ base, length }) => [...base.subarray(length)]);
          return (
            got.slice(0, count).join() === flat.slice(0, count).join() &&
            got.slice(count).every((byte) => byte === 0xbb) &&
            rest.every((byte) => byte === 0xbb) &&
            main.bytes[$vm.sendAtByte + flat.length] === 0x55
          );
        },
      ),
    );
  });
  t.pass("200 shapes");
  t.end();
});

/** A part whose length is another one each time that it is read. */
function shifting(base: Uint8Array, ...lengths: readonly number[]): Iov {
  let reads = 0;
  return {
    base,
    get length() {
      return lengths[Math.min(reads++, lengths.length - 1)]!;
    },
  };
}

test("iovBytes, gather, scatter: a length that changes takes no byte beyond its base", (t) => {
  t.equal(iovBytes([shifting(new Uint8Array(4), 4, 100)], 1), 4, "it is read once");
  const { main } = new Bench({ messageBytes: 256 });
  as(main, () => {
    const at = $vm.sendAtByte;
    main.bytes.fill(0x55, at, at + 256);
    const source = [shifting(new Uint8Array(4).fill(1), 100), createIov(new Uint8Array(8).fill(2))];
    gather($vm.bytes, at, source, 12);
    t.equal([...main.bytes.subarray(at, at + 13)].join(""), "111122222222" + 0x55, "gathered");
    const [first, second] = [new Uint8Array(4), new Uint8Array(8)];
    scatter([shifting(first, 100), createIov(second)], at, 12);
    t.equal([...first, ...second].join(""), "111122222222", "scattered");
  });
  t.end();
});
