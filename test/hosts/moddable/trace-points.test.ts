/**
 * Trace points: no product has anything of them.
 */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import test from "tape";
import ts from "typescript";
import { withoutPoints } from "../../../hosts/moddable/build/trace-points.mjs";

const root = join(import.meta.dirname, "../../..");
/** What nothing but the tracing build names. */
const NAMES = ["$ring", "$clock", "RING_LAST", "KIND_SEND"];

function filesBelow(folder: string, suffix: string): string[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(suffix))
    .map((file) => join(folder, file));
}

function compiled(text: string): string {
  const target = ts.ScriptTarget.ES2022;
  const module = ts.ModuleKind.ESNext;
  const compilerOptions = { target, module, verbatimModuleSyntax: true };
  return ts.transpileModule(text, { compilerOptions }).outputText;
}

/** A source as if nobody had written its trace points. */
function unwritten(text: string, names: readonly string[]): string {
  const calls = new RegExp(`^ *(${names.join("|")})\\([^;]*\\);\n`, "gm");
  return text
    .replaceAll(calls, "")
    .replace(/^import \{[^}]*\} from "[^"]*\/trace\/points.js";\n/m, "");
}

const points = [
  ...readFileSync(join(root, "src/kernel/trace/points.ts"), "utf8").matchAll(
    /^export function (\w+)/gm,
  ),
].map(([, name]) => name!);

test("trace points: what the build leaves is what the sources would be without them", (t) => {
  const sources = ["src", "hosts/moddable", "hosts/node"].flatMap((dir) => filesBelow(dir, ".ts"));
  const traced = sources.filter((file) => {
    return readFileSync(join(root, file), "utf8").includes('/trace/points.js"');
  });
  const used = new Set<string>();
  for (const file of traced) {
    const text = readFileSync(join(root, file), "utf8");
    for (const name of points) if (text.includes(`${name}(`)) used.add(name);
    const rest = withoutPoints(compiled(text));
    t.equal(rest, compiled(unwritten(text, points)), file);
    for (const name of points) t.notOk(rest.includes(name), `${file}: ${name}`);
  }
  t.ok(traced.length > 5, `${traced.length} sources with trace points`);
  t.deepEqual([...used].sort(), [...points].sort(), "each is used");
  t.end();
});

test("trace points: the products know neither them nor what is recorded", (t) => {
  const products = [
    ...filesBelow("dist/node/task", ".js"),
    ...filesBelow("dist/node/src", ".js").filter((file) => !/[\\/]trace[\\/]/.test(file)),
    ...filesBelow("dist/moddable", ".js").filter((file) => !/[\\/]traced?[\\/]/.test(file)),
  ];
  t.ok(products.length > 50, `${products.length} files`);
  for (const file of products) {
    const text = readFileSync(join(root, file), "utf8");
    const found = [...points, ...NAMES].filter((name) => text.includes(name));
    t.deepEqual(found, [], file);
  }
  t.end();
});

test("trace points: one that is more than a statement ends the build", (t) => {
  const head = 'import { traceWake as wake } from "../trace/points.js";\n';
  t.equal(withoutPoints(`${head}f(1);\nfunction g() {\n  wake();\n  f(2);\n}\n`).trim(), compact);
  for (const wrong of ["if (x) wake();", "x = wake();", "f(wake);", "wake() || f();"]) {
    t.throws(
      () => withoutPoints(head + wrong),
      /wake is a trace point, and not a statement/,
      wrong,
    );
  }
  t.end();
});

const compact = "f(1);\nfunction g() {\n  f(2);\n}";
