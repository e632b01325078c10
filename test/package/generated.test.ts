/**
 * What is made of the sources is up to date, and says what is so.
 */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { Ajv } from "ajv";
import test from "tape";
import { pages } from "../../docs/build/pages.js";
import { manifestSchema } from "../../docs/build/schema.js";
import { readReattach } from "../../src/manifest/reattach.js";
import { BOARD, LIMITS, TASK } from "../../src/manifest/keys.js";
import type { KeysRule } from "../../src/manifest/rules.js";

const ROOT = join(import.meta.dirname, "../..");
const isValid = new Ajv().compile(manifestSchema());

function filesBelow(folder: string): string[] {
  return readdirSync(join(ROOT, folder), { recursive: true, encoding: "utf8" }).map((path) =>
    join(ROOT, folder, path),
  );
}

test("npm run docs: what it writes is committed as it is", async (t) => {
  for (const [path, text] of await pages()) {
    t.equal(readFileSync(join(ROOT, path), "utf8"), text, `${path}: else npm run docs`);
  }
});

test("schema: takes the manifests of the examples", (t) => {
  const manifests = filesBelow("examples").filter((path) => path.endsWith("manifest.json"));
  t.ok(manifests.length >= 9, `${manifests.length} manifests`);
  for (const path of manifests) {
    const isGood = isValid(JSON.parse(readFileSync(path, "utf8")));
    t.ok(isGood, path.slice(ROOT.length));
    if (!isGood) t.comment(JSON.stringify(isValid.errors));
  }
  t.end();
});

/** Good values and bad ones of each key, by its rule. */
function valuesOf({ keys }: KeysRule): { key: string; value: unknown }[] {
  return keys.flatMap(({ key, rule }) => {
    const values: unknown[] = [null, -1, "x", [1], {}, { x: 1 }];
    if (rule.kind === "whole") values.push(rule.min, rule.max, rule.min - 1, rule.max + 1, 0, 1.5);
    if (rule.kind === "fraction") values.push(0, 1, 1.01, -0.01);
    if (rule.kind === "word") values.push(...rule.words);
    if (rule.kind === "words") values.push([], rule.words?.slice(0, 1) ?? ["a"]);
    if (rule.kind === "keys" && rule.isPool) values.push(1, { initial: 1 }, { initial: -1 });
    if (rule.kind === "flag") values.push(true, false);
    return values.map((value) => ({ key, value }));
  });
}

/** Where keys have to do with each other, or with names of tasks: a schema knows one at a time. */
const CROSS = [
  /dependsOn: found ("|a cycle)/,
  /heartbeatLow|backoffMax_ms|sharedBytes/,
  /abilities: found|static: found|together they need/,
];

function isCross(sentence: string): boolean {
  return CROSS.some((pattern) => pattern.test(sentence));
}

test("schema: says of every key what the checks say", (t) => {
  let compared = 0;
  const compare = (reattach: object, what: string): void => {
    const problems: string[] = [];
    readReattach(reattach, null, problems);
    if (problems.some(isCross)) return;
    const isGood = isValid({ config: { reattach } });
    compared++;
    if (isGood !== (problems.length === 0)) {
      t.fail(`${what}: the schema says ${isGood}, the checks ${JSON.stringify(problems)}`);
    }
  };
  const tasks = { a: { module: "a" } };
  for (const { key, value } of valuesOf(LIMITS)) {
    compare({ limits: { [key]: value }, tasks }, `limits.${key} ${JSON.stringify(value)}`);
  }
  for (const { key, value } of valuesOf(BOARD)) {
    compare({ board: { [key]: value }, tasks }, `board.${key} ${JSON.stringify(value)}`);
  }
  for (const { key, value } of valuesOf(TASK)) {
    // The schema does not ask for a module, which another manifest may name.
    if (key === "module") continue;
    const task = { module: "a", [key]: value };
    compare({ tasks: { a: task } }, `task.${key} ${JSON.stringify(value)}`);
  }
  for (const { key: part, rule } of TASK.keys) {
    if (rule.kind !== "keys") continue;
    for (const { key, value } of valuesOf(rule)) {
      const task = { module: "a", [part]: { [key]: value } };
      compare({ tasks: { a: task } }, `${part}.${key} ${JSON.stringify(value)}`);
    }
  }
  t.ok(compared > 200, `${compared} values`);
  for (const name of ["main", "A", "", "x".repeat(32), "a.b"]) {
    compare({ tasks: { [name]: { module: "a" } } }, `the name "${name}"`);
  }
  t.end();
});

test("docs/errno.md: each error that the kernel returns has a call", (t) => {
  const page = readFileSync(join(ROOT, "docs/errno.md"), "utf8");
  const returned = new Set<string>();
  for (const path of filesBelow("src").filter((file) => file.endsWith(".ts"))) {
    const code = readFileSync(path, "utf8").replace(/\/\*[^]*?\*\/|\/\/.*/g, "");
    for (const [, name] of code.matchAll(/[^\w]-(E[A-Z]+)\b/g)) returned.add(name!);
  }
  t.ok(returned.size > 15, `${returned.size} errors`);
  for (const name of returned) {
    t.match(page, new RegExp(`^\\| \\d+ +\\| \`${name}\` +\\|[^|]+\\| +[^ |]`, "m"), name);
  }
  t.end();
});
