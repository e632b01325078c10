/**
 * The token that `reattach dev` prints as the fragment of the address. The page takes it out of the
 * address bar, where it could be copied along, and keeps it for this tab, so that it can be loaded
 * again.
 */
const KEY = "reattach token";

/** The token of this page, "" when there is none. */
export function takeToken(): string {
  const fragment = location.hash.slice(1);
  if (/^[\w-]{16,}$/.test(fragment)) {
    sessionStorage.setItem(KEY, fragment);
    history.replaceState(null, "", location.pathname);
  }
  return sessionStorage.getItem(KEY) ?? "";
}
