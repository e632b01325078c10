/**
 * Private names of the device build become properties, unless two classes would share one.
 */
import test from "tape";
import { toProperties } from "../../../hosts/moddable/build/private-names.mjs";

test("private names: fields, methods and accessors become properties", (t) => {
  t.equal(
    toProperties(`class A {
  #x = 1;
  static #made = 0;
  #twice() { return 2 * this.#x; }
  get #next() { return this.#x + 1; }
  sum(other) { return this.#twice() + other.#next + A.#made++ + (other?.#x ?? 0); }
}`),
    `class A {
  $_x = 1;
  static $_made = 0;
  $_twice() { return 2 * this.$_x; }
  get $_next() { return this.$_x + 1; }
  sum(other) { return this.$_twice() + other.$_next + A.$_made++ + (other?.$_x ?? 0); }
}`,
  );
  t.end();
});

test("private names: what behaves as before", (t) => {
  const code = `class A { #x = 1; #f() { return this.#x; } get x() { return this.#f(); } }
class B { #x = 2; get x() { return this.#x; } }
return [new A().x, new B().x];`;
  const run = (text: string): unknown => new Function(text)();
  t.deepEqual(run(toProperties(`function f() { ${code} } `) + "return f();"), [1, 2]);
  t.deepEqual(run(code), [1, 2], "the same as with private names");
  t.end();
});

test("private names: what would change its meaning ends the build", (t) => {
  const wrong = {
    "class A { #x; }\nclass B extends A { #x; }": /B: #x is a name of its superclass too/,
    "class A { #x; }\nclass B extends A {}\nclass C extends B { #x; }": /C: #x/,
    "class A { #x; is(o) { return #x in o; } }": /asked for with "in"/,
    "const $_x = 1;": /\$_x looks like a private name/,
    "a.$_x;": /\$_x looks like a private name/,
  };
  for (const [code, reason] of Object.entries(wrong)) t.throws(() => toProperties(code), reason);
  t.doesNotThrow(() => toProperties("class A { #x; }\nclass B { #x; }"), "two of no kin may");
  t.end();
});
