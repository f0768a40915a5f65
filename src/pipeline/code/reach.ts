/** Which code a step reaches, through imports, to the last helper. */

import { fromFileUrl, relative, sha256 } from "../../base/mod.ts";
import { MISSING } from "../cache/file_digest.ts";
import type { Declared } from "../step_function.ts";
import type { CodePart, ModuleFacts } from "./facts.ts";
import { type SourceFile, specifiersOf, targets } from "./read_facts.ts";
import { isBare, resolveSpecifier } from "./specifier.ts";

/**
 * The code that a step reaches: a digest for each file, of the declarations in it
 * that are reached and of what the file does when it is loaded. What a module does
 * when it is loaded counts for those who use something of it, or import it for that
 * (`import "./x.ts"`); names are followed past files that only pass them on.
 */
export type ReachedCode = Readonly<Record<string, string>>;

/** What a step mentions in its own pipeline. */
export interface StepCode {
  /** The step's own code and all that it reaches. */
  readonly code: ReachedCode;
  /** The parameters that it mentions; `*` for all. */
  readonly params: readonly string[];
  /** The same for the list that a fan-out runs over. */
  readonly items?: { readonly code: ReachedCode; readonly params: readonly string[] };
}

/**
 * All that decides what code reaches from the file at `url`: the files, and what the
 * specifiers of the import map stand for.
 */
export function dependenciesOf(
  url: string,
  files: ReadonlyMap<string, SourceFile>,
): { files: Record<string, string>; bare: Record<string, string | null> } {
  const digests: Record<string, string> = {};
  const bare: Record<string, string | null> = {};
  const waiting = [url];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    if (Object.hasOwn(digests, next)) continue;
    const file = files.get(next);
    digests[next] = file?.digest ?? MISSING;
    const specifiers = file?.facts === undefined ? [] : specifiersOf(file.facts);
    for (const specifier of specifiers.filter(isBare)) {
      bare[specifier] = resolveSpecifier(specifier, next) ?? null;
    }
    waiting.push(...targets(specifiers, next));
  }
  return { files: digests, bare };
}

/** Finds what code reaches in a set of files. */
export class CodeMap {
  readonly #files: ReadonlyMap<string, SourceFile>;
  readonly #root: string;
  readonly #declared = new Index(({ declarations }) => declarations);
  readonly #locals = new Index(({ pipeline }) => pipeline?.locals);
  readonly #nodes = new Index(({ pipeline }) =>
    pipeline?.nodes.map((node) => ({ names: [node.name], ...node }))
  );
  readonly #paths = new Map<string, string>();

  /** Takes the files by URL, and the folder that paths are told from. */
  constructor(files: ReadonlyMap<string, SourceFile>, root: string) {
    this.#files = files;
    this.#root = root;
  }

  /** What the step `name` of the pipeline in `url` reaches, with the resources it takes. */
  step(url: string, name: string, resources: readonly string[]): StepCode {
    const walk = new Walk(this, url);
    for (const wanted of [name, ...resources]) {
      const found = this.#nodes.find(url, this.facts(url), wanted);
      if (found.length === 0) walk.wholePipeline();
      for (const node of found) walk.pipelinePart(node.code);
    }
    const items = this.#nodes.find(url, this.facts(url), name).flatMap(({ items }) => items ?? []);
    if (items.length === 0) return walk.result();
    const itemWalk = new Walk(this, url);
    for (const part of items) itemWalk.pipelinePart(part);
    return { ...walk.result(), items: itemWalk.result() };
  }

  /**
   * What exported declarations reach, with the resources of the pipeline in `url`. One that
   * cannot be found counts with all of the pipeline.
   */
  declarations(url: string, wanted: readonly Declared[], resources: readonly string[]): StepCode {
    const walk = new Walk(this, url);
    for (const { module, name } of wanted) {
      if (this.declared(module, name).length === 0) walk.wholePipeline();
      else walk.declaration(module, name);
    }
    for (const resource of resources) {
      const found = this.#nodes.find(url, this.facts(url), resource);
      if (found.length === 0) walk.wholePipeline();
      for (const node of found) walk.pipelinePart(node.code);
    }
    return walk.result();
  }

  /** The facts of a file. */
  facts(url: string): ModuleFacts | undefined {
    return this.#files.get(url)?.facts;
  }

  /** Where a file is, told from the root. */
  path(url: string): string {
    const known = this.#paths.get(url);
    if (known !== undefined) return known;
    const path: string = relative(this.#root, fromFileUrl(url)).replaceAll("\\", "/");
    this.#paths.set(url, path);
    return path;
  }

  /** A file that is not code, or is missing. */
  rawDigest(url: string): string {
    return this.#files.get(url)?.digest ?? MISSING;
  }

  /** The code in a file that declares `name`. */
  declared(url: string, name: string): readonly Declaration[] {
    return this.#declared.find(url, this.facts(url), name);
  }

  /** The code in the wiring function of a file that declares `name`. */
  local(url: string, name: string): readonly Declaration[] {
    return this.#locals.find(url, this.facts(url), name);
  }
}

/** A piece of code and the names that it introduces. */
interface Declaration {
  readonly names: readonly string[];
  readonly code: CodePart;
}

/** What files declare, by name; made when a file is first asked for. */
class Index<T extends Declaration> {
  readonly #files = new Map<string, Map<string, T[]>>();
  readonly #read: (facts: ModuleFacts) => readonly T[] | undefined;

  constructor(read: (facts: ModuleFacts) => readonly T[] | undefined) {
    this.#read = read;
  }

  find(url: string, facts: ModuleFacts | undefined, name: string): readonly T[] {
    let names = this.#files.get(url);
    if (names === undefined) {
      names = new Map();
      for (const declaration of facts && this.#read(facts) || []) {
        for (const declared of declaration.names) {
          const known = names.get(declared);
          if (known) known.push(declaration);
          else names.set(declared, [declaration]);
        }
      }
      this.#files.set(url, names);
    }
    return names.get(name) ?? [];
  }
}

/** One walk from a step to all it reaches. */
class Walk {
  readonly #digests = new Map<string, Set<string>>();
  readonly #params = new Set<string>();
  readonly #seen = new Set<string>();
  readonly #map: CodeMap;
  readonly #pipeline: string;

  constructor(map: CodeMap, pipeline: string) {
    this.#map = map;
    this.#pipeline = pipeline;
  }

  result(): { code: ReachedCode; params: string[] } {
    const code: Record<string, string> = {};
    for (const [url, digests] of [...this.#digests].sort(([a], [b]) => a < b ? -1 : 1)) {
      code[this.#map.path(url)] = sha256([...digests].sort().join("\n"));
    }
    return { code, params: [...this.#params].sort() };
  }

  /** The whole wiring function, where a step in it cannot be told apart. */
  wholePipeline(): void {
    const pipeline = this.#map.facts(this.#pipeline)?.pipeline;
    this.#params.add("*");
    if (pipeline) this.#part(this.#pipeline, pipeline.whole);
    else this.#everything(this.#pipeline);
  }

  /** What a file declares under a name. */
  declaration(url: string, name: string): void {
    this.#enter(url);
    this.#name(url, name);
  }

  /** Code of the wiring function: names are first its own, then the file's. */
  pipelinePart(part: CodePart): void {
    const { effects } = this.#map.facts(this.#pipeline)!.pipeline!;
    const waiting = [part, ...effects];
    for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
      const key = `local ${next.digest}`;
      if (this.#seen.has(key)) continue;
      this.#seen.add(key);
      for (const param of next.params) this.#params.add(param);
      const own = next.names.flatMap((name) => this.#map.local(this.#pipeline, name));
      waiting.push(...own.map(({ code }) => code));
      const hidden = new Set(own.flatMap(({ names }) => names));
      this.#part(this.#pipeline, {
        ...next,
        names: next.names.filter((name) => !hidden.has(name)),
      });
    }
  }

  #part(url: string, part: CodePart): void {
    this.#enter(url);
    this.#add(url, part.digest);
    for (const name of part.names) this.#name(url, name);
    for (const link of part.links) this.#everythingOf(link, url);
  }

  /** What runs when a file is loaded. */
  #enter(url: string): void {
    const key = `enter ${url}`;
    if (this.#seen.has(key)) return;
    this.#seen.add(key);
    const facts = this.#map.facts(url);
    for (const effect of facts?.effects ?? []) this.#part(url, effect);
    for (const specifier of facts?.effectImports ?? []) this.#everythingOf(specifier, url);
  }

  #name(url: string, name: string): void {
    const key = `name ${url} ${name}`;
    if (this.#seen.has(key)) return;
    this.#seen.add(key);
    const declared = this.#map.declared(url, name);
    for (const { code } of declared) this.#part(url, code);
    if (declared.length === 0) {
      const imports = this.#map.facts(url)?.imports ?? {};
      const binding = Object.hasOwn(imports, name) ? imports[name] : undefined;
      if (binding) this.#import(binding.specifier, binding.name, url);
    }
  }

  #import(specifier: string, name: string, from: string): void {
    const url = resolveSpecifier(specifier, from);
    if (url === undefined) return;
    if (name === "*" || this.#map.facts(url) === undefined) this.#everything(url);
    else this.#export(url, name);
  }

  /** Follows an export to the file that declares it; false where there is none of that name. */
  #export(url: string, name: string): boolean {
    const key = `export ${url} ${name}`;
    if (this.#seen.has(key)) return false;
    this.#seen.add(key);
    const facts = this.#map.facts(url);
    if (facts === undefined) return false;
    const found = Object.hasOwn(facts.exports, name) ? facts.exports[name] : undefined;
    if (typeof found === "string") {
      this.#name(url, found);
      return true;
    }
    if (found) {
      this.#import(found.specifier, found.name, url);
      return true;
    }
    return facts.exportsAll.some((specifier) => {
      const target = resolveSpecifier(specifier, url);
      return target !== undefined && this.#export(target, name);
    });
  }

  #everythingOf(specifier: string, from: string): void {
    const url = resolveSpecifier(specifier, from);
    if (url !== undefined) this.#everything(url);
  }

  #everything(url: string): void {
    const key = `everything ${url}`;
    if (this.#seen.has(key)) return;
    this.#seen.add(key);
    const facts = this.#map.facts(url);
    if (facts === undefined) return this.#add(url, this.#map.rawDigest(url));
    this.#enter(url);
    for (const { code } of facts.declarations) this.#part(url, code);
    for (const name of Object.keys(facts.exports)) this.#export(url, name);
    for (const specifier of facts.exportsAll) this.#everythingOf(specifier, url);
  }

  #add(url: string, digest: string): void {
    const digests = this.#digests.get(url);
    if (digests) digests.add(digest);
    else this.#digests.set(url, new Set([digest]));
  }
}
