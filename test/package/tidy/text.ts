/**
 * Tidy rules on words: a README in every room, nothing unfinished or switched off, nothing of one
 * machine.
 *
 * The patterns are put together from parts, so that this file does not break its own rules.
 */
import { findLines, select, type Finding, type Rule, type SourceFile } from "./source.js";

/** Marks of work that is not done. An issue keeps those, not a comment. */
const UNFINISHED = [
  ["TO", "DO"],
  ["FIX", "ME"],
  ["X", "XX"],
].map((parts) => parts.join(""));
/** Folders that exist on one machine and not on the next. */
const HOMES = ["home", "root", "Users", "work", "farm", "mnt", "private"];

const unfinished = new RegExp(`\\b(${UNFINISHED.join("|")})\\b`);
/** Not part of a longer path or of an address: the slash comes first. */
const machinePath = new RegExp(`(^|[^\\w.~})*-])/(${HOMES.join("|")})/\\w|\\b[A-Z]:\\\\Users`);
const registry = new RegExp(`"${"resolved"}": *"http|//${"registry"}\\.`);

/** Text of others, or written by a tool. */
const FOREIGN = /^(LICENSE|package-lock\.json)$/;

function checkReadmes(files: readonly SourceFile[]): Finding[] {
  const paths = new Set(files.map(({ path }) => path));
  const rooms = new Set(files.flatMap(({ path }) => roomsOf(path)));
  return [...rooms]
    .map((room) => `${room}/README.md`)
    .filter((path) => !paths.has(path))
    .map((path) => ({ path, line: 1, what: "a folder says in a README.md what it is" }));
}

/** The folders around a file that need a README: those at the top and, in some, each below. */
function roomsOf(path: string): string[] {
  const [top = "", ...below] = path.split("/").slice(0, -1);
  if (top === "src") return below.length > 0 ? [top, `${top}/${below[0]}`] : [top];
  if (top === "hosts" || top === "examples") return below.length > 0 ? [`${top}/${below[0]}`] : [];
  return ["manifests", "test", "bench", "docs"].includes(top) ? [top] : [];
}

function checkUnfinished(files: readonly SourceFile[]): Finding[] {
  const own = files.filter(({ path }) => !FOREIGN.test(path));
  return findLines(own, (line) => unfinished.test(line), "finish it, or write an issue");
}

function checkSwitchedOff(files: readonly SourceFile[]): Finding[] {
  const isOff = (line: string): boolean => /\b(test|tape)\.(skip|only)\(/.test(line);
  const what = "tape drops such tests without a word; t.skip() at least says so, and fails CI";
  return findLines(select(files, /^test\/.*\.ts$/), isOff, what);
}

function isOfOneMachine(line: string): boolean {
  return machinePath.test(line) || registry.test(line);
}

function checkMachine(files: readonly SourceFile[]): Finding[] {
  return findLines(files, isOfOneMachine, "no path of one machine, no registry's address");
}

const slash = "/";

export const TEXT_RULES: readonly Rule[] = [
  {
    title: "folders: each has a README.md",
    check: checkReadmes,
    bad: {
      "src/README.md": "",
      "src/kernel/message/send.ts": "",
      "hosts/node/cli/main.ts": "",
      "hosts/moddable/README.md": "",
      "examples/lamp/a/main.ts": "",
      "test/unit/a.test.ts": "",
      "dist/x.js": "",
    },
    found: [
      "src/kernel/README.md:1",
      "hosts/node/README.md:1",
      "examples/lamp/README.md:1",
      "test/README.md:1",
    ],
  },
  {
    title: "words: nothing left to do",
    check: checkUnfinished,
    bad: {
      "src/a.ts": `// ${UNFINISHED[0]}: more\n//\n// ${UNFINISHED[2]}\n`,
      "docs/b.md": `${UNFINISHED[1]} this\nmkdtemp${UNFINISHED[2]}\n`,
      LICENSE: `${UNFINISHED[0]}\n`,
    },
    found: ["src/a.ts:1", "src/a.ts:3", "docs/b.md:1"],
  },
  {
    title: "tests: none is switched off",
    check: checkSwitchedOff,
    bad: {
      "test/a.test.ts": `test.${"skip"}("a", run);\nt.skip("why");\ntape.${"only"}("b", run);\n`,
    },
    found: ["test/a.test.ts:1", "test/a.test.ts:3"],
  },
  {
    title: "words: no path of one machine, no registry's address",
    check: checkMachine,
    bad: {
      "src/a.ts": ["", "home", "me", "a"].join(slash),
      "docs/b.md": `fine\n(${["", "Users", "me"].join(slash)})\nC:${"\\"}Users\n`,
      "docs/ok.md": "https://example.org/home/me\n./work/a\nexamples/work/a\n/proc/ham\n",
      "package-lock.json": `"${"resolved"}": "https:${slash}${slash}x"\n`,
    },
    found: ["src/a.ts:1", "docs/b.md:2", "docs/b.md:3", "package-lock.json:1"],
  },
];
