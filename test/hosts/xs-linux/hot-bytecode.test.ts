/**
 * Nothing that is hot makes anything in the heap, as the bytecode says that XS makes of the device
 * build. The build has looked at the source (hosts/moddable/build/hot-code.mjs); this looks at what
 * has become of it.
 */
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import test from "tape";
import { HOT, HOT_IN_HAM, HOT_IN_SERVICE } from "../../../hosts/moddable/build/hot-functions.mjs";
import { findHotCode } from "../../../hosts/moddable/build/hot-code.mjs";
import { folderOf, writeFiles } from "../node/temp-folder.js";
import { findInBytecode } from "./hot-bytecode.js";
import { MEASURED, missing, programFor } from "./host.js";

const DEVICE = join(import.meta.dirname, "../../../dist/moddable");
const MODULES = [
  { name: "reattach", hot: HOT },
  { name: "reattach/ham", hot: HOT_IN_HAM },
  { name: "reattach/service", hot: HOT_IN_SERVICE },
];

/** The bytecode of a module, preloaded as on a device. */
function listCodes(t: test.Test, name: string, source: string): string {
  const folder = folderOf(t, {
    "module.js": source,
    "config.json": { reattach: { tasks: { one: { module: "one" } } } },
  });
  const modules = join(folder, "modules.json");
  const map = { reattach: join(DEVICE, "reattach.js"), [name]: join(folder, "module.js") };
  writeFiles(folder, { "modules.json": map });
  const args = [`--modules=${modules}`, `--config=${join(folder, "config.json")}`];
  const what = [`--preload=reattach,${name}`, `--list-codes=${name}`, name];
  return execFileSync(programFor(MEASURED), [...args, ...what], {
    encoding: "utf8",
    maxBuffer: 64 * 1024 * 1024,
  });
}

for (const { name, hot } of MODULES) {
  test(`bytecode: ${name}: no hot function makes anything in the heap`, (t) => {
    const why = missing(MEASURED);
    if (why !== "") {
      t.skip(why);
      return t.end();
    }
    const source = readFileSync(join(DEVICE, `${name}.js`), "utf8");
    const { found, functions } = findInBytecode(source, listCodes(t, name, source), hot);
    t.deepEqual(found, []);
    t.equal(functions, findHotCode(source, hot).callers.size, "the code of all of them was seen");
    t.end();
  });
}

test("bytecode: what somebody puts into a hot function is found", (t) => {
  const why = missing(MEASURED);
  if (why !== "") {
    t.skip(why);
    return t.end();
  }
  const source = readFileSync(join(DEVICE, "reattach.js"), "utf8");
  const isHead = /const MsgReply = \([^)]*\) => \{/;
  t.match(source, isHead);
  for (const [more, code] of [
    ['if (globalThis.x === "now") return 0;', "string"],
    ["globalThis.x = () => 0;", "code"],
    ["globalThis.x = [1];", "array"],
    ["globalThis.x = { y: 1 };", "object"],
    ["globalThis.x = new Map();", "new"],
    ["globalThis.x = 10n;", "bigint"],
    ["for (const x of globalThis.y) x();", "for_of"],
  ] as const) {
    const broken = source.replace(isHead, `$& ${more}`);
    const { found } = findInBytecode(broken, listCodes(t, "reattach", broken), HOT);
    t.match(found.join("\n"), new RegExp(`^MsgReply, line \\d+: ${code}`, "m"), more);
  }
  const thrown = source.replace(isHead, '$& if (globalThis.x) throw new Error("now");');
  const { found } = findInBytecode(thrown, listCodes(t, "reattach", thrown), HOT);
  t.deepEqual(found, [], "but not what is thrown");
  t.end();
});
