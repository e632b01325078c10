/**
 * The variables of a manifest's paths: `$(NAME)`, from the `build` sections and the environment.
 *
 * For the simulator variables of the Moddable SDK stay as they are, even where they are set: what
 * lies in the SDK is for the device, and a path that starts with one of them is how the simulator
 * knows it. Who looks with the eyes of a device gives the folder of the SDK, where there is one.
 * Drivers of sensors and the like are JavaScript on top of what the simulator has, too: it finds
 * them when MODDABLE names the SDK's folder.
 */
import { join, resolve } from "node:path";
import { isObject } from "../../../src/manifest/value.js";

/** Set by mcconfig itself or by the manifests of the SDK, and all of them lead into it. */
const SDK_VARIABLE = new RegExp(
  "^(MODDABLE|MODULES|BUILD(_SIMULATOR)?|SIMULATORS?|COMMODETTO|PIU|IO|TYPINGS|TOOLS|CONTRIB\\w*" +
    "|SUBPLATFORM\\w*|BLEMODULEPATH|IDF_PATH)$",
);

const SDK_DRIVER = /^\$\((MODDABLE\)\/modules|MODULES\))\/drivers\//;

const CONDITIONAL = " ?=";

/** Where a path of a manifest leads: to a file here, or into an SDK that is not looked into. */
export type Target =
  | { readonly kind: "file"; readonly file: string }
  /** The path as far as it is known: `$(MODDABLE)/modules/…`. */
  | { readonly kind: "sdk"; readonly path: string };

/** The absolute path of a driver in the SDK; undefined for another path, or without the SDK. */
function driverPath(text: string): string | undefined {
  const sdk = process.env["MODDABLE"];
  const start = SDK_DRIVER.exec(text)?.[0];
  if (start === undefined || sdk === undefined || sdk === "") return undefined;
  return join(sdk, "modules/drivers", text.slice(start.length));
}

/** One set for an application and all that it includes, as in mcconfig. */
export class Variables {
  readonly #values = new Map<string, string>();

  /** `sdk` is the folder of Moddable's SDK, "" for one that is not looked into. */
  constructor(sdk = "", platform = "") {
    if (sdk === "") return;
    const [name = "", subplatform] = platform.split("/");
    this.#values.set("MODDABLE", sdk);
    this.#values.set("PLATFORM", name);
    if (subplatform === undefined) return;
    const folder = join(sdk, "build/devices", name, "targets", subplatform);
    this.#values.set("SUBPLATFORM", subplatform);
    this.#values.set("SUBPLATFORMDIRECTORY", folder);
    this.#values.set("SUBPLATFORMMANIFEST", join(folder, "manifest.json"));
  }

  /**
   * Takes over a `build` section. `"NAME ?="` prefers the environment; `./…` is seen from `dir`.
   * Values that are no strings are the device's business.
   */
  define(build: unknown, dir: string): void {
    if (!isObject(build)) return;
    for (const [key, value] of Object.entries(build)) {
      if (typeof value !== "string") continue;
      const name = key.endsWith(CONDITIONAL) ? key.slice(0, -CONDITIONAL.length) : key;
      const preset = name === key ? undefined : process.env[name];
      const text = preset ?? this.#expand(value);
      this.#values.set(name, text.startsWith("./") ? resolve(dir, text) : text);
    }
  }

  /**
   * What `text` stands for in a manifest in `dir`. Undefined when a variable has no value; that is
   * told to `refuse`.
   */
  target(text: string, dir: string, refuse: (text: string) => void): Target | undefined {
    const expanded = this.#expand(text);
    const driver = driverPath(expanded);
    if (driver !== undefined) return { kind: "file", file: driver };
    const open = /\$\(([^)]+)\)/.exec(expanded)?.[1];
    if (open === undefined) return { kind: "file", file: resolve(dir, expanded) };
    if (SDK_VARIABLE.test(open)) return { kind: "sdk", path: expanded };
    refuse(`found "${text}", but $(${open}) is set neither in "build" nor in the environment`);
    return undefined;
  }

  /** Puts in what has a value and leaves the rest. */
  #expand(text: string): string {
    return text.replace(/\$\(([^)]+)\)/g, (whole, name: string) => {
      const set = this.#values.get(name);
      if (set !== undefined) return set;
      return (SDK_VARIABLE.test(name) ? undefined : process.env[name]) ?? whole;
    });
  }
}
