/**
 * `npm run build` in a copy of the repository: an unchanged build does nothing, and nothing that is
 * stale, broken or half finished is ever taken for a build.
 */
import { execFileSync } from "node:child_process";
import {
  appendFileSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test from "tape";

const ROOT = join(import.meta.dirname, "../..");
/** What the build reads, and what it left when the tests were started. */
const COPIED: readonly string[] = [
  "src",
  "hosts",
  "dist",
  ".wireit",
  "package.json",
  "package-lock.json",
  "tsconfig.json",
  ".tsconfig.build.json",
  "rollup.config.mjs",
];
/** npm's list of what is installed in node_modules. */
const INSTALLED = ".package-lock.json";
const ERRNO = "src/kernel/errno.ts";
const ERRNO_BUILT = "dist/node/src/kernel/errno.js";
const ERRNO_TYPES = "dist/types/src/kernel/errno.d.ts";

interface Copy {
  readonly path: (name: string) => string;
  readonly text: (name: string) => string;
  /** Builds, all or one step, and returns how many steps ran. Throws when one fails. */
  readonly build: (step?: string) => number;
}

function copy(t: test.Test): Copy {
  const folder = mkdtempSync(join(tmpdir(), "reattach-build-"));
  t.teardown(() => rmSync(folder, { recursive: true, force: true }));
  const path = (name: string): string => join(folder, name);
  for (const name of COPIED) {
    cpSync(join(ROOT, name), path(name), { recursive: true, preserveTimestamps: true });
  }
  // The packages are linked, one by one: wireit does not look through a link for what it reads.
  mkdirSync(path("node_modules"));
  for (const name of readdirSync(join(ROOT, "node_modules"))) {
    if (name !== INSTALLED)
      symlinkSync(join(ROOT, "node_modules", name), join(folder, "node_modules", name));
  }
  cpSync(join(ROOT, "node_modules", INSTALLED), join(folder, "node_modules", INSTALLED));
  return {
    path,
    text: (name) => readFileSync(path(name), "utf8"),
    build: (step = "build") => {
      const out = execFileSync("npm", ["run", step], {
        cwd: folder,
        encoding: "utf8",
        stdio: ["ignore", "pipe", "pipe"],
        // As at a desk: in CI wireit keeps no copy of what it has built.
        env: { ...process.env, CI: "", WIREIT_LOGGER: "quiet" },
      });
      return Number(/Ran (\d+) scripts?/.exec(out)?.[1] ?? NaN);
    },
  };
}

/** Years before the last build: git and tar may give a new text an old time. */
const LONG_AGO = new Date("2001-01-01");

test("build: does nothing when nothing has changed, and mends what is broken", (t) => {
  const { path, text, build } = copy(t);
  build("build:types");
  t.equal(build("build:types"), 0, "nothing has changed");

  const good = text(ERRNO_TYPES);
  appendFileSync(path(ERRNO_TYPES), "broken(");
  build("build:types");
  t.equal(text(ERRNO_TYPES), good, "a file of dist that was broken is whole again");

  rmSync(path("dist"), { recursive: true });
  build("build:types");
  t.equal(text(ERRNO_TYPES), good, "a dist that was deleted is back");
  t.equal(build("build:types"), 0, "and then nothing is to be done");
  t.end();
});

test("build: sees a change of contents, whatever the time of the file", (t) => {
  const { path, text, build } = copy(t);
  appendFileSync(path(ERRNO), "\n/** New. */\nexport const ENEW = 4_711;\n");
  writeFileSync(
    path("src/index.ts"),
    `${text("src/index.ts")}export * from "./kernel/errno.js";\n`,
  );
  for (const name of [ERRNO, "src/index.ts"]) utimesSync(path(name), LONG_AGO, LONG_AGO);
  t.equal(build(), 2, "both steps run");
  t.match(text(ERRNO_TYPES), /ENEW/, "the types have it");
  t.match(text(ERRNO_BUILT), /4_?711/, "the bundle for Node.js has it");
  t.match(text("dist/moddable/reattach.js"), /4_?711/, "and the one for the device");
  t.equal(build(), 0, "then nothing is to be done");
  t.end();
});

test("build: a build that fails leaves nothing that counts as built", (t) => {
  const { path, text, build } = copy(t);
  const good = text(ERRNO);
  writeFileSync(path(ERRNO), `${good}export const EBROKEN: string = 1;\n`);
  t.throws(() => build("build:types"), "it fails");
  t.throws(() => build("build:types"), "and fails again: what it left is not taken for good");
  writeFileSync(path(ERRNO), good);
  build("build:types");
  t.notOk(text(ERRNO_TYPES).includes("EBROKEN"), "mended, it builds");
  t.end();
});
