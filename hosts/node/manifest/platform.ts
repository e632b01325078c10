/**
 * Which entry of `platforms` counts, by the rules of mcconfig.
 */

/** The entry for everybody else. */
const OTHERS = "...";

/** Does an entry such as "esp32", "esp32/*" or "*\/moddable_two" mean this platform? */
function isMeant(key: string, platform: string): boolean {
  if (key.endsWith("/*")) return platform.startsWith(key.slice(0, -1));
  if (key.startsWith("*/")) return platform.endsWith(key.slice(1));
  return key === platform;
}

/**
 * The board of this platform that an entry is for, "esp32/moddable_two"; undefined for an entry of
 * all its boards, or of another platform.
 */
export function boardOf(key: string, platform: string): string | undefined {
  if (platform.includes("/") || key.endsWith("/*")) return undefined;
  const name = key.startsWith("*/") ? platform + key.slice(1) : key;
  return name.startsWith(`${platform}/`) ? name : undefined;
}

/**
 * The key among `keys` for a platform: `esp32/moddable_two` is found before `esp32`, which is found
 * before "...". Undefined for none.
 */
export function platformKey(keys: readonly string[], platform: string): string | undefined {
  for (let name = platform; name !== ""; name = name.slice(0, Math.max(name.lastIndexOf("/"), 0))) {
    const key = keys.find((candidate) => isMeant(candidate, name));
    if (key !== undefined) return key;
  }
  return keys.find((key) => key === OTHERS);
}
