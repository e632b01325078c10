/**
 * docs/manifest.md: every key of `config.reattach`, from the table that the checks use.
 */
import { BOARD, LIMITS, TASK } from "../../src/manifest/keys.js";
import { NET } from "../../src/manifest/net-keys.js";
import type { Key, KeysRule, Rule } from "../../src/manifest/rules.js";
import { table } from "./markdown.js";

const HEAD = `<!-- Made by npm run docs from src/manifest. -->

# The manifest

What an application says about itself stands in its Moddable manifest, under \`config.reattach\`.
The simulator and Moddable's linker read the same keys, and check them with the same sentences.

\`\`\`json
{
  "$schema": "./node_modules/reattach/manifests/schema.json",
  "include": ["$(MODDABLE)/examples/manifest_base.json", "./node_modules/reattach/manifest.json"],
  "modules": { "*": ["./main", "./sensor"] },
  "config": {
    "reattach": {
      "limits": { "tasks": 1 },
      "tasks": { "sensor": { "module": "sensor", "priority": 12 } }
    }
  }
}
\`\`\`

**In an editor.** \`$schema\` is for VS Code and others: they complete the keys, show what each
is, and underline a wrong one. mcconfig passes over it. For all manifests of a folder at once, put
this into \`.vscode/settings.json\` instead:

\`\`\`json
{
  "json.schemas": [
    { "fileMatch": ["manifest.json"], "url": "./node_modules/reattach/manifests/schema.json" }
  ]
}
\`\`\`

**Checked.** \`npx reattach check <folder>\` says what is wrong, with file and line: [on a
board](device.md#mistakes-in-the-manifest). A manifest that is included may have a part of it all:
objects are merged key by key, and who includes has the last word. A number is whole unless the
table says otherwise; \`_ms\` is milliseconds.
`;

/** A value as it stands in a manifest. */
function shown(value: unknown): string {
  return typeof value === "number" ? value.toLocaleString("en-US") : `\`${JSON.stringify(value)}\``;
}

function range(min: number, max: number): string {
  return `${shown(min)} to ${shown(max)}`;
}

function allowed(rule: Rule): string {
  switch (rule.kind) {
    case "whole": {
      const { min, max, zero } = rule;
      return zero === undefined || min === 0 ? range(min, max) : `0: ${zero}; ${range(min, max)}`;
    }
    case "fraction":
      return "a number from 0 to 1";
    case "flag":
      return "`true`, `false`";
    case "word":
      return rule.words.map(shown).join(", ");
    case "words":
      return `a list of ${rule.words?.map(shown).join(", ") ?? "names"}`;
    case "keys":
      return rule.isPool ? "an object, or a number for `initial`" : "an object";
    default:
      return rule.said;
  }
}

/** A row for each key; the keys of a pool follow it. */
function rowsOf({ keys }: KeysRule, prefix = ""): string[][] {
  return keys.flatMap((row) => [
    [`\`${prefix}${row.key}\``, usual(row), allowed(row.rule), row.about],
    ...(row.rule.kind === "keys" && row.rule.isPool ? rowsOf(row.rule, `${row.key}.`) : []),
  ]);
}

function usual({ value, otherwise }: Key): string {
  return otherwise ?? (value === undefined ? "" : shown(value));
}

function section(title: string, text: string, rule: KeysRule): string {
  const head = ["key", "default", "allowed", "what it is, and why"];
  return `## ${title}\n\n${text}\n\n${table(head, rowsOf(rule))}`;
}

/** The rule of an object in a task. */
function partOf(name: string): KeysRule {
  const { rule } = TASK.keys.find((row) => row.key === name)!;
  if (rule.kind !== "keys") throw new Error(`${name} is no object`);
  return rule;
}

const HARDWARE =
  "The module that describes the simulated board, by its name under `modules`. It stands in " +
  "`platforms.node`: a board has the real thing. See [hardware](hardware.md).";

/** The page. */
export function manifestPage(): string {
  return [
    HEAD,
    section(
      "`limits`",
      "How much there is room for. The arena is made of it once, at boot, and never grows: a " +
        "full table answers with an errno. `npx reattach layout` shows what each takes.",
      LIMITS,
    ),
    section(
      "`tasks.<name>`",
      "A name has 1 to 31 of `a` to `z`, `0` to `9`, `_` and `-`; `main` is the main VM's. There " +
        "are as many tasks as `limits.tasks` at most.",
      TASK,
    ),
    section(
      "`tasks.<name>.restart`",
      "[The manager](manager.md#2-a-restart-policy) has the whole story.",
      partOf("restart"),
    ),
    section(
      "`tasks.<name>.creation`",
      "The options of Moddable's `Worker`. In the simulator they are rough limits of a thread's " +
        "memory. [On a board](device.md#limits-and-memory) says how to choose them.",
      partOf("creation"),
    ),
    section("`board`", "What the manager does about the board as a whole.", BOARD),
    section(
      "`net`",
      "What the board has to do with others: [several boards](boards.md). A board of Moddable " +
        "includes `reattach/net/manifest.json`, and only then may it have this.",
      NET,
    ),
    `## \`hardware\`\n\n${HARDWARE}`,
  ].join("\n");
}
