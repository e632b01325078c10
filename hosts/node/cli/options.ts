/**
 * Options of a command: util.parseArgs, with messages that name what was found and what is allowed.
 */
import { parseArgs, type ParseArgsConfig } from "node:util";
import { UsageError } from "../input-error.js";
import { allowedNames } from "../../../src/manifest/suggest.js";

type OptionSpecs = NonNullable<ParseArgsConfig["options"]>;

/** What a command takes. */
export interface CommandLine<T extends OptionSpecs> {
  readonly options: T;
  /** Names of the arguments that it must have. */
  readonly required: readonly string[];
  /** Names of those it may have, after the others. */
  readonly optional?: readonly string[];
}

/** What parseArgs makes of such a line: its `values` by option, and its `positionals`. */
type Parsed<T extends OptionSpecs> = ReturnType<
  typeof parseArgs<{ args: string[]; options: T; allowPositionals: true }>
>;

/** The options of the line that do not exist, lack a value or have one too many. */
function checkOptions(argv: string[], options: OptionSpecs): void {
  const { tokens } = parseArgs({
    args: argv,
    options,
    strict: false,
    allowPositionals: true,
    tokens: true,
  });
  for (const token of tokens) {
    if (token.kind !== "option") continue;
    const { rawName, name, value, inlineValue } = token;
    const type = Object.hasOwn(options, name) ? options[name]!.type : undefined;
    if (type === undefined) {
      const names = Object.keys(options).map((key) => `--${key}`);
      throw new UsageError(`found option ${rawName}, ${allowedNames(rawName, names)}`);
    }
    if (type === "boolean" && value !== undefined) {
      throw new UsageError(`${rawName}: found "${value}", but it takes no value`);
    }
    if (type === "string" && (value === undefined || (!inlineValue && value.startsWith("-")))) {
      throw new UsageError(`${rawName}: found no value, allowed is ${rawName}=value`);
    }
  }
}

/**
 * Reads the arguments that follow the name of a command. Throws a UsageError for the first that is
 * wrong.
 */
export function readOptions<T extends OptionSpecs>(
  argv: string[],
  { options, required, optional = [] }: CommandLine<T>,
): Parsed<T> {
  checkOptions(argv, options);
  const parsed = parseArgs({ args: argv, options, allowPositionals: true });
  const missing = required[parsed.positionals.length];
  if (missing !== undefined) throw new UsageError(`found no <${missing}>, which is required`);
  const extra = parsed.positionals[required.length + optional.length];
  if (extra !== undefined) {
    const names = [...required, ...optional].map((name) => `<${name}>`).join(" and ");
    throw new UsageError(`found "${extra}", allowed is ${names || "no argument"}`);
  }
  return parsed;
}
