/**
 * What the thread that looks at definitions is started with, and what it tells: types only.
 */

export interface DefinitionsStart {
  /** `data:` URLs of modules that define services. */
  readonly programs: readonly string[];
  /** The longest message that the manifest allows. */
  readonly messageBytes: number;
}

/** What it tells. */
export type DefinitionsMessage =
  | ({ readonly type: "problem" } & DefinitionProblem)
  /** A service, and the fingerprint of its layout. */
  | { readonly type: "defined"; readonly name: string; readonly fingerprint: number }
  /** All modules have been loaded. It is the last. */
  | { readonly type: "done" };

/** Something that defineService, or the manifest, does not take. */
export interface DefinitionProblem {
  /** `file:line:column` of the call; "" when V8 does not tell. */
  readonly place: string;
  readonly text: string;
}
