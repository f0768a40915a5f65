/** Reads the facts of module files, parsing only files that changed. */

import { KEPT_VERSION } from "./step_code.ts";
import { askParser, fromFileUrl, sha256 } from "../base/mod.ts";
import type { ModuleFacts } from "./facts.ts";
import type { ModuleText } from "./parse_files.ts";
import { codeFile, resolveSpecifier } from "./specifier.ts";

/** A file of the project that code reaches. */
export interface SourceFile {
  /** SHA-256 of its bytes. */
  readonly digest: string;
  /** What it says; undefined for a file that is not code. */
  readonly facts?: ModuleFacts;
}

/** Facts by the digest of the file they are of, as they are kept from run to run. */
export interface KeptFacts {
  /** Version of Deno and of the facts; kept facts of another version are not used. */
  readonly version: string;
  /** The facts. */
  readonly facts: Readonly<Record<string, object>>;
}

/**
 * Reads the files at `urls` and all files that they may import.
 *
 * @param kept Facts of earlier runs.
 * @returns Every file by its URL, and the facts to keep.
 */
export async function readSources(
  urls: readonly string[],
  kept: readonly KeptFacts[] = [],
): Promise<{ files: Map<string, SourceFile>; keep: KeptFacts; parsed: number }> {
  const known: Record<string, ModuleFacts> = Object.assign(
    {},
    ...kept.filter(({ version }) => version === KEPT_VERSION).map(({ facts }) => facts),
  );
  const found = new Map<string, { digest: string; text: string }>();
  let waiting = [...urls];
  let parsed = 0;
  while (waiting.length > 0) {
    for (let url = waiting.pop(); url !== undefined; url = waiting.pop()) {
      if (found.has(url)) continue;
      const bytes = await readIfPresent(fromFileUrl(url));
      if (bytes === undefined) continue;
      const source = { digest: sha256(bytes), text: "" };
      found.set(url, source);
      if (!codeFile.test(url)) continue;
      const facts = known[source.digest];
      if (!facts) source.text = new TextDecoder().decode(bytes);
      waiting.push(...targets(facts ? specifiersOf(facts) : likelySpecifiers(source.text), url));
    }
    const unknown = [...found].filter(([url, { digest }]) =>
      codeFile.test(url) && !(digest in known)
    );
    parsed += unknown.length;
    for (const [url, facts] of await parse(unknown.map(([url, { text }]) => ({ url, text })))) {
      known[found.get(url)!.digest] = facts;
      waiting.push(...targets(specifiersOf(facts), url));
    }
    waiting = waiting.filter((url) => !found.has(url));
  }
  const files = new Map<string, SourceFile>();
  const facts: Record<string, ModuleFacts> = {};
  for (const [url, { digest }] of found) {
    files.set(url, { digest, facts: known[digest] });
    if (known[digest]) facts[digest] = known[digest];
  }
  return { files, keep: { version: KEPT_VERSION, facts }, parsed };
}

/** All specifiers that a module names. */
export function specifiersOf(
  { imports, loads, exports, exportsAll, declarations, pipeline }: ModuleFacts,
): string[] {
  const parts = [
    ...declarations,
    ...pipeline?.nodes ?? [],
    ...pipeline?.rest ?? [],
    ...pipeline ? [{ code: pipeline.whole }] : [],
  ].map(({ code }) => code);
  return [
    ...Object.values(imports).map(({ specifier }) => specifier),
    ...Object.values(exports).flatMap((value) =>
      typeof value === "string" ? [] : [value.specifier]
    ),
    ...loads,
    ...exportsAll,
    ...parts.flatMap(({ links }) => links),
  ];
}

/** The files that specifiers stand for. */
export function targets(specifiers: readonly string[], from: string): string[] {
  return specifiers.map((specifier) => resolveSpecifier(specifier, from))
    .filter((url) => url !== undefined);
}

/**
 * Every string that looks like a file: most imports are found before anything is
 * parsed, so that one call of the parser is enough.
 */
function likelySpecifiers(text: string): string[] {
  return Array.from(text.matchAll(/["'`](\.{1,2}\/[^"'`\n$%]+)["'`]/g), (match) => match[1]);
}

async function readIfPresent(path: string): Promise<Uint8Array | undefined> {
  try {
    return await Deno.readFile(path);
  } catch (error) {
    const expected = error instanceof Deno.errors.NotFound ||
      error instanceof Deno.errors.IsADirectory || error instanceof Deno.errors.NotADirectory;
    if (!expected) throw error;
  }
}

/** Parses what has no facts yet. */
async function parse(files: readonly ModuleText[]): Promise<[string, ModuleFacts][]> {
  if (files.length === 0) return [];
  return await askParser(new URL("./parse_files.ts", import.meta.url).href, files);
}
