/** What a module declares, imports and exports, and how its pipeline is wired. */

import { type CodePart, codePart } from "./code_part.ts";
import {
  callFreedomOf,
  dataFreedomOf,
  type Freedom,
  freedomOf,
  givesFreedomOf,
  isPlain,
} from "./effects.ts";
import { type Entries, entriesOf } from "./entries.ts";

import { constantValue, variableOf } from "./names.ts";
import {
  fixedName,
  hasDefaults,
  isNode,
  isTypeOnly,
  literalText,
  namesDeclared,
  type ParsedModule,
  type SyntaxNode,
  withoutTypes,
} from "../syntax/mod.ts";
import { readPart } from "./part.ts";
import { type StateFacts, stateOf } from "./state.ts";
import { isPrimitive } from "./values.ts";
import { readPipeline } from "./wiring_reader.ts";
import type { PipelineFacts } from "./pipeline_facts.ts";

/** A name from another module: `*` stands for all of it. */
export interface Binding {
  readonly specifier: string;
  readonly name: string;
  /** Import attributes and phase, as JSON. */
  readonly how?: string;
}

/** A statement at the top of a module, or one variable of it. */
export interface Declaration {
  /** The names it introduces; none for a statement that is there for what it does. */
  readonly names: readonly string[];
  readonly code: CodePart;
  /** Where it stands; -1 for a function, which is there from the beginning. */
  readonly at: number;
  /** When loading it has no effect beside making its value. */
  readonly load: Freedom;
  /** The same for calling what it declares. */
  readonly call?: Freedom;
  /** Whether what it declares can be read without effect. */
  readonly plain: boolean;
  /** When it is data. */
  readonly data: Freedom;
  /** When it gives data as a function. */
  readonly gives: Freedom;
  /** Whether nothing that others do changes it: a number, a text or the like. */
  readonly primitive: boolean;
  /** Its entries, if it is an object of which they can be told apart. */
  readonly entries?: Entries;
  /** What it does about state; absent if there is nothing to say. */
  readonly state?: StateFacts;
}

/** What one module file says. Plain data, kept from run to run. */
export interface ModuleFacts {
  /** Names from other modules by their name here. */
  readonly imports: Readonly<Record<string, Binding>>;
  /** The modules that are loaded before this one, in order. */
  readonly loads: readonly string[];
  /** Modules that are imported for what they do. */
  readonly effectImports: readonly string[];
  /** What is exported: a name of here, or one of another module. */
  readonly exports: Readonly<Record<string, string | Binding>>;
  /** Modules whose exports are all passed on. */
  readonly exportsAll: readonly string[];
  /** Its code. */
  readonly declarations: readonly Declaration[];
  /** The pipeline that the module exports by default. */
  readonly pipeline?: PipelineFacts;
}

/** What is known of a declaration that is no value. */
const unknown = { plain: false, data: false, gives: false, primitive: false } as const;

/** Reads the facts of a module from its syntax tree. */
export function readFacts(module: ParsedModule): ModuleFacts {
  const imports: Record<string, Binding> = {};
  const loads: string[] = [];
  const effectImports: string[] = [];
  const exports: Record<string, string | Binding> = {};
  const exportsAll: string[] = [];
  const declarations: Declaration[] = [];
  let pipeline: PipelineFacts | undefined;

  const declare = (
    names: string[],
    node: SyntaxNode,
    value: unknown = node,
    kind: unknown = undefined,
  ) => {
    // What is declared with `using` is disposed of when the module is done.
    const load = !/using/.test(String(kind)) && freedomOf(module, [node]);
    if (names.length === 0 && load && load.length === 0) return;
    const steady = names.every((name) =>
      module.scope.set.get(name)?.references.every((use) => use.init || !use.isWrite()) ?? true
    );
    const isWhole = node.type !== "VariableDeclarator" ||
      (node.id as SyntaxNode).type === "Identifier";
    const known = steady && isNode(value) && (isWhole || !hasDefaults(node.id as SyntaxNode));
    const call = steady && isWhole && isNode(value) ? callFreedomOf(module, value) : undefined;
    const entries = known && isWhole && entriesOf(module, value);
    const state = isNode(value) ? stateOf(module, value) : undefined;
    declarations.push({
      names,
      code: codePart(readPart(module, [kind ?? "", node])),
      at: node.type === "FunctionDeclaration" ? -1 : Number(node.start),
      load,
      ...call !== undefined && { call },
      plain: steady && isWhole && isPlain(module, value),
      data: known && dataFreedomOf(module, value),
      gives: known && isWhole && givesFreedomOf(module, value),
      primitive: known && isWhole && isPrimitive(value),
      ...entries && { entries },
      ...state && { state },
    });
  };
  function statement(node: SyntaxNode): void {
    switch (node.type) {
      case "ImportDeclaration":
        return importsOf(node);
      case "ExportAllDeclaration": {
        if (node.exportKind === "type") return;
        const specifier = load(node);
        if (isNode(node.exported)) {
          exports[nameOf(node.exported)] = { specifier, name: "*", ...howOf(node) };
        } else exportsAll.push(specifier);
        return;
      }
      case "ExportNamedDeclaration":
        return exportsOf(node);
      case "ExportDefaultDeclaration": {
        const given = withoutTypes(node.declaration as SyntaxNode);
        exports.default = "default";
        const declaration = constantValue(variableOf(module, given)) ?? given;
        const wired = readPipeline(module, declaration);
        if (wired === undefined) return declare(["default", ...namesDeclared(given)], given);
        pipeline = wired;
        const options = (declaration.arguments as SyntaxNode[]).slice(0, 2);
        const codecs = propertyOf(options[1], "codecs");
        if (freedomOf(module, options) && codecs === undefined) return declare([], options[1]);
        declarations.push({
          ...{ names: [], at: Number(node.start), load: false, ...unknown },
          code: codePart(readPart(module, codecs ? [codecs] : options)),
        });
        return;
      }
    }
    if (isTypeOnly(node)) return;
    if (node.type !== "VariableDeclaration") return declare(namesWithin(node), node);
    for (const declarator of node.declarations as SyntaxNode[]) {
      declare(namesDeclared(declarator), declarator, declarator.init, node.kind);
    }
  }
  /** What a statement declares for the module, also by `var` in a block of it. */
  function namesWithin({ start, end }: SyntaxNode): string[] {
    const within = ([from, to]: readonly [number, number]) =>
      from >= Number(start) && to <= Number(end);
    return module.scope.variables.filter(({ defs }) => defs.some(({ name }) => within(name.range)))
      .map(({ name }) => name);
  }
  /** The module that a statement loads. */
  function load({ source }: SyntaxNode): string {
    const specifier = literalText(source)!;
    loads.push(specifier);
    return specifier;
  }
  function howOf({ attributes, phase }: SyntaxNode): Pick<Binding, "how"> {
    const given = (attributes ?? []) as SyntaxNode[];
    if (given.length === 0 && !phase) return {};
    const pairs = given.map(({ key, value }) => [nameOf(key as SyntaxNode), literalText(value)]);
    return { how: JSON.stringify([phase ?? null, ...pairs.sort()]) };
  }
  function importsOf(node: SyntaxNode): void {
    if (node.importKind === "type") return;
    const specifier = load(node);
    const specifiers = node.specifiers as SyntaxNode[];
    if (specifiers.length === 0) effectImports.push(specifier);
    for (const { type, importKind, imported, local } of specifiers) {
      if (importKind === "type") continue;
      const name = type === "ImportDefaultSpecifier"
        ? "default"
        : type === "ImportNamespaceSpecifier"
        ? "*"
        : nameOf(imported as SyntaxNode);
      imports[nameOf(local as SyntaxNode)] = { specifier, name, ...howOf(node) };
    }
  }
  function exportsOf(node: SyntaxNode): void {
    if (node.exportKind === "type") return;
    if (isNode(node.declaration)) {
      for (const name of namesDeclared(node.declaration)) exports[name] = name;
      return statement(node.declaration);
    }
    const specifier = isNode(node.source) ? load(node) : undefined;
    for (const { exportKind, local, exported } of node.specifiers as SyntaxNode[]) {
      if (exportKind === "type") continue;
      const name = nameOf(local as SyntaxNode);
      exports[nameOf(exported as SyntaxNode)] = specifier === undefined
        ? name
        : { specifier, name, ...howOf(node) };
    }
  }

  for (const node of module.program.body as SyntaxNode[]) statement(node);
  return { imports, loads, effectImports, exports, exportsAll, declarations, pipeline };
}

/** A property of an object that is written out; all of what is not. */
function propertyOf(given: SyntaxNode, name: string): SyntaxNode | undefined {
  const node = withoutTypes(given);
  if (node.type !== "ObjectExpression") return node;
  const properties = node.properties as SyntaxNode[];
  if (properties.some(({ type }) => type === "SpreadElement")) return node;
  return properties.find(({ key, computed }) => (fixedName(key, computed) ?? name) === name);
}

function nameOf(node: SyntaxNode): string {
  return node.type === "Literal" ? String(node.value) : String(node.name);
}
