/**
 * Function declarations of the device build become arrow functions, unless one could tell.
 */
import test from "tape";
import { toArrowFunctions } from "../../../hosts/moddable/build/arrow-functions.mjs";

test("arrow functions: a declaration becomes one, above what calls it", (t) => {
  const code = `import { a } from "a";
const b = twice(a);
function twice(n, by = 2) {
  return n * by;
}
export { b };
`;
  t.equal(
    toArrowFunctions(code).trim(),
    `import { a } from "a";

const twice = (n, by = 2) => {
  return n * by;
};
const b = twice(a);
export { b };`,
  );
  t.end();
});

test("arrow functions: what has a this, arguments or a new.target of its own stays", (t) => {
  for (const body of [
    "return this.x;",
    "return arguments.length;",
    "return new.target;",
    "return () => this;",
    "return [(a = arguments[0]) => a];",
  ]) {
    const code = `function f() { ${body} }`;
    t.equal(toArrowFunctions(code).trim(), code, body);
  }
  const inner = "function f() { return function () { return this; }; }";
  t.match(
    toArrowFunctions(inner),
    /const f = \(\) => \{ return function/,
    "a function in it has one",
  );
  t.end();
});

test("arrow functions: what is constructed, inherited, asked for or set stays", (t) => {
  for (const use of [
    "new f();",
    "class A extends f {}",
    "x instanceof f;",
    "f.prototype.x = 1;",
    "f = g;",
  ]) {
    t.match(toArrowFunctions(`function f() {}\n${use}`), /function f\(\) \{\}/, use);
  }
  t.match(toArrowFunctions("function f() {}\nf.name;"), /const f = \(\) => \{\};/, "f.name");
  t.end();
});

test("arrow functions: generators and async functions stay as they are", (t) => {
  for (const code of ["function* f() {}", "async function f() {}"]) {
    t.equal(toArrowFunctions(code).trim(), code);
  }
  t.end();
});
