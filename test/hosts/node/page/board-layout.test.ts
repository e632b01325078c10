/**
 * The layout of the board: nothing overlaps, nothing leaves the panel, and nothing moves for
 * nothing.
 */
import * as fc from "fast-check";
import test from "tape";
import {
  type Box,
  type BoardLayout,
  layOut,
  type Wire,
} from "../../../../hosts/node/page/model/board-layout.js";
import { check, seeded } from "../../../unit/kernel/seed.js";

function overlap(a: Box, b: Box): boolean {
  return a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;
}

/** What is wrong with a layout, in words. */
function faultsOf({ boxes, width, height }: BoardLayout, names: readonly string[]): string[] {
  const faults: string[] = [];
  const all = [...boxes];
  for (const name of names) if (!boxes.has(name)) faults.push(`${name} is missing`);
  all.forEach(([name, box], index) => {
    const isInside =
      box.x >= 0 && box.y >= 0 && box.x + box.width <= width && box.y + box.height <= height;
    if (!isInside) faults.push(`${name} is outside`);
    for (const [other, second] of all.slice(index + 1)) {
      if (overlap(box, second)) faults.push(`${name} overlaps ${other}`);
    }
  });
  return faults;
}

test("layout: a client is left of its servers, or above them on a narrow board", (t) => {
  const names = ["sensor", "station", "display"];
  const wires = [
    { from: "station", to: "sensor" },
    { from: "display", to: "station" },
  ];
  const wide = layOut(names, wires, 700);
  const left = (name: string): number => wide.boxes.get(name)!.x;
  t.notOk(wide.isTall);
  t.ok(left("display") < left("station") && left("station") < left("sensor"));
  const tall = layOut(names, wires, 360);
  const top = (name: string): number => tall.boxes.get(name)!.y;
  t.ok(tall.isTall);
  t.ok(top("display") < top("station") && top("station") < top("sensor"));
  t.end();
});

test(seeded("layout: any board fits its width, without boxes over each other"), (t) => {
  const graph = fc.integer({ min: 1, max: 24 }).chain((count) => {
    const end = fc.integer({ min: 0, max: count - 1 });
    return fc.record({
      count: fc.constant(count),
      pairs: fc.array(fc.tuple(end, end), { maxLength: 60 }),
      width: fc.integer({ min: 300, max: 1200 }),
    });
  });
  check(
    fc.property(graph, ({ count, pairs, width }) => {
      const names = Array.from({ length: count }, (_, i) => `task${i}`);
      const wires: Wire[] = pairs.map(([from, to]) => ({ from: `task${from}`, to: `task${to}` }));
      const layout = layOut(names, wires, width);
      const faults = faultsOf(layout, names);
      if (faults.length > 0) throw new Error(faults.join(", "));
      if (layout.routes.some(({ path }) => path.includes("NaN"))) throw new Error("a path is none");
    }),
  );
  t.pass("200 boards");
  t.end();
});

test("layout: a ring and a task that asks itself are drawn too", (t) => {
  const wires = [
    { from: "a", to: "b" },
    { from: "b", to: "a" },
    { from: "a", to: "a" },
    { from: "a", to: "gone" },
  ];
  const { routes } = layOut(["a", "b"], wires, 700);
  t.deepEqual(
    routes.map(({ wire }) => `${wire.from}${wire.to}`),
    ["ab", "ba"],
    "but no wire to oneself, or to nobody",
  );
  t.end();
});

test("layout: the same board lies in the same way", (t) => {
  const names = ["a", "b", "c", "d"];
  const wires = [
    { from: "a", to: "c" },
    { from: "b", to: "d" },
    { from: "a", to: "d" },
  ];
  t.deepEqual(layOut(names, wires, 640), layOut([...names], [...wires], 640));
  t.end();
});
