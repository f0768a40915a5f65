/** Which code a step reaches, through imports, to the last helper. */

import { MISSING_FILE, sha256 } from "../base/mod.ts";
import type { CodeMap, NameTarget } from "./code_map.ts";
import type { CodePart } from "./code_part.ts";
import type { Declaration } from "./facts.ts";
import { isLoader } from "./loaders.ts";
import type { ExportedDeclaration } from "./step_function.ts";
import type { WiredPart, WiringCode } from "./pipeline_facts.ts";
import { LOAD_ORDER, type StepCode } from "./step_code.ts";
import { type SourceFile, specifiersOf, targets } from "./read_facts.ts";
import { isBare, packageName, resolveSpecifier, resolveUrl } from "./specifier.ts";

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
    digests[next] = file?.digest ?? MISSING_FILE;
    const specifiers = file?.facts === undefined ? [] : specifiersOf(file.facts);
    for (const specifier of specifiers.filter(isBare)) {
      const found = resolveUrl(specifier, next) ?? null;
      const isSame = found === (resolveUrl(specifier, url) ?? null);
      bare[isSame ? specifier : `${specifier} ${next}`] = found;
    }
    waiting.push(...targets(specifiers, next));
  }
  return { files: digests, bare };
}

/** What the step `name` of the pipeline in `url` reaches, with the resources it takes. */
export function reachOf(
  map: CodeMap,
  url: string,
  name: string,
  resources: readonly string[],
): StepCode {
  const mentioned = map.facts(url)?.pipeline?.mentioned ?? [];
  const walk = new Walk(map, url);
  walk.wired([name, ...resources]);
  const items = nodesOf(map, url, name).flatMap(({ items, at }) =>
    items ? [{ code: items, at }] : []
  );
  if (items.length === 0) return { ...walk.result(), mentioned };
  const itemWalk = new Walk(map, url);
  for (const part of items) itemWalk.pipelinePart(part);
  return { ...walk.result(), mentioned, items: itemWalk.result() };
}

/**
 * What exported declarations reach, with the resources of the pipeline in `url`. One that
 * cannot be found counts with all of the pipeline.
 *
 * @param chosen Which entries of tables are used where code says so; all if it is left out.
 */
export function reachOfDeclared(
  map: CodeMap,
  url: string,
  wanted: readonly ExportedDeclaration[],
  resources: readonly string[],
  chosen?: readonly string[],
): StepCode {
  const walk = new Walk(map, url, chosen);
  for (const { module, name, members } of wanted) {
    if (map.declared(module, name).length === 0) walk.wholePipeline();
    else walk.declaration(module, name, members);
  }
  walk.wired(resources);
  return { ...walk.result(), mentioned: map.facts(url)?.pipeline?.mentioned ?? [] };
}

/** The places at which a pipeline declares `name`; none if that cannot be told. */
function nodesOf(map: CodeMap, url: string, name: string) {
  const pipeline = map.facts(url)?.pipeline;
  const found = pipeline?.nodes.filter((node) => node.name === name) ?? [];
  return pipeline?.dynamic && !found.every(({ certain }) => certain) ? [] : found;
}

type Entry = Exclude<ReturnType<CodeMap["entry"]>, "none" | undefined>;

/** One walk from a step to all it reaches. */
class Walk {
  /** For each file: what of it counts, with its place. */
  readonly #parts = new Map<string, Map<string, { digest: string; at: number }>>();
  readonly #bindings = new Map<string, Set<string>>();
  readonly #params = new Set<string>();
  readonly #unknown = new Set<string>();
  readonly #seen = new Set<string>();
  readonly #loaded = new Set<string>();
  /** What is loaded, in order: files by URL, packages by name. */
  readonly #order: string[] = [];
  #hasEffects = false;
  #loads = false;
  readonly #imports = new Set<string>();
  readonly #mentions = new Set<string>();
  readonly #changes = new Set<string>();
  readonly #env = new Set<string>();
  /** Whether what is walked is done before any step, for all of them. */
  #early = false;
  #isWired = false;
  readonly #chosen: readonly string[] | undefined;
  /** Tables of which only what is chosen counts so far. */
  readonly #tables = new Map<string, { url: string; name: string }>();
  readonly #found = new Set<string>();

  constructor(
    private readonly map: CodeMap,
    private readonly pipeline: string,
    chosen?: readonly string[],
  ) {
    this.#chosen = chosen;
  }

  result(): Omit<StepCode, "mentioned" | "items"> {
    this.#settleTables();
    this.#early = true;
    this.#seen.clear(); // what steps do too is done here as well
    this.#load(this.pipeline);
    if (this.#isWired) this.#follow(this.#effects());
    const code: Record<string, string> = {};
    const urls = new Set([...this.#parts.keys(), ...this.#bindings.keys()]);
    for (const url of [...urls].sort()) {
      const parts = [...this.#parts.get(url)?.values() ?? []].sort((a, b) =>
        a.at - b.at || (a.digest < b.digest ? -1 : 1)
      ).map(({ digest }) => digest);
      const bindings = [...this.#bindings.get(url) ?? []].sort();
      code[this.map.path(url)] = sha256([...parts, ...bindings].join("\n"));
    }
    if (this.#hasEffects) {
      const order = this.#order.filter((at) => !at.startsWith("file:") || urls.has(at))
        .map((at) => at.startsWith("file:") ? this.map.path(at) : at);
      if (order.length > 1) code[LOAD_ORDER] = sha256(order.join("\n"));
    }
    const unknown = [...this.#unknown].sort();
    return {
      code,
      params: [...this.#params].sort(),
      ...this.#loads && { loads: true },
      ...this.#imports.size > 0 && { imports: [...this.#imports].sort() },
      ...this.#mentions.size > 0 &&
        { state: { mentions: [...this.#mentions].sort(), changes: [...this.#changes].sort() } },
      ...this.#env.size > 0 && { env: [...this.#env].sort() },
      ...unknown.length > 0 && { unknown },
    };
  }

  /** The whole wiring function, if a step in it cannot be told apart. */
  wholePipeline(): void {
    const pipeline = this.map.facts(this.pipeline)?.pipeline;
    this.#params.add("*");
    if (pipeline) this.#part(this.pipeline, pipeline.whole, 0);
    else this.#everything(this.pipeline);
  }

  /** What the wiring declares under names; all of it if a name cannot be found. */
  wired(names: readonly string[]): void {
    for (const name of names) {
      const found = nodesOf(this.map, this.pipeline, name);
      if (found.length === 0) this.wholePipeline();
      for (const node of found) this.pipelinePart(node);
    }
  }

  /** What a file declares under a name, or those members of it. */
  declaration(url: string, name: string, members?: readonly string[]): void {
    const entries = members?.map((member) => this.map.entry(url, name, member));
    if (entries === undefined || entries.includes(undefined)) return this.#name(url, name);
    for (const entry of entries) if (typeof entry === "object") this.#entry(entry);
  }

  /** Counts tables whole if something is chosen that none of them has. */
  #settleTables(): void {
    if (this.#chosen?.every((key) => this.#found.has(key)) ?? true) return;
    for (const { url, name } of this.#tables.values()) this.#name(url, name);
  }

  /** Code of the wiring function, with what it mentions there, and what that does for all. */
  pipelinePart(part: WiredPart): void {
    this.#isWired = true;
    this.#follow([part]);
  }

  /** What the wiring does for all steps. */
  #effects(): WiredPart[] {
    const { rest } = this.map.facts(this.pipeline)!.pipeline!;
    return rest.filter(({ load }) => !this.map.isFree(this.pipeline, load));
  }

  #follow(waiting: (WiredPart & Partial<WiringCode>)[]): void {
    const { rest } = this.map.facts(this.pipeline)!.pipeline!;
    for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
      const { code, at, makes, makers = [] } = next;
      if (this.#isSeen(`local ${code.digest} ${at}`)) continue;
      const isState = makes || makers.some((maker) => this.map.makesState(this.pipeline, maker));
      if (isState && !this.#early) {
        const name = `${this.map.path(this.pipeline)}: what is made at character ${at}`;
        this.#mentions.add(name);
        this.#changes.add(name);
      }
      for (const param of code.params) this.#params.add(param);
      waiting.push(
        ...rest.filter(({ locals }) => locals.some((name) => code.locals.includes(name))),
      );
      this.#part(this.pipeline, code, at);
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
    for (const what of part.unknown) this.#cannotFollow(url, what);
    this.#state(url, part);
    for (const name of part.names) this.#name(url, name);
    for (const name of part.tables ?? []) this.#table(url, name);
    for (const link of part.links) this.#linked(link, url);
    for (const specifier of part.imports) {
      const target = resolveSpecifier(specifier, url);
      if (target !== undefined) this.#imports.add(this.map.path(target));
    }
  }

  /** What of it outlives a step, or comes from before. */
  #state(url: string, part: CodePart): void {
    for (const name of part.env ?? []) {
      if (name === "*") this.#cannotFollow(url, "environment variables of computed names");
      else this.#env.add(name);
    }
    if (this.#early) return; // that is done in each run
    for (const name of [...part.names, ...part.tables ?? []]) {
      if (!this.map.isState(url, name)) continue;
      this.#mentions.add(this.map.stateName(url, name));
      if (this.map.holdsState(url, name)) this.#changes.add(this.map.stateName(url, name));
    }
    for (const name of part.globals ?? []) {
      if (this.map.isGlobalState(name)) this.#mentions.add(`globalThis.${name}`);
    }
    for (const name of this.map.writesOf(url, part)) {
      this.#mentions.add(name);
      this.#changes.add(name);
    }
  }

  #entry({ url, code, at }: Entry): void {
    if (!this.#isSeen(`entry ${url} ${at} ${code.digest}`)) this.#part(url, code, at);
  }

  /** A table that is mentioned for what the step chooses of it. */
  #table(url: string, name: string): void {
    const target = this.map.target(url, name);
    const chosen = !this.#early && target?.kind === "declared" &&
      this.#chosen?.map((key) => [key, this.map.entry(target.url, target.name, key)] as const);
    if (!chosen || chosen.some(([, entry]) => entry === undefined)) return this.#name(url, name);
    this.#tables.set(`${url} ${name}`, { url, name });
    if (target.url !== url || target.name !== name) {
      this.#bind(url, `${name} = ${this.map.path(target.url)}#${target.name}`);
    }
    for (const [key, entry] of chosen) {
      if (typeof entry !== "object") continue;
      this.#found.add(key);
      this.#entry(entry);
    }
  }

  /** What happens when a file is loaded, by it and by all that it imports. */
  #load(url: string): void {
    for (const file of this.map.loadOrder(url)) {
      if (this.#loaded.has(file)) continue;
      this.#loaded.add(file);
      const facts = this.map.facts(file);
      const effects = facts?.declarations.filter(({ load }) => !this.map.isFree(file, load)) ?? [];
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
    this.#reach(url, name, this.map.target(url, name));
  }

  /** Counts what a name stands for, and follows it there. */
  #reach(url: string, name: string, target: NameTarget | undefined): void {
    if (target === undefined) return this.#bind(url, `${name} = nothing`);
    if (target.kind === "outside") {
      const [module, exported] = target.name.split("#");
      const own = this.map.facts(url)?.imports[name]; // where it is imported, its use is read
      if (own?.specifier !== module && isLoader(module, exported)) {
        this.#cannotFollow(url, exported);
      }
      if (!target.runner) this.#bind(url, `${name} = ${target.name} ${target.how ?? ""}`);
      return;
    }
    if (target.kind === "module") {
      this.#bind(url, `${name} = ${this.map.path(target.url)} ${target.how ?? ""}`);
      return this.#everything(target.url);
    }
    if (target.url !== url || target.name !== name) {
      this.#bind(url, `${name} = ${this.map.path(target.url)}#${target.name}`);
    }
    for (const found of this.map.declared(target.url, target.name)) {
      this.#declaration(target.url, found);
    }
  }

  #cannotFollow(url: string, what: string): void {
    this.#unknown.add(`${this.map.path(url)}: ${what}`);
  }

  #bind(url: string, line: string): void {
    this.#bindings.set(url, (this.#bindings.get(url) ?? new Set()).add(line));
  }

  /** A module that code loads by itself, or names for a worker. */
  #linked(specifier: string, from: string): void {
    const url = resolveSpecifier(specifier, from);
    if (url === undefined) {
      const name = packageName(specifier, from);
      if (isLoader(name, "*")) this.#cannotFollow(from, name);
      return this.#bind(from, `${specifier} → ${name}`);
    }
    this.#bind(from, `${specifier} → ${this.map.path(url)}`);
    this.#loads = true;
    this.#load(url);
    this.#everything(url);
  }

  #everything(url: string): void {
    if (this.#isSeen(`everything ${url}`)) return;
    const facts = this.map.facts(url);
    if (facts === undefined) return this.#bind(url, this.map.rawDigest(url));
    for (const declaration of facts.declarations) this.#declaration(url, declaration);
    for (const name of Object.keys(facts.exports)) {
      this.#reach(url, `export ${name}`, this.map.exported(url, name));
    }
    for (const specifier of facts.exportsAll) {
      const target = resolveSpecifier(specifier, url);
      if (target !== undefined) this.#everything(target);
      else this.#bind(url, `* = ${packageName(specifier, url)}`);
    }
  }
}
