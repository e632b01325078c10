/**
 * Tidy rules on the words of the arena: each that counts or tells time says where it begins again,
 * and is driven over that place.
 */
import { type Finding, type Rule, select, type SourceFile } from "./source.js";

const LAYOUT = "src/arena/layout.ts";
const ROWS = "test/proof/wrap/rows.ts";

/** A word of a record: its comment, and its name. Sizes and shifts are none. */
const WORD = /(?:\/\*\*((?:(?!\*\/)[^])*)\*\/\n)?export const ([A-Z]+_[A-Z_]+) = \d+;/g;
const NO_WORD =
  /^WORD_|^(HEAD|TASK|PULSE|CONNECTION|NAME|STABLE|STABLE_INDEX|TRACE)_WORDS$|_(SHIFT|MAX)$/;

interface Word {
  readonly name: string;
  readonly line: number;
  readonly isCounting: boolean;
}

function wordsIn(text: string): Word[] {
  return [...text.matchAll(WORD)]
    .map((match) => ({
      name: match[2]!,
      line: text.slice(0, match.index + match[0].length).split("\n").length,
      isCounting: /\bWraps:/.test(match[1] ?? ""),
    }))
    .filter(({ name }) => !NO_WORD.test(name));
}

function checkWords(files: readonly SourceFile[]): Finding[] {
  const [layout] = select(files, new RegExp(`^${LAYOUT}$`));
  const [table] = select(files, new RegExp(`^${ROWS}$`));
  if (layout === undefined) return [];
  const rows = table?.text ?? "";
  const counted = new Set([...rows.matchAll(/word: "(\w+)"/g)].map((match) => match[1]!));
  const plain = new Set([...rows.matchAll(/^ {2}"(\w+)",$/gm)].map((match) => match[1]!));
  const findings: Finding[] = [];
  const words = wordsIn(layout.text);
  for (const { name, line, isCounting } of words) {
    const find = (what: string): number => findings.push({ path: LAYOUT, line, what });
    if (counted.has(name) !== isCounting) {
      find(`${name}: "Wraps: …" in its comment and a row in ${ROWS} belong together`);
    } else if (!isCounting && !plain.has(name)) {
      find(`${name}: does it count, or tell time? A row in ${ROWS}; else it is a plain word there`);
    }
  }
  const names = new Set(words.map(({ name }) => name));
  for (const name of [...counted, ...plain]) {
    if (!names.has(name)) findings.push({ path: ROWS, line: 1, what: `${name} is gone` });
  }
  return findings;
}

export const WORD_RULES: readonly Rule[] = [
  {
    title:
      "layout: a word that counts or tells time says where it wraps, and is in test/proof/wrap",
    check: checkWords,
    bad: {
      [LAYOUT]:
        "/** Where. */\nexport const TASK_AT = 0;\n/**\n * Beats. Wraps: ever.\n */\n" +
        "export const TASK_BEATS = 1;\nexport const TASK_NEW = 2;\nexport const TASK_WORDS = 3;\n" +
        "/** Good. Wraps: never. */\nexport const TASK_GOOD = 4;\n/** Silent. */\n" +
        "export const TASK_SILENT = 5;\n",
      [ROWS]: '  { word: "TASK_GOOD" },\n  { word: "TASK_SILENT" },\n  "TASK_AT",\n  "TASK_OLD",\n',
    },
    found: [`${LAYOUT}:6`, `${LAYOUT}:7`, `${LAYOUT}:12`, `${ROWS}:1`],
  },
];
