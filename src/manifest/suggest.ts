/**
 * "Did you mean …?": the nearest of the names that are allowed. For manifests and command lines,
 * where the most frequent mistake is a slip of the finger.
 */

/** Two slips, or one transposition. More would suggest words that have nothing in common. */
const DISTANCE_MAX = 2;

/** Levenshtein distance, row by row. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const replaced = row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(replaced, row[j]! + 1, next[j - 1]! + 1));
    }
    row = next;
  }
  return row[b.length]!;
}

/** The name that was probably meant by a wrong word; undefined when none is near. */
export function nearestName(word: string, names: readonly string[]): string | undefined {
  return names
    .map((name) => ({ name, away: distance(word, name) }))
    .filter(({ name, away }) => away <= DISTANCE_MAX && away < name.length)
    .sort((a, b) => a.away - b.away)[0]?.name;
}

/**
 * Ends a sentence about a wrong word: the allowed ones, and the one that was probably meant.
 * An empty list reads "allowed is none".
 */
export function allowedNames(word: string, names: readonly string[]): string {
  if (names.length < 2) return `allowed is ${names[0] ?? "none"}`;
  const nearest = nearestName(word, names);
  const hint = nearest === undefined ? "" : ` (did you mean "${nearest}"?)`;
  return `allowed are ${names.join(", ")}${hint}`;
}
