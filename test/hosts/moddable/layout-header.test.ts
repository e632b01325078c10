/**
 * hosts/moddable/native/layout.h has the numbers of the sources as they are.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import test from "tape";
import { layoutHeader } from "../../../hosts/moddable/native/layout.mjs";

const NATIVE = join(import.meta.dirname, "../../../hosts/moddable/native");

test("layout.h: it is what layout.mjs writes", (t) => {
  const header = layoutHeader();
  t.equal(
    readFileSync(join(NATIVE, "layout.h"), "utf8"),
    header,
    "else: node --import tsx hosts/moddable/native/layout.mjs",
  );
  t.match(header, /^#define L_SLOT_STATE \d+$/m, "it has the layout");
  t.match(header, /^#define L_EBADF 9$/m, "and the errnos");
  t.end();
});
