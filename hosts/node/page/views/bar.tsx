/**
 * The top bar: which application, whether the page is live, and what is for the page as a whole.
 */
import { freeze, frozen_ms, isHelpOpen, linkState, now_ms, recording, theme } from "../store.js";
import { nextTheme } from "../theme.js";

const LINK_WORDS = {
  connecting: "connecting",
  live: "live",
  lost: "not connected",
  refused: "not allowed",
  busy: "no room",
};

/** The last two parts of a path: the folder says more than "manifest.json". */
function shortPath(path: string): string {
  return path
    .replace(/\/manifest\.json$/, "")
    .split("/")
    .slice(-2)
    .join("/");
}

function Live() {
  const isPaused = frozen_ms.value !== null && linkState.value === "live";
  return (
    <span class="live" data-is={isPaused ? "paused" : linkState.value}>
      {isPaused ? "looking back" : LINK_WORDS[linkState.value]}
    </span>
  );
}

export function Bar() {
  const file = recording.value?.welcome.manifest ?? "";
  const isFrozen = frozen_ms.value !== null;
  const themeName = { auto: "Auto", light: "Light", dark: "Dark" }[theme.value];
  return (
    <div class="bar">
      <strong class="brand">Reattach</strong>
      <Live />
      <span class="where" title={file}>
        {shortPath(file)}
      </span>
      <button
        type="button"
        class="pause"
        aria-pressed={isFrozen}
        onClick={() => freeze(isFrozen ? null : now_ms())}
      >
        {isFrozen ? "Back to now" : "Pause"}
      </button>
      <button
        type="button"
        aria-label={`Theme: ${themeName}`}
        title="as the system, light, or dark"
        onClick={nextTheme}
      >
        {themeName}
      </button>
      <button
        type="button"
        class="keys"
        aria-keyshortcuts="?"
        onClick={() => (isHelpOpen.value = true)}
      >
        Keys
      </button>
    </div>
  );
}
