/**
 * What the programs on XS have told the test: see programs/results.ts.
 */
import { MARK } from "./programs/results.js";

/** All results in what a program has written, in their order. Throws for what is no JSON. */
export function resultsIn<Result>(text: string): Result[] {
  const lines = text.split("\n").filter((line) => line.startsWith(MARK));
  return lines.map((line) => JSON.parse(line.slice(MARK.length)) as Result);
}

/** The first of them; undefined when there is none. */
export function resultIn<Result>(text: string): Result | undefined {
  return resultsIn<Result>(text)[0];
}
