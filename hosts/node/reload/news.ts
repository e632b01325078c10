/**
 * What has come of a saved file, for programs (the event "reload") and for people.
 */

/** A step of a live reload. */
export type ReloadStep =
  /** These tasks have another program now; so long it took from the save. */
  | { readonly step: "compiled"; readonly tasks: readonly string[]; readonly took_ms: number }
  /** It cannot be used, and the old code runs on: why, a sentence for each problem. */
  | { readonly step: "failed"; readonly text: string; readonly problems: readonly string[] }
  /** Tasks run the new code. `took_ms` from the save until `since`. */
  | {
      readonly step: "replaced";
      readonly tasks: readonly string[];
      readonly took_ms: number;
      readonly since: ReplacedSince;
    }
  /** Tasks do not run, and have the new code when they do. */
  | { readonly step: "waiting"; readonly tasks: readonly string[] }
  /** Something of the manifest has changed, and nobody had to be restarted for it. */
  | { readonly step: "applied"; readonly text: string }
  /** The board is restarted: why. */
  | { readonly step: "restarted"; readonly text: string }
  /** Nothing that runs has changed: comments, types. */
  | { readonly step: "unchanged" }
  /** What failed is as it was before: nothing that runs has changed. */
  | { readonly step: "mended" };

/** Until when the time of a replaced task was measured. */
export type ReplacedSince =
  /** It has answered its first message. */
  | "answer"
  /** It is ready; nobody has asked it anything, or it serves nobody. */
  | "ready"
  /** It has died before that. */
  | "death";

/** A step, and the files that were saved: absolute paths. */
export type ReloadNews = ReloadStep & { readonly files: readonly string[] };

function names(tasks: readonly string[]): string {
  return tasks.join(", ");
}

/** A line for people; null for what the next line says too. */
export function lineOf(news: ReloadStep): string | null {
  switch (news.step) {
    case "compiled":
      return null;
    case "failed":
      return `the old code runs on: ${news.text}`;
    case "replaced": {
      const { tasks, took_ms, since } = news;
      if (since === "death") return `${names(tasks)} replaced, and dead before its first answer`;
      const until = since === "answer" ? "its first answer" : "its start";
      return `${names(tasks)} replaced: ${Math.round(took_ms)} ms from the save to ${until}`;
    }
    case "waiting":
      return `${names(news.tasks)} not running: the new code is for the next start`;
    case "applied":
      return news.text;
    case "restarted":
      return `the board is restarted: ${news.text}`;
    case "mended":
      return "mended: no task has other code";
    case "unchanged":
      return "saved: no task has other code";
  }
}
