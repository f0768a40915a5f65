/** What the specifiers of imports stand for. */

import { fromFileUrl, join } from "../base/mod.ts";
import type { ImportMap } from "./import_map.ts";

/** Source files that have facts; others (JSON, text, WebAssembly) are taken as they are. */
export const codeFile = /\.[cm]?[jt]sx?$/;

/** The runner's own code counts by the version of fingerprints, not by its text. */
const runner = ["artifact_store", "pipeline", "pipeline_cli", "step_code", "syntax"]
  .map((room) => new URL(`../${room}/`, import.meta.url).href);

const relative = /^\.{0,2}\//;

/** Whether the import map decides what a specifier stands for. */
export function isBare(specifier: string): boolean {
  return !relative.test(specifier);
}

/** The file of the project that a specifier stands for; undefined for packages and the runner. */
export function resolveSpecifier(specifier: string, from: string): string | undefined {
  const url = resolveUrl(specifier, from);
  if (!url?.startsWith("file:") || isRunner(url)) return undefined;
  return (url.includes("/node_modules/") || /\/npm\/[^/]+\/.*\/\d/.test(url)) ? undefined : url;
}

/** Whether an address is of the runner itself. */
export function isRunner(url: string): boolean {
  return runner.some((room) => url.startsWith(room));
}

/** Reads from a configuration file what it says of imports that depends on who imports. */
export async function findImportMap(path: string): Promise<ImportMap | undefined> {
  return (await import("./import_map.ts")).readImportMap(path);
}

/** What the configuration says beyond what `import.meta.resolve` can be asked for. */
let importMap: ImportMap | undefined;

/** Takes the import map of the project, as Deno has done when the process began. */
export function useImportMap(map: ImportMap | undefined): void {
  importMap = map;
}

/** What a specifier stands for by the scopes that a file is in; undefined if none says so. */
function scoped(specifier: string, from: string): string | undefined {
  const name = isBare(specifier) ? specifier : new URL(specifier, from).href;
  for (const { prefix, names } of importMap?.scopes ?? []) {
    if (!from.startsWith(prefix)) continue;
    if (Object.hasOwn(names, name)) return names[name];
    const folder = Object.keys(names).filter((key) => key.endsWith("/") && name.startsWith(key))
      .sort((a, b) => b.length - a.length)[0];
    if (folder !== undefined) return names[folder] + name.slice(folder.length);
  }
}

/** The address that a specifier stands for; undefined if there is none. */
export function resolveUrl(specifier: string, from: string): string | undefined {
  const own = scoped(specifier, from);
  if (own === undefined && !isBare(specifier)) {
    const { href } = new URL(specifier, from);
    return importMap?.hasAddresses ? import.meta.resolve(href) : href;
  }
  try {
    return import.meta.resolve(own ?? specifier);
  } catch {
    return undefined; // not in the import map: whoever imports it says so
  }
}

/**
 * A package as a fingerprint names it, with its version: not if it is on this machine.
 * What is no package is named as it is.
 */
export function packageName(specifier: string, from: string): string {
  const url = resolveUrl(specifier, from);
  if (url === undefined || isRunner(url) || !url.startsWith("file:")) return url ?? specifier;
  const inside = /^.*\/(?:node_modules\/\.deno|npm\/[^/]+)\/(.*)$/.exec(url)?.[1];
  if (inside !== undefined) return `npm:${inside}`;
  // A folder of packages that others look after: only the package itself knows its version.
  const [, folders, name, rest] = /^(.*\/node_modules\/)((?:@[^/]+\/)?[^/]+)(.*)$/.exec(url) ?? [];
  if (folders === undefined) return url;
  return `npm:${name}@${versionOf(join(fromFileUrl(folders + name), "package.json"))}${rest}`;
}

function versionOf(path: string): string {
  try {
    return String(JSON.parse(Deno.readTextFileSync(path)).version);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound || error instanceof SyntaxError) return "unknown";
    throw error;
  }
}
