/**
 * The keys, in a dialog.
 */
import { useRef } from "preact/hooks";
import { useSignalEffect } from "@preact/signals";
import { isHelpOpen } from "../store.js";

const KEYS: readonly (readonly [keys: readonly string[], what: string])[] = [
  [["Space"], "look at this moment; again: back to now"],
  [[",", "."], "a quarter of a second back, on"],
  [["n", "p"], "next, previous death"],
  [["1", "…", "7"], "tasks, board, timeline, log, charts, faults, arena"],
  [["↑", "↓"], "in tasks, on the board and in messages: another one"],
  [["Enter"], "select it, or take it back"],
  [["←", "→", "+", "−", "0"], "in the timeline: move, zoom, all of it"],
  [["/"], "filter the log"],
  [["Esc"], "no task selected, no filter"],
];

export function Help() {
  const dialog = useRef<HTMLDialogElement>(null);
  useSignalEffect(() => {
    const { current } = dialog;
    if (current === null) return;
    if (isHelpOpen.value && !current.open) current.showModal();
    else if (!isHelpOpen.value && current.open) current.close();
  });
  return (
    <dialog ref={dialog} aria-labelledby="h-help" onClose={() => (isHelpOpen.value = false)}>
      <h2 id="h-help">Keys</h2>
      <dl>
        {KEYS.map(([keys, what]) => (
          <>
            <dt>
              {keys.map((key) => (
                <>
                  <kbd>{key}</kbd>{" "}
                </>
              ))}
            </dt>
            <dd>{what}</dd>
          </>
        ))}
      </dl>
      <button type="button" onClick={() => (isHelpOpen.value = false)}>
        Close
      </button>
    </dialog>
  );
}
