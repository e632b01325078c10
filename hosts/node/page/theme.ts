/**
 * Light and dark: as the system has it, unless the user chooses.
 */
import { effect, signal } from "@preact/signals";
import { theme, type Theme } from "./store.js";

const KEY = "reattach theme";
const THEMES: readonly Theme[] = ["auto", "light", "dark"];
const prefersDark = matchMedia("(prefers-color-scheme: dark)");
const isSystemDark = signal(prefersDark.matches);

/** Raised when colours change: what is painted on a canvas has read them. */
export const colours = signal(0);

/** The next theme in turn. */
export function nextTheme(): void {
  const next = THEMES[(THEMES.indexOf(theme.peek()) + 1) % THEMES.length]!;
  theme.value = next;
  localStorage.setItem(KEY, next);
}

/** A colour of styles/theme.css, as it is now: inkOf("run"). */
export function inkOf(name: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
}

/** Takes the theme that was chosen the last time, and keeps to it. */
export function followTheme(): void {
  const kept = localStorage.getItem(KEY);
  theme.value = THEMES.find((name) => name === kept) ?? "auto";
  prefersDark.addEventListener("change", ({ matches }) => (isSystemDark.value = matches));
  effect(() => {
    const isDark = theme.value === "dark" || (theme.value === "auto" && isSystemDark.value);
    document.documentElement.dataset["theme"] = isDark ? "dark" : "light";
    colours.value = colours.peek() + 1;
  });
}
