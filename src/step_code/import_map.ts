/** What the configuration says of imports beyond what `import.meta.resolve` can be asked for. */

import { dirname, join, statIfPresent, toFileUrl } from "../base/mod.ts";

/** Readonly<Record<string, string>> that stand for something of their own in a part of the project. */
export interface ImportScope {
  /** The address with which the files of the part begin. */
  readonly prefix: string;
  /** Addresses by name, both as they count. */
  readonly names: Readonly<Record<string, string>>;
}

interface Config {
  readonly imports?: Readonly<Record<string, string>>;
  readonly scopes?: Readonly<Record<string, Readonly<Record<string, string>>>>;
  readonly importMap?: string;
  readonly workspace?: readonly string[] | { readonly members?: readonly string[] };
}

/** The import map of a project as far as it depends on who imports. */
export interface ImportMap {
  /** The scopes, the longest prefix first. */
  readonly scopes: readonly ImportScope[];
  /** The files beside the configuration that it was read from. */
  readonly files: readonly string[];
  /** Whether addresses stand for other addresses. */
  readonly hasAddresses: boolean;
}

/** Reads it from a configuration file; undefined if it says nothing of that kind. */
export function readImportMap(path: string): ImportMap | undefined {
  const config = read(path);
  const files = typeof config.importMap === "string" ? [join(dirname(path), config.importMap)] : [];
  const maps = [path, ...files];
  const { workspace } = config;
  const members = workspace === undefined || "length" in workspace ? workspace : workspace.members;
  const scopes = maps.flatMap((from) =>
    Object.entries(read(from).scopes ?? {}).map(([prefix, names]) => ({
      prefix: addressOf(prefix, from),
      names: addressed(names, from),
    }))
  );
  for (const folder of (members ?? []).flatMap((member) => foldersOf(dirname(path), member))) {
    const own = ["deno.json", "deno.jsonc"].map((name) => join(folder, name))
      .find((file) => statIfPresent(file)?.isFile);
    if (own === undefined) continue;
    files.push(own);
    const names = addressed(read(own).imports ?? {}, own);
    scopes.push({ prefix: `${toFileUrl(folder).href}/`, names });
  }
  scopes.sort((a, b) => b.prefix.length - a.prefix.length);
  const hasAddresses = maps.some((from) => Object.keys(read(from).imports ?? {}).some(isAddress));
  return scopes.length + files.length > 0 || hasAddresses
    ? { scopes, files, hasAddresses }
    : undefined;
}

function read(path: string): Config {
  const text = statIfPresent(path)?.isFile ? Deno.readTextFileSync(path) : "{}";
  try {
    return JSON.parse(text);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return JSON.parse(withoutComments(text));
  }
}

/** JSON without comments and trailing commas. */
function withoutComments(text: string): string {
  return text.replace(
    /("(?:[^"\\]|\\.)*")|\/\/[^\n]*|\/\*[\s\S]*?\*\/|,(?=\s*(?:\/\/[^\n]*\s*|\/\*[\s\S]*?\*\/\s*)*[}\]])/g,
    (_, literal) => literal ?? "",
  );
}

/** The folders of a member, which may end with `/*`. */
function foldersOf(root: string, member: string): string[] {
  if (!member.endsWith("/*")) return [join(root, member)];
  const above = join(root, member.slice(0, -2));
  if (!statIfPresent(above)?.isDirectory) return [];
  return Array.from(Deno.readDirSync(above)).filter(({ isDirectory }) => isDirectory)
    .map(({ name }) => join(above, name));
}

function isAddress(name: string): boolean {
  return /^(\.{0,2}\/|(file|https?):)/.test(name);
}

function addressOf(name: string, from: string): string {
  return isAddress(name) ? new URL(name, toFileUrl(from)).href : name;
}

function addressed(
  names: Readonly<Record<string, string>>,
  from: string,
): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(names).map(([name, target]) => [addressOf(name, from), addressOf(target, from)]),
  );
}
