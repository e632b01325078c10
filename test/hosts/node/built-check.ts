/**
 * `reattach check` as it is built: it starts a thread, which there is in the build alone.
 */
type Check = typeof import("../../../hosts/node/cli/check.js");
type Errors = typeof import("../../../hosts/node/input-error.js");

const BUILD = new URL("../../../dist/node/hosts/node/", import.meta.url);

const { checkApp } = (await import(new URL("cli/check.js", BUILD).href)) as Check;
const { InputError } = (await import(new URL("input-error.js", BUILD).href)) as Errors;

/** What check says of the application in a folder, for a platform and an SDK ("" for none). */
export async function checkFolder(
  folder: string,
  platform: string,
  sdk: string,
): Promise<{ readonly problems: readonly string[]; readonly notes: readonly string[] }> {
  try {
    const { notes } = await checkApp(folder, platform, sdk);
    return { problems: [], notes };
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    return { problems: error.problems, notes: [] };
  }
}
