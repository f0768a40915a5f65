/** Finds in a set of files what names lead to, and what loading the files does. */

import { fromFileUrl, MISSING_FILE, relative } from "../base/mod.ts";
import type { CodePart } from "./code_part.ts";
import type { Freedom } from "./effects.ts";
import type { Binding, Declaration, ModuleFacts } from "./facts.ts";
import type { SourceFile } from "./read_facts.ts";
import type { StateFacts } from "./state.ts";
import { isRunner, packageName, resolveSpecifier } from "./specifier.ts";

/** Where a name leads: to a declaration, a whole module or file, or out of the project. */
export type NameTarget =
  | { readonly kind: "declared"; readonly url: string; readonly name: string }
  | { readonly kind: "module"; readonly url: string; readonly how?: string }
  | {
    readonly kind: "outside";
    readonly name: string;
    readonly runner: boolean;
    readonly how?: string;
  };

/** A set of files. */
export class CodeMap {
  readonly #declared = new Map<string, Map<string, Declaration[]>>();
  readonly #paths = new Map<string, string>();
  readonly #orders = new Map<string, readonly string[]>();
  readonly #free = new Map<string, boolean>();
  /** What functions change that others may see; found out when it is asked for. */
  #states: Set<string> | undefined;
  /** Declarations, as `url name`, whose values may be changed when the modules are loaded. */
  readonly #changed = new Set<string>();
  /** Whether anything may be changed then. */
  #allChanged = false;
  /** Whether functions among them may have properties that do something. */
  #functionsChanged = false;

  /** Takes the files by URL, the folder that paths are told from, and the pipeline's file. */
  constructor(
    private readonly files: ReadonlyMap<string, SourceFile>,
    private readonly root: string,
    pipeline: string,
  ) {
    // What was found to have an effect may change what else is taken to have none.
    const found = () => [this.#changed.size, this.#functionsChanged].join();
    for (let before = ""; before !== found() && !this.#allChanged;) {
      before = found();
      this.#free.clear();
      for (const { code, url } of this.#effects(pipeline)) this.#change(code, url);
    }
    this.#free.clear();
  }

  /** The code that is not free of effects, of all that is loaded with a pipeline and of its wiring. */
  #effects(pipeline: string): { code: CodePart; url: string }[] {
    const loaded = this.loadOrder(pipeline).flatMap((url) =>
      this.facts(url)?.declarations.map((found) => ({ ...found, url })) ?? []
    );
    const { rest = [] } = this.facts(pipeline)?.pipeline ?? {};
    const found = rest.filter(({ load }) => !this.isFree(pipeline, load));
    for (const { code } of found) { // with what their variables hold
      const holds = rest.filter(({ locals }) => locals.some((name) => code.locals.includes(name)));
      found.push(...holds.filter((part) => !found.includes(part)));
    }
    return [
      ...loaded.filter(({ load, url }) => !this.isFree(url, load)),
      ...found.map(({ code }) => ({ code, url: pipeline })),
    ];
  }

  /** Takes all that code mentions for changed by it. */
  #change(code: CodePart, url: string): void {
    this.#allChanged ||= code.reflects === true;
    this.#functionsChanged ||= code.patches === true;
    for (const name of [...code.names, ...code.tables ?? []]) {
      const target = this.target(url, name);
      if (target?.kind === "declared") this.#changeName(target.url, target.name);
      else if (target?.kind === "module") this.#changeAll(target.url);
    }
    for (const link of code.links) {
      const linked = resolveSpecifier(link, url);
      if (linked !== undefined) this.#changeAll(linked);
    }
  }

  #changeName(url: string, name: string): void {
    const key = `${url} ${name}`;
    if (this.#changed.has(key)) return;
    this.#changed.add(key);
    for (const { code } of this.declared(url, name)) this.#change(code, url);
  }

  #changeAll(url: string): void {
    for (const { names } of this.facts(url)?.declarations ?? []) {
      for (const name of names) this.#changeName(url, name);
    }
    for (const name of Object.keys(this.facts(url)?.exports ?? {})) {
      const target = this.exported(url, name);
      if (target?.kind === "declared") this.#changeName(target.url, target.name);
    }
  }

  /** The facts of a file. */
  facts(url: string): ModuleFacts | undefined {
    return this.files.get(url)?.facts;
  }

  /** Where a file is, told from the root. */
  path(url: string): string {
    const known = this.#paths.get(url);
    if (known !== undefined) return known;
    const path: string = relative(this.root, fromFileUrl(url)).replaceAll("\\", "/");
    this.#paths.set(url, path);
    return path;
  }

  /** A file that is not code, or is missing. */
  rawDigest(url: string): string {
    return this.files.get(url)?.digest ?? MISSING_FILE;
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

  /**
   * The code of one entry of an object that a file declares: `none` if it has no such entry,
   * undefined if that is not certain.
   */
  entry(
    url: string,
    name: string,
    key: string,
    seen = new Set<string>(),
  ): { url: string; code: CodePart; at: number } | "none" | undefined {
    const [found, ...more] = this.declared(url, name);
    if (more.length > 0 || found?.entries === undefined || seen.has(`${url} ${name}`)) return;
    seen.add(`${url} ${name}`);
    const { own, from } = found.entries;
    if (Object.hasOwn(own, key)) return { url, ...own[key] };
    for (const spread of from.toReversed()) {
      const target = this.target(url, spread);
      if (target?.kind !== "declared") return;
      const inherited = this.entry(target.url, target.name, key, seen);
      if (inherited !== "none") return inherited;
    }
    return "none";
  }

  /** What a name stands for, as one name for all who change or read it. */
  stateName(url: string, name: string): string {
    const target = this.target(url, name);
    if (target?.kind === "declared") return `${this.path(target.url)}: "${target.name}"`;
    return target?.kind === "outside" ? target.name : `${this.path(url)}: "${name}"`;
  }

  /** Whether functions change what a name stands for, or what is in it. */
  isState(url: string, name: string): boolean {
    return this.#written().has(this.stateName(url, name)) || this.holdsState(url, name);
  }

  /** Whether a value is changed by its own functions, or was made by what makes such values. */
  holdsState(url: string, name: string): boolean {
    return this.#stateFacts(url, name).some(([at, { holds, makers = [] }]) =>
      holds || makers.some((maker) => this.makesState(at, maker))
    );
  }

  /** Whether what a function gives, or an instance of a class, may be changed later. */
  makesState(url: string, name: string, seen = new Set<string>()): boolean {
    if (seen.has(`${url} ${name}`)) return false;
    seen.add(`${url} ${name}`);
    return this.#stateFacts(url, name).some(([at, { makes, base, innerMakers = [] }]) =>
      makes ||
      [...base === undefined ? [] : [base], ...innerMakers].some((maker) =>
        this.makesState(at, maker, seen)
      )
    );
  }

  #stateFacts(url: string, name: string): [url: string, StateFacts][] {
    const target = this.target(url, name);
    if (target?.kind !== "declared") return [];
    return this.declared(target.url, target.name).flatMap(({ state }) =>
      state && !state.memo ? [[target.url, state] as [string, StateFacts]] : []
    );
  }

  /** Properties of the global object that functions change. */
  isGlobalState(name: string): boolean {
    return this.#written().has(`globalThis.${name}`) || this.#written().has("globalThis.*");
  }

  #written(): ReadonlySet<string> {
    if (this.#states !== undefined) return this.#states;
    this.#states = new Set();
    for (const [url, { facts }] of this.files) {
      const { declarations = [], pipeline } = facts ?? {};
      for (const { code } of [...declarations, ...pipeline ? [{ code: pipeline.whole }] : []]) {
        for (const name of this.writesOf(url, code)) this.#states.add(name);
      }
    }
    return this.#states;
  }

  /** What functions in code change that others may see. */
  writesOf(url: string, { writes = [], handed = [], globalWrites = [] }: CodePart): string[] {
    const changed = handed.map((line) => line.split(" ")).flatMap(([to, at, name]) =>
      this.#changesArgument(url, to, Number(at)) ? [name] : []
    );
    return [
      ...[...writes, ...changed].flatMap((name) => this.#stateNames(url, name)),
      ...globalWrites.map((name) => `globalThis.${name}`),
    ];
  }

  /** The state that a name stands for, or what calling it gives access to, as `f()`. */
  #stateNames(url: string, name: string, seen = new Set<string>()): string[] {
    if (seen.has(`${url} ${name}`)) return [];
    seen.add(`${url} ${name}`);
    if (name.endsWith("()")) {
      return this.#stateFacts(url, name.slice(0, -2)).flatMap(([at, { gives = [] }]) =>
        gives.flatMap((given) => this.#stateNames(at, given, seen))
      );
    }
    const target = this.target(url, name);
    // A number or text that is never given another value has nothing in it to change.
    const isSteady = target?.kind === "declared" &&
      this.declared(target.url, target.name).some(({ state, primitive }) =>
        state?.memo || primitive
      );
    return isSteady ? [] : [this.stateName(url, name)];
  }

  /** Whether a function changes what it is given as an argument. */
  #changesArgument(url: string, name: string, at: number, seen = new Set<string>()): boolean {
    if (seen.has(`${url} ${name} ${at}`)) return false;
    seen.add(`${url} ${name} ${at}`);
    return this.#stateFacts(url, name).some(([there, { changesArguments = [], passes = [] }]) =>
      changesArguments.includes(at) ||
      passes.some(([own, to, next]) => own === at && this.#changesArgument(there, to, next, seen))
    );
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
  target(url: string, name: string): NameTarget | undefined {
    if (this.declared(url, name).length > 0) return { kind: "declared", url, name };
    const imports = this.facts(url)?.imports ?? {};
    return Object.hasOwn(imports, name) ? this.bound(imports[name], url) : undefined;
  }

  /** What an import leads to, past files that only pass it on. */
  bound(
    { specifier, name, how }: Binding,
    from: string,
    seen = new Set<string>(),
  ): NameTarget | undefined {
    const url = resolveSpecifier(specifier, from);
    if (url === undefined) {
      const to = packageName(specifier, from);
      return { kind: "outside", name: `${to}#${name}`, runner: isRunner(to), how };
    }
    return name === "*" || this.facts(url) === undefined
      ? { kind: "module", url, how }
      : this.exported(url, name, seen);
  }

  /** What an export leads to. */
  exported(url: string, name: string, seen = new Set<string>()): NameTarget | undefined {
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
      if (need === "language") return !this.#allChanged;
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

  #holds(kind: string, target: NameTarget | undefined): boolean {
    if (target === undefined) return false;
    if (target.kind === "outside") return target.runner || kind === "read";
    if (target.kind === "module") return kind === "read";
    const isChanged = this.#changed.has(`${target.url} ${target.name}`);
    return this.declared(target.url, target.name).every((found) => {
      const { call, plain, data, gives, primitive } = found;
      switch (kind) {
        case "call":
          return this.isFree(target.url, call ?? false);
        case "use":
          return call === undefined ? primitive : this.isFree(target.url, call);
        case "gives":
          return this.isFree(target.url, gives);
      }
      const isFunction = gives !== false || call !== undefined;
      if (isChanged && !primitive && !(isFunction && !this.#functionsChanged)) return false;
      return kind === "read" && plain || this.isFree(target.url, data);
    });
  }
}
