/**
 * The services that an application defines, as they are now: what is wrong with them, and which
 * have another layout than before. Such a one is another service, whoever of its tasks has been
 * restarted: what is under way and what is kept is of the old layout, so the board begins anew.
 */
import {
  type DefinitionFindings,
  type Definitions,
  findDefinitions,
  loadDefinitions,
} from "../definitions/check.js";
import type { AppManifest } from "../manifest/read.js";

/** Defined services. They are loaded when somebody asks, and once. */
export class Services {
  readonly #definitions: Definitions;
  readonly #messageBytes: number;
  #findings: Promise<DefinitionFindings> | undefined;

  private constructor(definitions: Definitions, messageBytes: number) {
    this.#definitions = definitions;
    this.#messageBytes = messageBytes;
  }

  /** Those that modules of an application, and these sources of its programs, define. */
  static async of(app: AppManifest, inputs: Iterable<string>): Promise<Services> {
    return new Services(await findDefinitions(app, inputs), app.limits.messageBytes);
  }

  /** Are they made of the same code as others? */
  isLike(other: Services): boolean {
    return this.#messageBytes === other.#messageBytes && this.#code === other.#code;
  }

  /** What has been found of them. */
  look(): Promise<DefinitionFindings> {
    this.#findings ??= loadDefinitions(this.#definitions, this.#messageBytes);
    return this.#findings;
  }

  get #code(): string {
    return this.#definitions.programs.map(({ digest }) => digest).join();
  }
}

/** Names of services that have another layout than before. */
export async function changedLayouts(before: Services, after: Services): Promise<string[]> {
  if (before.isLike(after)) return [];
  const [{ layouts: were }, { layouts: are }] = await Promise.all([before.look(), after.look()]);
  return [...are.keys()].filter((name) => were.has(name) && were.get(name) !== are.get(name));
}
