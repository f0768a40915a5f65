/** Finds in a set of files what names lead to, and what loading the files does. */

import { fromFileUrl, relative } from "../../base/mod.ts";
import { MISSING } from "../store/file_digest.ts";
import type { CodePart } from "./code_part.ts";
import type { Freedom } from "./effects.ts";
import type { Binding, Declaration, ModuleFacts } from "./facts.ts";
import type { SourceFile } from "./read_facts.ts";
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
  readonly #files: ReadonlyMap<string, SourceFile>;
  readonly #root: string;
  readonly #declared = new Map<string, Map<string, Declaration[]>>();
  readonly #paths = new Map<string, string>();
  readonly #orders = new Map<string, readonly string[]>();
  readonly #free = new Map<string, boolean>();
  /** Declarations, as `url name`, whose values may be changed when the modules are loaded. */
  readonly #changed = new Set<string>();
  /** Whether anything may be changed then. */
  #allChanged = false;
  /** Whether functions among them may have properties that do something. */
  #functionsChanged = false;

  /** Takes the files by URL, the folder that paths are told from, and the pipeline's file. */
  constructor(files: ReadonlyMap<string, SourceFile>, root: string, pipeline: string) {
    this.#files = files;
    this.#root = root;
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
    for (const name of code.names) {
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
