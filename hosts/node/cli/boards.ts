/**
 * `reattach boards`: the boards that a broker knows of, by what they have said of themselves.
 */
import { setTimeout as delay } from "node:timers/promises";
import { UsageError } from "../input-error.js";
import { readDuration } from "../system/duration.js";
import {
  observe,
  type Place,
  placeOf,
  shownBroker,
  shownReason,
  untilKnown,
} from "./boards-place.js";
import { boardsText, rowsOf } from "./boards-view.js";
import { FailedError } from "./exit-code.js";
import { printJson, withJsonProblems } from "./json-problems.js";
import { readOptions } from "./options.js";

async function list(place: Place, listen_ms: number, isJson: boolean): Promise<void> {
  let lose: (reason: string) => void = () => undefined;
  const lost = new Promise<never>((_resolve, reject) => {
    lose = (reason) => reject(new FailedError(shownReason(place, reason)));
  });
  // Of interest only while somebody waits for it.
  lost.catch(() => undefined);
  const nothing = (): void => undefined;
  const observer = await observe(place, false, {
    changed: nothing,
    malformed: nothing,
    up: nothing,
    down: lose,
  });
  await untilKnown(place, observer);
  try {
    if (listen_ms > 0) await Promise.race([delay(listen_ms), lost]);
  } finally {
    await observer.close();
  }
  const { broker, prefix, silent_ms } = place;
  const { malformed } = observer;
  const rows = rowsOf(observer, silent_ms);
  if (isJson) printJson({ ok: true, broker: shownBroker(broker), prefix, boards: rows, malformed });
  else process.stdout.write(boardsText(place, rows, malformed));
}

/** Runs the command. Resolves to its exit code; throws an InputError or a FailedError. */
export async function boards(argv: string[]): Promise<number> {
  const { values } = readOptions(argv, {
    options: {
      broker: { type: "string" },
      prefix: { type: "string" },
      listen: { type: "string" },
      watch: { type: "boolean" },
      json: { type: "boolean" },
    },
    required: [],
  });
  const { watch = false, json = false, listen } = values;
  if (watch && listen !== undefined) {
    throw new UsageError("found --listen with --watch, which listens until Ctrl-C");
  }
  return withJsonProblems(json, async () => {
    const listen_ms = listen === undefined ? 0 : readDuration(listen, "--listen");
    const place = placeOf(values, process.env);
    if (!watch) return list(place, listen_ms, json);
    const { watchBoards } = await import("./boards-watch.js");
    return watchBoards(place, json);
  });
}
