/**
 * Style as a test: every rule of rules.ts, on a tree that breaks it and on this one.
 *
 * The first half is there because a rule that finds nothing looks just like a rule that is broken.
 */
import test from "tape";
import { RULES } from "./rules.js";
import { readTree, treeOf } from "./source.js";

const tree = readTree();

test("tidy: the repository has files to look at", (t) => {
  t.ok(tree.some(({ path }) => path === "package.json"));
  t.end();
});

for (const { title, check, bad, found } of RULES) {
  test(title, (t) => {
    const places = check(treeOf(bad)).map(({ path, line }) => `${path}:${line}`);
    t.deepEqual(places, found, "a tree that breaks the rule is found out");

    const findings = check(tree);
    if (findings.length === 0) t.pass("this tree keeps the rule");
    for (const { path, line, what } of findings) t.fail(`${path}:${line} ${what}`);
    t.end();
  });
}
