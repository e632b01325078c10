/**
 * A part of what a manifest leads to: a manifest file, or one entry of its `platforms`. It knows
 * where each of its values stands, for problems.
 */
import type { JsonObject } from "../../../src/manifest/value.js";
import type { JsonFile, JsonPath } from "./json.js";
import { shownPath } from "./shown-path.js";

/** Where a part comes from. */
interface Origin {
  /** The file, or the one that a manifest in memory stands for. */
  readonly file: string;
  /** Undefined for a manifest in memory. */
  readonly source: JsonFile | undefined;
  /** The folder that its paths are relative to. */
  readonly dir: string;
}

/** A manifest, or one entry of its `platforms`. */
export class Part {
  readonly dir: string;
  readonly json: JsonObject;
  /** The platform that it is for; "" for a whole manifest. */
  readonly platform: string;
  readonly #origin: Origin;

  constructor(origin: Origin, json: JsonObject, platform = "") {
    this.dir = origin.dir;
    this.json = json;
    this.platform = platform;
    this.#origin = origin;
  }

  /** The file that it stands in. */
  get file(): string {
    return this.#origin.file;
  }

  /** The entry of a platform. */
  entryOf(platform: string, json: JsonObject): Part {
    return new Part(this.#origin, json, platform);
  }

  /** Is it meant for this platform by name? Then it goes before what it shares with others. */
  get isNamed(): boolean {
    return this.platform !== "" && this.platform !== "...";
  }

  /** `file:line:column` of a value, or of what is nearest to it. */
  placeOf(path: JsonPath): string {
    const { file, source } = this.#origin;
    const prefix = this.platform === "" ? [] : ["platforms", this.platform];
    return source?.placeOf([...prefix, ...path]) ?? shownPath(file);
  }

  /** A sentence on a value: its place, its key (`include`, `modules["*"]`), and the text. */
  sentence(path: JsonPath, text: string): string {
    const prefix = this.platform === "" ? "" : `platforms["${this.platform}"].`;
    const [first, ...rest] = path.filter((step) => typeof step === "string");
    const key = `${prefix}${first}${rest.map((name) => `["${name}"]`).join("")}`;
    return `${this.placeOf(path)}: ${key}: ${text}`;
  }
}
