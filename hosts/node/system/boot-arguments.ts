/**
 * The arguments of boot() and injectFaults(), checked: a wrong one is named in a sentence, and does
 * not come to light later, in the middle of something else.
 */
import { inspect } from "node:util";
import { allowedNames, nearestName } from "../../../src/manifest/suggest.js";
import { isObject } from "../../../src/manifest/value.js";
import { UsageError } from "../input-error.js";
import { LOG_LEVELS } from "../log/line.js";
import { PORT_MAX } from "../tcp-port.js";

/** Longer values are cut. */
const SHOWN_CHARS_MAX = 60;

/** What an option may be, and how that is said. */
interface Rule {
  readonly allows: (value: unknown) => boolean;
  readonly said: string;
}

const FLAG: Rule = { allows: (value) => typeof value === "boolean", said: "true or false" };
const TEXT: Rule = { allows: (value) => typeof value === "string", said: "a string" };
const NUMBER: Rule = { allows: (value) => Number.isFinite(value), said: "a number" };
const COUNT: Rule = {
  allows: (value) => Number.isSafeInteger(value) && (value as number) >= 0,
  said: "a whole number from 0 on",
};

const LOG: Rule = {
  allows: (value) => isObject(value) && isLevel(value["level"]) && areNames(value["tasks"]),
  said: `an object with "level", one of ${LOG_LEVELS.join(", ")}, and "tasks", a list of names`,
};

function isLevel(value: unknown): boolean {
  return value === undefined || LOG_LEVELS.some((level) => level === value);
}

function areNames(value: unknown): boolean {
  return value === undefined || (Array.isArray(value) && value.every(TEXT.allows));
}

const TRACE: Rule = {
  allows: (value) =>
    isObject(value) &&
    (value["file"] === undefined || TEXT.allows(value["file"])) &&
    (value["postMortem"] === undefined || TEXT.allows(value["postMortem"])) &&
    (value["records"] === undefined || COUNT.allows(value["records"])),
  said: 'an object with "file" and "postMortem", paths, and "records", a whole number from 0 on',
};

const NET: Rule = {
  allows: (value) =>
    isObject(value) && Object.values(value).every((one) => one === undefined || TEXT.allows(one)),
  said: 'an object with "board", "broker", "username", "password" and "ca", strings',
};

const INSPECT: Rule = {
  allows: (value) =>
    isObject(value) &&
    (value["port"] === undefined ||
      (COUNT.allows(value["port"]) && (value["port"] as number) <= PORT_MAX)),
  said: `an object with "port", from 0 to ${PORT_MAX}`,
};

const BOOT_OPTIONS: Readonly<Record<string, Rule>> = {
  baseDir: TEXT,
  inspect: INSPECT,
  isBackground: FLAG,
  log: LOG,
  net: NET,
  platform: TEXT,
  seed: NUMBER,
  spinMax: COUNT,
  trace: TRACE,
};

/** Any value, in a few characters. */
function shown(value: unknown): string {
  const text = inspect(value, { depth: 1, breakLength: Infinity });
  return text.length > SHOWN_CHARS_MAX ? `${text.slice(0, SHOWN_CHARS_MAX)}…` : text;
}

/**
 * Throws a UsageError for the first argument of boot() that is wrong. An option of another name is
 * somebody else's, and ignored, unless it looks like a slip of the finger.
 */
export function checkBootArguments(manifest: unknown, options: unknown): void {
  if (typeof manifest !== "string" && !isObject(manifest)) {
    throw new UsageError(
      `boot: found the manifest ${shown(manifest)}, allowed is a path or an object`,
    );
  }
  const names = Object.keys(BOOT_OPTIONS);
  if (!isObject(options)) {
    throw new UsageError(
      `boot: found the options ${shown(options)}, allowed is an object with ${names.join(", ")}`,
    );
  }
  for (const [name, value] of Object.entries(options)) {
    const rule = Object.hasOwn(BOOT_OPTIONS, name) ? BOOT_OPTIONS[name] : undefined;
    if (rule === undefined && nearestName(name, names) !== undefined) {
      throw new UsageError(`boot: found the option "${name}", ${allowedNames(name, names)}`);
    }
    if (rule === undefined || value === undefined || rule.allows(value)) continue;
    throw new UsageError(`boot: found ${name} ${shown(value)}, allowed is ${rule.said}`);
  }
}

/** Throws a UsageError for the first argument of injectFaults() that is wrong. */
export function checkFaultArguments(
  isSystem: boolean,
  system: unknown,
  plan: unknown,
  seed: unknown,
): void {
  if (!isSystem) {
    throw new UsageError(
      `injectFaults: found the system ${shown(system)}, allowed is what boot() resolves to`,
    );
  }
  if (!Array.isArray(plan) || !plan.every((fault) => typeof fault === "string")) {
    throw new UsageError(
      `injectFaults: found the plan ${shown(plan)}, ` +
        `allowed is a list of faults, such as ["kill:sensor:2s"]`,
    );
  }
  if (!Number.isFinite(seed)) {
    throw new UsageError(`injectFaults: found the seed ${shown(seed)}, allowed is a number`);
  }
}
