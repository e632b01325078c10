/**
 * The package that this command belongs to.
 */
import { createRequire } from "node:module";
import { dirname } from "node:path";

/** What the commands read of its package.json. */
export interface OwnPackage {
  readonly version: string;
  readonly devDependencies: Readonly<Record<string, string>>;
}

const require = createRequire(import.meta.url);
const FILE = "reattach/package.json";

/** Its package.json. */
export function ownPackage(): OwnPackage {
  return require(FILE) as OwnPackage;
}

/** Its folder, an absolute path. */
export function ownFolder(): string {
  return dirname(require.resolve(FILE));
}
