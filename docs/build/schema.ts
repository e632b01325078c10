/**
 * The JSON Schema of a manifest, for editors: what stands in `config.reattach`, from the table that
 * the checks use (src/manifest/keys.ts). All else in a manifest is Moddable's.
 *
 * Nothing is required: a manifest may have its other half in one that it includes.
 */
import { BOARD, LIMITS, TASK } from "../../src/manifest/keys.js";
import { NET } from "../../src/manifest/net-keys.js";
import type { Key, KeysRule, Rule } from "../../src/manifest/rules.js";

type Schema = Readonly<Record<string, unknown>>;

/** What a rule allows. */
function schemaOf(rule: Rule): Schema {
  switch (rule.kind) {
    case "whole": {
      const range = { type: "integer", minimum: rule.min, maximum: rule.max };
      return rule.zero === undefined || rule.min === 0 ? range : { anyOf: [{ const: 0 }, range] };
    }
    case "fraction":
      return { type: "number", minimum: 0, maximum: 1 };
    case "flag":
      return { type: "boolean" };
    case "word":
      return { enum: rule.words };
    case "words":
      return {
        type: "array",
        items: rule.words === null ? { type: "string" } : { enum: rule.words },
      };
    case "keys":
      return rule.isPool ? poolSchema(rule) : objectSchema(rule);
    case "module":
      return { type: "string" };
    case "abilities":
      return { type: "array", items: { type: "string", pattern: "^(observe|manage|restart:.+)$" } };
    case "json":
      return {};
    case "board":
      return { type: "string", pattern: "^[a-z0-9_-]{1,15}$" };
    case "broker":
      return { type: "string", pattern: "^mqtts?://[^/]+$" };
    case "topic":
      return { type: "string", pattern: "^[^/+#\\s]+(/[^/+#\\s]+)*$" };
    case "imports":
      return {
        type: "array",
        items: { type: "string", pattern: "^[a-z0-9_-]{1,15}/[^/]+$" },
      };
  }
}

function withText({ rule, value, about }: Key): Schema {
  const usual = value === undefined ? {} : { default: value };
  return { ...schemaOf(rule), description: about.replaceAll("`", ""), ...usual };
}

function objectSchema({ keys }: KeysRule): Schema {
  return {
    type: "object",
    properties: Object.fromEntries(keys.map((row) => [row.key, withText(row)])),
    additionalProperties: false,
  };
}

/** A number stands for what a pool begins with. */
function poolSchema(rule: KeysRule): Schema {
  return { anyOf: [schemaOf(rule.keys[0]!.rule), objectSchema(rule)] };
}

/** The schema of a whole manifest. */
export function manifestSchema(): Schema {
  const reattach = {
    type: "object",
    properties: {
      limits: { ...objectSchema(LIMITS), description: "The sizes of the tables in the arena." },
      tasks: {
        type: "object",
        description: "The tasks, by their names.",
        propertyNames: { pattern: "^(?!main$)[a-z0-9_-]{1,31}$" },
        additionalProperties: objectSchema(TASK),
      },
      hardware: {
        type: "string",
        description: "The module that describes the simulated board. Only in platforms.node.",
      },
      board: { ...objectSchema(BOARD), description: "What is done about the board as a whole." },
      net: {
        ...objectSchema(NET),
        description:
          "Services of other boards, and for them. A board of Moddable includes " +
          "reattach/net/manifest.json.",
      },
    },
    additionalProperties: false,
  };
  const part = {
    type: "object",
    properties: { config: { type: "object", properties: { reattach } } },
  };
  return {
    $schema: "http://json-schema.org/draft-07/schema#",
    title: "A manifest of Moddable with Reattach",
    ...part,
    properties: {
      ...part.properties,
      platforms: {
        type: "object",
        additionalProperties: {
          type: "object",
          properties: {
            config: {
              type: "object",
              properties: { reattach: { $ref: "#/properties/config/properties/reattach" } },
            },
          },
        },
      },
    },
  };
}
