/**
 * The keyboard, for the page as a whole. Lists, tables and the timeline have keys of their own.
 */
import {
  freeze,
  frozen_ms,
  isHelpOpen,
  now_ms,
  recording,
  select,
  setLogFilter,
  shown_ms,
} from "./store.js";

/** What the digits lead to: the ids of the panels. */
const PANELS = ["tasks", "board", "timeline", "log", "charts", "faults", "arena"] as const;
/** One step through the recent past. */
const STEP_MS = 250;
/** A moment after a death, so that it is seen. */
const AFTER_MS = 20;

/** Goes to the next or the previous death. */
function goToDeath(isNext: boolean): void {
  const deaths = (recording.peek()?.incidents.list ?? []).map(({ ms }) => ms + AFTER_MS);
  const at = shown_ms();
  const to = isNext ? deaths.find((ms) => ms > at + 1) : deaths.findLast((ms) => ms < at - 1);
  if (to !== undefined) freeze(to);
}

function goToPanel(id: string): void {
  const panel = document.getElementById(id);
  panel?.scrollIntoView({ block: "start" });
  const target = panel?.querySelector<HTMLElement | SVGElement>(
    "[tabindex='0'], button:enabled, select, input",
  );
  target?.focus({ preventScroll: true });
}

function isTyping({ target }: KeyboardEvent): boolean {
  if (target instanceof HTMLInputElement) return target.type !== "checkbox";
  return target instanceof HTMLSelectElement;
}

function clear({ target }: KeyboardEvent): void {
  select(null);
  setLogFilter({ task: "", words: "" });
  if (target instanceof HTMLInputElement) target.blur();
}

/** What a key does; true when it does something. */
function act(key: string, { target }: KeyboardEvent): boolean {
  const panel = PANELS[Number(key) - 1];
  if (panel !== undefined) goToPanel(panel);
  else if (key === "?") isHelpOpen.value = true;
  else if (key === "/") document.getElementById("log-words")?.focus();
  else if (key === "n" || key === "p") goToDeath(key === "n");
  else if (key === ",") freeze(shown_ms() - STEP_MS);
  else if (key === ".") freeze(Math.min(now_ms(), shown_ms() + STEP_MS));
  // A button that has the focus takes the space bar for itself.
  else if (key === " " && !(target instanceof HTMLButtonElement)) {
    freeze(frozen_ms.peek() === null ? now_ms() : null);
  } else return false;
  return true;
}

/** Listens to the keys of the page. */
export function listenForKeys(): void {
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || isHelpOpen.peek()) return;
    if (event.key === "Escape") clear(event);
    else if (!isTyping(event) && act(event.key, event)) event.preventDefault();
  });
}
