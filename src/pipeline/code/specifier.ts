/** What the specifiers of imports stand for. */

/** Source files that have facts; others (JSON, text, WebAssembly) are taken as they are. */
export const codeFile = /\.[cm]?[jt]sx?$/;

/** The runner's own code counts by the version of fingerprints, not by its text. */
const runner = new URL("../", import.meta.url).href;

const relative = /^\.{0,2}\//;

/** Whether the import map decides what a specifier stands for. */
export function isBare(specifier: string): boolean {
  return !relative.test(specifier);
}

/** The file that a specifier stands for; undefined for packages, which the lockfile names. */
export function resolveSpecifier(specifier: string, from: string): string | undefined {
  const url = isBare(specifier) ? resolveBare(specifier) : new URL(specifier, from).href;
  if (!url?.startsWith("file:") || url.startsWith(runner)) return undefined;
  return url.includes("/node_modules/") ? undefined : url;
}

function resolveBare(specifier: string): string | undefined {
  try {
    return import.meta.resolve(specifier);
  } catch {
    return undefined; // not in the import map: whoever imports it says so
  }
}
