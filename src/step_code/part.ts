/**
 * Reads a piece of code without what does not change what it does (comments, formatting,
 * types), and finds what it mentions.
 */

import { isMethodName, libraries, makers, reflective } from "./language.ts";
import { EnvironmentReads } from "./environment.ts";
import { isLoader, named, unseenCode, unseenProperties } from "./loaders.ts";
import { moduleUrl, namesFolder } from "./module_url.ts";
import { importedFrom, isGlobalObject, rootOf, variableOf } from "./names.ts";
import {
  fixedName,
  isFunction,
  isNode,
  isTypeOnly,
  literalText,
  type ParsedModule,
  type SyntaxNode,
  type Variable,
  withoutTypes,
} from "../syntax/mod.ts";
import { fillsOnce, handedBy, stateName, targetOf, variablesChangedBy } from "./state.ts";

/** What a piece of code says and mentions. */
export interface Part {
  /** The code in a form of its own; equal for code that differs in formatting, comments or types. */
  readonly text: string;
  /** Names of the module that it mentions, sorted. */
  readonly names: readonly string[];
  /** Names of tables of which it uses the entries that a step chooses. */
  readonly tables?: readonly string[];
  /** Variables of the wiring function that it mentions, by number. */
  readonly locals: readonly number[];
  /** Modules it names in `import("…")`, `new URL("…", import.meta.url)`, `import.meta.resolve("…")`. */
  readonly links: readonly string[];
  /** Those of them that `import("…")` reads. */
  readonly imports: readonly string[];
  /** Parameters of the pipeline that it mentions as `params.name`; `*` for all. */
  readonly params: readonly string[];
  /** What of it cannot be followed, in words. */
  readonly unknown: readonly string[];
  /**
   * Names of the module that functions in it give other values or contents; `f()` for what
   * calling `f` gives.
   */
  readonly writes?: readonly string[];
  /** What functions in it hand to others: function, which argument and name, as `f 0 table`. */
  readonly handed?: readonly string[];
  /** Names of the language and its surroundings that it mentions, or properties of `globalThis`. */
  readonly globals?: readonly string[];
  /** Those of them that functions in it change. */
  readonly globalWrites?: readonly string[];
  /** Environment variables that it reads; `*` for any, or if it changes them. */
  readonly env?: readonly string[];
  /** Whether it may change what objects of the language do. */
  readonly reflects?: boolean;
  /** Whether it may give a function properties that do something when they are read or called. */
  readonly patches?: boolean;
}

/** What a wiring function adds to the reading of code in it. */
export interface Wiring {
  /** The variables that the wiring function declares, by number. */
  readonly variables: ReadonlyMap<Variable, number>;
  /** The parameters that a variable holds, if it was taken from them. */
  readonly taken: ReadonlyMap<Variable, string>;
  /** Whether an expression is the parameters of the pipeline. */
  isParams(node: SyntaxNode): boolean;
  /** Variables that functions of the wiring change, so that steps share state. */
  readonly shared: ReadonlySet<Variable>;
}

/** What a reader writes for a node instead of reading it. */
export type Cut = (node: SyntaxNode) => string | undefined;

/** Properties of nodes that are about place, types or spelling. */
const skipped = new Set([
  ...["start", "end", "range", "loc", "parent", "type"],
  ...["typeAnnotation", "typeArguments", "typeParameters", "returnType", "superTypeArguments"],
  ...["superTypeParameters", "implements", "importKind", "exportKind"],
  ...["abstract", "accessibility", "declare", "definite", "override", "readonly"],
]);

/** Reads code; `cut` replaces nodes. */
export function readPart(
  module: ParsedModule,
  nodes: readonly unknown[],
  wiring?: Wiring,
  cut: Cut = () => undefined,
): Part {
  const reader = new PartReader(module, wiring, cut);
  for (const node of nodes) reader.read(node);
  return reader.part();
}

class PartReader {
  readonly #text: string[] = [];
  readonly #names = new Set<string>();
  readonly #tables = new Set<string>();
  readonly #locals = new Set<number>();
  readonly #links = new Set<string>();
  readonly #imports = new Set<string>();
  readonly #writes = new Set<string>();
  readonly #handed = new Set<string>();
  readonly #globals = new Set<string>();
  readonly #globalWrites = new Set<string>();
  readonly #environment = new EnvironmentReads();
  /** How many functions are around the node that is read. */
  #depth = 0;
  readonly #params = new Set<string>();
  readonly #unknown = new Set<string>();
  #reflects = false;
  #patches = false;
  /** Whether the code that is read says that what it loads is seen otherwise. */
  #followed = false;
  /** Mentions of what loads code that are seen to do no harm. */
  readonly #harmless = new Set<unknown>();

  constructor(
    readonly module: ParsedModule,
    readonly wiring: Wiring | undefined,
    readonly cut: Cut,
  ) {}

  part(): Part {
    const sorted = (set: Set<string>) => [...set].sort();
    const some = (name: string, set: Set<string>) => set.size > 0 && { [name]: sorted(set) };
    return {
      text: this.#text.join(" "),
      names: sorted(this.#names),
      ...some("tables", this.#tables),
      locals: [...this.#locals],
      links: sorted(this.#links),
      imports: sorted(this.#imports),
      params: sorted(this.#params),
      unknown: sorted(this.#unknown),
      ...some("writes", this.#writes),
      ...some("handed", this.#handed),
      ...some("globals", this.#globals),
      ...some("globalWrites", this.#globalWrites),
      ...some("env", this.#environment.names),
      ...this.#reflects && { reflects: true },
      ...this.#patches && { patches: true },
    };
  }

  read(value: unknown): void {
    if (Array.isArray(value)) {
      this.#text.push("[");
      for (const item of value) this.read(item);
      this.#text.push("]");
    } else if (isNode(value)) this.#node(value);
    else if (value instanceof RegExp) return; // told by its pattern and flags
    else if (typeof value === "object" && value !== null) this.#properties(value);
    else this.#text.push(typeof value === "bigint" ? `${value}n` : JSON.stringify(value) ?? "");
  }

  #node(given: SyntaxNode): void {
    const node = withoutTypes(given);
    const instead = this.cut(node);
    if (instead !== undefined) return void this.#text.push(instead);
    if (isTypeOnly(node)) return;
    if (this.wiring && this.#paramsIn(node, this.wiring)) return;
    const followed = this.#followed;
    this.#followed ||= this.module.isMarked(node, "FOLLOWED");
    this.#follow(node);
    if (!this.#followed) this.#environment.visit(node);
    if (this.#depth > 0) this.#change(node);
    if (isFunction(node)) this.#depth++;
    if (node.type === "Identifier" || node.type === "JSXIdentifier") this.#mention(node);
    this.#text.push(`(${node.type}`);
    // Types of what is decorated may be emitted beside it.
    if ((node.decorators as unknown[] | undefined)?.length) {
      this.#text.push(JSON.stringify(this.module.sourceOf(node)));
    }
    this.#properties(node);
    this.#text.push(")");
    if (isFunction(node)) this.#depth--;
    this.#followed = followed;
  }

  #unfollowed(what: string): void {
    if (!this.#followed) this.#unknown.add(what);
  }

  #properties(node: object): void {
    const { type } = node as SyntaxNode;
    for (const property of Object.keys(node).sort()) {
      if (skipped.has(property)) continue;
      if (property === "raw" && type === "Literal") continue;
      if (property === "optional" && type !== "MemberExpression" && type !== "CallExpression") {
        continue;
      }
      const value = (node as SyntaxNode)[property];
      if (property === "decorators" && (value as unknown[]).length === 0) continue;
      this.#text.push(`${property}:`);
      this.read(value);
    }
  }

  #mention(node: SyntaxNode): void {
    const reference = this.module.reference(node);
    if (reference === undefined || !reference.isValueReference) return;
    const variable = reference.resolved;
    if (variable === null) {
      this.#globals.add(String(node.name));
      return this.#unseen(node, named(unseenCode, String(node.name)));
    }
    if (variable.scope === this.module.scope) {
      const isTable = this.module.isMarked(node, "CHOSEN");
      (isTable ? this.#tables : this.#names).add(variable.name);
    }
    const wiring = this.wiring;
    if (wiring === undefined) return;
    const number = wiring.variables.get(variable);
    if (number !== undefined) this.#locals.add(number);
    const param = wiring.taken.get(variable);
    if (param !== undefined) this.#params.add(param);
    if (wiring.shared.has(variable)) this.#unknown.add(`"${variable.name}", which steps change`);
  }

  /** Mentions of the parameters; true if the node is done. */
  #paramsIn(node: SyntaxNode, wiring: Wiring): boolean {
    if (node.type === "MemberExpression" && wiring.isParams(node.object as SyntaxNode)) {
      const property = node.property as SyntaxNode;
      const name = node.computed === true ? literalText(property) : String(property.name);
      if (name === undefined) return false;
      this.#params.add(name);
      this.#text.push(`param:${name}`);
      return true;
    }
    if (wiring.isParams(node)) this.#params.add("*");
    return false;
  }

  /** What the code changes that outlives it. */
  #change(node: SyntaxNode): void {
    if (fillsOnce(this.module, node)) return;
    for (const { variable, name, isCalled } of variablesChangedBy(this.module, node)) {
      if (variable?.scope === this.module.scope) this.#writes.add(stateName(variable, isCalled));
      if (variable !== null) continue;
      this.#globalWrites.add(this.#globalProperty(targetOf(node)) ?? name);
    }
    for (const { variable, isCalled, to, at } of handedBy(this.module, node)) {
      if (variable?.scope !== this.module.scope) continue;
      this.#handed.add(`${to} ${at} ${stateName(variable, isCalled)}`);
    }
  }

  /** `x` of `globalThis.x` and what begins with it. */
  #globalProperty(given: unknown): string | undefined {
    if (!isNode(given)) return undefined;
    const { type, object, property, computed } = withoutTypes(given);
    if (type !== "MemberExpression") return undefined;
    return isGlobalObject(object) && this.#isGlobal(object)
      ? fixedName(property, computed) ?? "*"
      : this.#globalProperty(object);
  }

  /** What the code loads, and whether it may change what the language does. */
  #follow(node: SyntaxNode): void {
    const { type, callee, source, arguments: given } = node;
    switch (type) {
      case "ImportExpression": {
        const target = literalText(source);
        this.#link(target, "a computed import");
        if (target !== undefined) this.#imports.add(target);
        return;
      }
      case "Identifier":
        this.#reflects ||= reflective.has(String(node.name)) && this.#isGlobal(node) &&
          !this.#harmless.has(node);
        if (this.#isLoader(node)) this.#unseen(node, String(node.name));
        return;
      case "MemberExpression": {
        const name = fixedName(node.property, node.computed) ?? "";
        this.#reflects ||= reflective.has(name);
        this.#unseen(node, named(unseenProperties, name));
        const object = withoutTypes(node.object as SyntaxNode);
        const isGlobal = this.#isGlobal(object) && isGlobalObject(object);
        if (isGlobal) this.#globals.add(name || "*");
        if (isGlobal) this.#unseen(node, named(unseenCode, name));
        // That of a function makes functions from text.
        if (name === "constructor" && isFunction(object)) this.#unfollowed(unseenCode.Function);
        const isKnown = makers.has(name) || libraries.has(name) || reflective.has(name);
        // `globalThis.mine` is nobody else's.
        if (isGlobal && name !== "" && !isKnown) this.#harmless.add(object);
        return;
      }
      case "Property": {
        const name = fixedName(node.key, node.computed) ?? "";
        this.#reflects ||= name === "__proto__";
        this.#patches ||= node.kind !== "init";
        this.#unseen(node, named(unseenProperties, name));
        return;
      }
      case "VariableDeclarator":
        this.#reflects ||= this.#isGlobal(node.init) &&
          libraries.has(String((node.init as SyntaxNode).name));
        if (isNode(node.id) && node.id.type === "ObjectPattern" && this.#isGlobal(node.init)) {
          for (const { key } of node.id.properties as SyntaxNode[]) {
            this.#unseen(node, named(unseenCode, fixedName(key, false) ?? ""));
          }
        }
        return;
      case "AssignmentExpression": {
        const left = withoutTypes(node.left as SyntaxNode);
        this.#reflects ||= this.#isGlobal(rootOf(left)) &&
          !reflective.has(String(rootOf(left).name)); // which is told by the property
        this.#patches ||= left.type === "MemberExpression" &&
          isMethodName(fixedName(left.property, left.computed) ?? "");
        return;
      }
      case "TSImportEqualsDeclaration":
      case "TSExportAssignment":
        return this.#unfollowed("require");
      case "JSXElement":
      case "JSXFragment":
        return this.#jsx();
    }
    const link = moduleUrl(node);
    if (link !== undefined) {
      const { address } = link;
      if (address !== undefined && !namesFolder(address)) this.#links.add(address);
    } else if (type === "NewExpression" && isNode(callee) && this.#isWorker(callee)) {
      const [url] = given as SyntaxNode[];
      const inner = moduleUrl(url) ?? (isNode(url) ? moduleUrl(url.object) : undefined);
      this.#link(inner?.address, unseenCode.Worker);
      this.#harmless.add(callee);
    } else if (type === "CallExpression" && isNode(callee) && callee.type === "MemberExpression") {
      const [target] = given as SyntaxNode[];
      const specifier = literalText(target);
      // A module that is named and loads nothing; the constructor of a function, given its text.
      if (specifier !== undefined && nameOf(callee) === "getBuiltinModule") {
        if (!isLoader(specifier, "*")) this.#harmless.add(callee);
      }
      if (specifier !== undefined && nameOf(callee) === "constructor") {
        this.#unfollowed(unseenCode.Function);
      }
      this.#reflects ||= nameOf(callee) === "assign" && isNode(target) &&
        this.#isGlobal(rootOf(target));
    }
  }

  #isGlobal(node: unknown): boolean {
    return variableOf(this.module, node) === null;
  }

  /** Code that comes by a name that is no direct use of it. */
  #unseen(node: SyntaxNode, what: string | undefined): void {
    if (what !== undefined && !this.#harmless.has(node)) this.#unfollowed(what);
  }

  #isWorker(callee: SyntaxNode): boolean {
    if (callee.type === "MemberExpression") {
      return (callee.property as SyntaxNode).name === "Worker";
    }
    return this.#isLoader(callee) ? this.#imported(callee) === "Worker" : callee.name === "Worker";
  }

  /** The name under which another module exports what a name stands for. */
  #imported(node: SyntaxNode): string | undefined {
    const definition = variableOf(this.module, node)?.defs[0]?.node;
    return (definition?.imported as SyntaxNode | undefined)?.name as string;
  }

  #isLoader(node: SyntaxNode): boolean {
    const origin = importedFrom(variableOf(this.module, node));
    const specifier = literalText(origin?.source);
    return specifier !== undefined &&
      isLoader(specifier.replace(/^(?!node:)/, "node:"), this.#imported(node) ?? "default");
  }

  #link(target: string | undefined, unknown: string): void {
    if (target === undefined) this.#unfollowed(unknown);
    else this.#links.add(target);
  }

  /** What JSX compiles to mentions names and a module that are not written there. */
  #jsx(): void {
    this.#text.push(...this.module.pragmas);
    const factories = ["React", "h"];
    for (const pragma of this.module.pragmas) {
      const [kind, what] = pragma.split(/\s+/);
      if (kind === "@jsxImportSource") this.#links.add(`${what}/jsx-runtime`);
      else factories.push(what.split(".")[0]);
    }
    for (const name of factories) if (this.module.scope.set.has(name)) this.#names.add(name);
  }
}

function nameOf({ property, computed }: SyntaxNode): string | undefined {
  return fixedName(property, computed);
}
