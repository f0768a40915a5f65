/** Which code a step reaches, through imports, to the last helper. */

import { fromFileUrl, relative, sha256 } from "../../base/mod.ts";
import { MISSING } from "../cache/file_digest.ts";
import type { Freedom } from "./effects.ts";
import type { Binding, CodePart, Declaration, ModuleFacts } from "./facts.ts";
import type { Declared } from "../step_function.ts";
import type { WiredPart } from "./pipeline_facts.ts";
import { LOAD_ORDER } from "./known_code.ts";
import { type SourceFile, specifiersOf, targets } from "./read_facts.ts";
import { isBare, isRunner, packageName, resolveSpecifier, resolveUrl } from "./specifier.ts";

/**
 * The code that a step reaches: a digest for each file, of the declarations in it that are
 * reached, in their order, and of what their names stand for. What the pipeline's modules do
 * when they are loaded counts for every step, and so does the order in which they do it.
 */
export type ReachedCode = Readonly<Record<string, string>>;

/** What a step mentions in its own pipeline. */
export interface StepCode {
  /** The step's own code and all that it reaches. */
  readonly code: ReachedCode;
  /** The parameters that it mentions; `*` for all. */
  readonly params: readonly string[];
  /** All parameters that the wiring mentions: it may read others in ways that are not seen. */
  readonly mentioned: readonly string[];
  /** Whether it loads code when it runs, by `import(…)` or in a worker. */
  readonly loads?: boolean;
  /** The files that it reads by `import("…")`, as paths from the root. */
  readonly imports?: readonly string[];
  /** What of the code cannot be followed, as `file: what`; such a step runs every time. */
  readonly unknown?: readonly string[];
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
      bare[specifier] = resolveUrl(specifier, next) ?? null;
    }
    waiting.push(...targets(specifiers, next));
  }
  return { files: digests, bare };
}

/** Where a name leads: to a declaration, a whole module or file, or out of the project. */
type Target =
  | { readonly kind: "declared"; readonly url: string; readonly name: string }
  | { readonly kind: "module"; readonly url: string }
  | { readonly kind: "outside"; readonly name: string; readonly runner: boolean };

/** Finds what code reaches in a set of files. */
export class CodeMap {
  readonly #files: ReadonlyMap<string, SourceFile>;
  readonly #root: string;
  readonly #declared = new Map<string, Map<string, Declaration[]>>();
  readonly #paths = new Map<string, string>();
  readonly #orders = new Map<string, readonly string[]>();
  readonly #free = new Map<string, boolean>();

  /** Takes the files by URL, and the folder that paths are told from. */
  constructor(files: ReadonlyMap<string, SourceFile>, root: string) {
    this.#files = files;
    this.#root = root;
  }

  /** What the step `name` of the pipeline in `url` reaches, with the resources it takes. */
  step(url: string, name: string, resources: readonly string[]): StepCode {
    const mentioned = this.facts(url)?.pipeline?.mentioned ?? [];
    const walk = new Walk(this, url);
    this.#wired(walk, url, [name, ...resources]);
    const items = this.#nodes(url, name).flatMap(({ items, at }) =>
      items ? [{ code: items, at }] : []
    );
    if (items.length === 0) return { ...walk.result(), mentioned };
    const itemWalk = new Walk(this, url);
    for (const part of items) itemWalk.pipelinePart(part);
    return { ...walk.result(), mentioned, items: itemWalk.result() };
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
    this.#wired(walk, url, resources);
    return { ...walk.result(), mentioned: this.facts(url)?.pipeline?.mentioned ?? [] };
  }

  /** Counts what the wiring declares under names; all of it where a name cannot be found. */
  #wired(walk: Walk, url: string, names: readonly string[]): void {
    for (const name of names) {
      const found = this.#nodes(url, name);
      if (found.length === 0) walk.wholePipeline();
      for (const node of found) walk.pipelinePart(node);
    }
  }

  /** The places at which a pipeline declares `name`; none where that cannot be told. */
  #nodes(url: string, name: string) {
    const pipeline = this.facts(url)?.pipeline;
    const found = pipeline?.nodes.filter((node) => node.name === name) ?? [];
    return pipeline?.dynamic && !found.every(({ certain }) => certain) ? [] : found;
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
    let names = this.#declared.get(url);
    if (names === undefined) {
      names = new Map();
      for (const declaration of this.facts(url)?.declarations ?? []) {
        for (const declared of declaration.names) {
          const known = names.get(declared);
          if (known) known.push(declaration);
          else names.set(declared, [declaration]);
        }
      }
      this.#declared.set(url, names);
    }
    return names.get(name) ?? [];
  }

  /** The files that are loaded with a file, in the order in which they run. */
  loadOrder(url: string): readonly string[] {
    const known = this.#orders.get(url);
    if (known) return known;
    const order = new Set<string>();
    const entered = new Set<string>();
    const load = (at: string) => {
      if (entered.has(at)) return;
      entered.add(at);
      const { loads = [] } = this.facts(at) ?? {};
      for (const specifier of loads) {
        const target = resolveSpecifier(specifier, at);
        if (target !== undefined) load(target);
      }
      order.add(at);
    };
    load(url);
    const found = [...order];
    this.#orders.set(url, found);
    return found;
  }

  /** What a name that a file mentions leads to. */
  target(url: string, name: string): Target | undefined {
    if (this.declared(url, name).length > 0) return { kind: "declared", url, name };
    const imports = this.facts(url)?.imports ?? {};
    return Object.hasOwn(imports, name) ? this.bound(imports[name], url) : undefined;
  }

  /** What an import leads to, past files that only pass it on. */
  bound({ specifier, name }: Binding, from: string, seen = new Set<string>()): Target | undefined {
    const url = resolveSpecifier(specifier, from);
    if (url === undefined) {
      const to = packageName(specifier, from);
      return { kind: "outside", name: `${to}#${name}`, runner: isRunner(to) };
    }
    return name === "*" || this.facts(url) === undefined
      ? { kind: "module", url }
      : this.exported(url, name, seen);
  }

  /** What an export leads to. */
  exported(url: string, name: string, seen = new Set<string>()): Target | undefined {
    const key = `${url} ${name}`;
    const facts = this.facts(url);
    if (seen.has(key) || facts === undefined) return undefined;
    seen.add(key);
    const found = Object.hasOwn(facts.exports, name) ? facts.exports[name] : undefined;
    if (typeof found === "string") return this.target(url, found);
    if (found) return this.bound(found, url, seen);
    for (const specifier of facts.exportsAll) {
      const target = this.bound({ specifier, name }, url, seen);
      if (target) return target;
    }
  }

  /** Whether what code needs in order to have no effect holds. */
  isFree(url: string, freedom: Freedom): boolean {
    return freedom !== false && freedom.every((need) => {
      const key = `${url} ${need}`;
      const known = this.#free.get(key);
      if (known !== undefined) return known;
      const before = this.#free.size;
      this.#free.set(key, true); // a function that calls itself adds nothing
      const [kind, name] = need.split(" ");
      const free = this.#holds(kind, this.target(url, name));
      if (!free) { // and what was found on that premise is not known
        for (const later of [...this.#free.keys()].slice(before)) this.#free.delete(later);
      }
      this.#free.set(key, free);
      return free;
    });
  }

  #holds(kind: string, target: Target | undefined): boolean {
    if (target === undefined) return false;
    if (target.kind === "outside") return target.runner || kind === "read";
    if (target.kind === "module") return kind === "read";
    return this.declared(target.url, target.name).every(({ call, plain, data }) => {
      const free = (freedom: Freedom | undefined) => this.isFree(target.url, freedom ?? false);
      switch (kind) {
        case "read":
          return plain;
        case "call":
          return free(call);
        case "use":
          return free(call) || call === undefined && free(data);
        default: // of a function, what it gives is data; by itself it is harmless too
          return kind === "gives" ? free(data) : call !== undefined || free(data);
      }
    });
  }
}

/** One walk from a step to all it reaches. */
class Walk {
  /** For each file: what of it counts, with its place. */
  readonly #parts = new Map<string, Map<string, { digest: string; at: number }>>();
  readonly #bindings = new Map<string, Set<string>>();
  readonly #params = new Set<string>();
  readonly #unknown = new Set<string>();
  readonly #seen = new Set<string>();
  readonly #loaded = new Set<string>();
  readonly #map: CodeMap;
  readonly #pipeline: string;
  /** What is loaded, in order: files by URL, packages by name. */
  readonly #order: string[] = [];
  #hasEffects = false;
  #loads = false;
  readonly #imports = new Set<string>();

  constructor(map: CodeMap, pipeline: string) {
    this.#map = map;
    this.#pipeline = pipeline;
    this.#load(pipeline);
  }

  result(): Omit<StepCode, "mentioned" | "items"> {
    const code: Record<string, string> = {};
    const urls = new Set([...this.#parts.keys(), ...this.#bindings.keys()]);
    for (const url of [...urls].sort()) {
      const parts = [...this.#parts.get(url)?.values() ?? []].sort((a, b) =>
        a.at - b.at || (a.digest < b.digest ? -1 : 1)
      ).map(({ digest }) => digest);
      const bindings = [...this.#bindings.get(url) ?? []].sort();
      code[this.#map.path(url)] = sha256([...parts, ...bindings].join("\n"));
    }
    if (this.#hasEffects) {
      const order = this.#order.filter((at) => !at.startsWith("file:") || urls.has(at))
        .map((at) => at.startsWith("file:") ? this.#map.path(at) : at);
      if (order.length > 1) code[LOAD_ORDER] = sha256(order.join("\n"));
    }
    const unknown = [...this.#unknown].sort();
    return {
      code,
      params: [...this.#params].sort(),
      ...this.#loads && { loads: true },
      ...this.#imports.size > 0 && { imports: [...this.#imports].sort() },
      ...unknown.length > 0 && { unknown },
    };
  }

  /** The whole wiring function, where a step in it cannot be told apart. */
  wholePipeline(): void {
    const pipeline = this.#map.facts(this.#pipeline)?.pipeline;
    this.#params.add("*");
    if (pipeline) this.#part(this.#pipeline, pipeline.whole, 0);
    else this.#everything(this.#pipeline);
  }

  /** What a file declares under a name. */
  declaration(url: string, name: string): void {
    this.#name(url, name);
  }

  /** Code of the wiring function, with what it mentions there, and what that does for all. */
  pipelinePart(part: WiredPart): void {
    const { rest } = this.#map.facts(this.#pipeline)!.pipeline!;
    const waiting = [
      part,
      ...rest.filter(({ load }) => !this.#map.isFree(this.#pipeline, load)),
    ];
    for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
      const { code, at } = next;
      if (this.#isSeen(`local ${code.digest} ${at}`)) continue;
      for (const param of code.params) this.#params.add(param);
      waiting.push(
        ...rest.filter(({ locals }) => locals.some((name) => code.locals.includes(name))),
      );
      this.#part(this.#pipeline, code, at);
    }
  }

  #isSeen(key: string): boolean {
    if (this.#seen.has(key)) return true;
    this.#seen.add(key);
    return false;
  }

  #part(url: string, part: CodePart, at: number): void {
    const parts = this.#parts.get(url) ?? new Map();
    this.#parts.set(url, parts.set(`${part.digest} ${at}`, { digest: part.digest, at }));
    for (const what of part.unknown) this.#unknown.add(`${this.#map.path(url)}: ${what}`);
    for (const name of part.names) this.#name(url, name);
    for (const link of part.links) this.#linked(link, url);
    for (const specifier of part.imports) {
      const target = resolveSpecifier(specifier, url);
      if (target !== undefined) this.#imports.add(this.#map.path(target));
    }
  }

  /** What happens when a file is loaded, by it and by all that it imports. */
  #load(url: string): void {
    for (const file of this.#map.loadOrder(url)) {
      if (this.#loaded.has(file)) continue;
      this.#loaded.add(file);
      const facts = this.#map.facts(file);
      const effects = facts?.declarations.filter(({ load }) => !this.#map.isFree(file, load)) ?? [];
      for (const effect of effects) this.#declaration(file, effect);
      const outside = facts?.effectImports.filter((specifier) =>
        resolveSpecifier(specifier, file) === undefined
      ).map((specifier) => packageName(specifier, file)) ?? [];
      this.#order.push(...outside, file);
      this.#hasEffects ||= effects.length + outside.length > 0;
    }
  }

  #declaration(url: string, declaration: Declaration): void {
    const { code, at } = declaration;
    if (!this.#isSeen(`code ${url} ${at} ${code.digest}`)) this.#part(url, code, at);
  }

  #name(url: string, name: string): void {
    if (this.#isSeen(`name ${url} ${name}`)) return;
    const imports = this.#map.facts(url)?.imports ?? {};
    const binding = Object.hasOwn(imports, name) ? imports[name] : undefined;
    this.#reach(url, name, this.#map.target(url, name), binding?.how);
  }

  /** Counts what a name stands for, and follows it there. */
  #reach(url: string, name: string, target: Target | undefined, how = ""): void {
    if (target === undefined) return this.#bind(url, `${name} = nothing`);
    if (target.kind === "outside") {
      if (!target.runner) this.#bind(url, `${name} = ${target.name} ${how}`);
      return;
    }
    if (target.kind === "module") {
      this.#bind(url, `${name} = ${this.#map.path(target.url)} ${how}`);
      return this.#everything(target.url);
    }
    if (target.url !== url || target.name !== name) {
      this.#bind(url, `${name} = ${this.#map.path(target.url)}#${target.name}`);
    }
    for (const found of this.#map.declared(target.url, target.name)) {
      this.#declaration(target.url, found);
    }
  }

  #bind(url: string, line: string): void {
    this.#bindings.set(url, (this.#bindings.get(url) ?? new Set()).add(line));
  }

  /** A module that code loads by itself, or names for a worker. */
  #linked(specifier: string, from: string): void {
    const url = resolveSpecifier(specifier, from);
    if (url === undefined) {
      return this.#bind(from, `${specifier} → ${packageName(specifier, from)}`);
    }
    this.#bind(from, `${specifier} → ${this.#map.path(url)}`);
    this.#loads = true;
    this.#load(url);
    this.#everything(url);
  }

  #everything(url: string): void {
    if (this.#isSeen(`everything ${url}`)) return;
    const facts = this.#map.facts(url);
    if (facts === undefined) return this.#bind(url, this.#map.rawDigest(url));
    for (const declaration of facts.declarations) this.#declaration(url, declaration);
    for (const name of Object.keys(facts.exports)) {
      this.#reach(url, `export ${name}`, this.#map.exported(url, name));
    }
    for (const specifier of facts.exportsAll) {
      const target = resolveSpecifier(specifier, url);
      if (target !== undefined) this.#everything(target);
      else this.#bind(url, `* = ${packageName(specifier, url)}`);
    }
  }
}
