/**
 * What the thread that looks at definitions is started with, and what it tells: types only.
 */

export interface DefinitionsStart {
  /** `data:` URLs of modules that define services. */
  readonly programs: readonly string[];
  /** The longest message that the manifest allows. */
  readonly messageBytes: number;
}

/** A service, in a form that can be told: what its messages hold, as shapes (shape.ts). */
export interface ServiceShape {
  readonly name: string;
  /** The tag of the question for its version. */
  readonly question: number;
  readonly calls: readonly CallShape[];
}

export interface CallShape {
  readonly name: string;
  /** The first word of its requests. */
  readonly tag: number;
  readonly request: string;
  readonly reply: string;
}

/** What it tells. */
export type DefinitionsMessage =
  | ({ readonly type: "problem" } & DefinitionProblem)
  /** A service, and the fingerprint of its layout. */
  | { readonly type: "defined"; readonly fingerprint: number; readonly service: ServiceShape }
  /** All modules have been loaded. It is the last. */
  | { readonly type: "done" };

/** Something that defineService, or the manifest, does not take. */
export interface DefinitionProblem {
  /** `file:line:column` of the call; "" when V8 does not tell. */
  readonly place: string;
  readonly text: string;
}
