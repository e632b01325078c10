/**
 * What a board, or the tools that build for it, would say about an application.
 */
import { checkAwaits, checkImports } from "./imports.js";
import { type DeviceView, installedSdk, isForBoards, viewForDevice } from "./view.js";

/** The platform that a manifest is looked at for, unless another is named. */
export const PLATFORM = "esp32";

/** What has been found. */
export interface DeviceFindings {
  /** Sentences that begin with file, line and column. */
  readonly problems: readonly string[];
  /** The manifest as a device has it; undefined when it cannot be read, or is not for a board. */
  readonly view: DeviceView | undefined;
}

/**
 * Looks at a manifest with the eyes of a device: modules, preload, memory, imports. Not at types
 * (types.ts): this is quick enough for the start of a simulation. `file` is an absolute path.
 */
export async function checkForDevice(
  file: string,
  platform = PLATFORM,
  sdk = installedSdk(),
): Promise<DeviceFindings> {
  const problems: string[] = [];
  const view = viewForDevice(file, platform, sdk, problems);
  if (view !== undefined) {
    problems.push(...(await checkImports(view)), ...(await checkAwaits(view)));
  }
  return { problems, view };
}

/**
 * The same for who only starts a simulation: nothing for a manifest that does not say that it is
 * for boards.
 */
export async function warningsForDevice(file: string): Promise<readonly string[]> {
  const sdk = installedSdk();
  if (!isForBoards(file, PLATFORM, sdk)) return [];
  return (await checkForDevice(file, PLATFORM, sdk)).problems;
}
