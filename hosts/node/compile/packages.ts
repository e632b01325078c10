/**
 * Which files are an application's own.
 */

/** Is a file one of a package, which is not edited while the application runs? */
export function isInPackage(file: string): boolean {
  return /[\\/]node_modules[\\/]/.test(file);
}
