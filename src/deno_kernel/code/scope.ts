/** Which names a statement declares and mentions, as JavaScript binds them. */

import { isFunction, isNode, literalText, type SyntaxNode } from "../../syntax/mod.ts";
import type { CellFacts, DeclaredName, Reference, Statement } from "./cell_facts.ts";

/** Reads the facts of a cell from its syntax tree. */
export function readCellFacts(program: SyntaxNode): CellFacts {
  return (program.body as SyntaxNode[]).filter(({ type }) => type !== "EmptyStatement")
    .map(readStatement);
}

function readStatement(node: SyntaxNode): Statement {
  const [start, end] = rangeOf(node);
  const inner = /^Export(Named|Default)Declaration$/.test(node.type) && isNode(node.declaration)
    ? node.declaration
    : node;
  if (inner.type === "ImportDeclaration") {
    const declared = (inner.specifiers as SyntaxNode[]).map(importedName);
    const specifier = literalText(inner.source);
    return {
      ...{ start, end, kind: "import", specifier },
      declared,
      references: [],
      awaits: false,
    };
  }
  const reader = new ReferenceReader();
  reader.visit(inner, new Set());
  const declared = declaredNames(inner);
  const places = new Set(declared.map(({ start }) => start));
  const references = reader.references.filter(({ start }) => !places.has(start));
  const { awaits } = reader;
  return { ...{ start, end, kind: kindOf(inner) }, declared, references, awaits };
}

function importedName(specifier: SyntaxNode): DeclaredName {
  const local = specifier.local as SyntaxNode;
  const [start, end] = rangeOf(local);
  const imported = specifier.imported;
  const short = isNode(imported) && rangeOf(imported)[0] === start;
  return { name: String(local.name), start, end, from: start, ...short && { short: "import" } };
}

/** The names that a declaration declares. */
export function declaredNames(node: SyntaxNode): DeclaredName[] {
  if (node.type === "VariableDeclaration") {
    return (node.declarations as SyntaxNode[]).flatMap((declarator) =>
      bindings(declarator.id).map((name) => declared(name, rangeOf(declarator)[1]))
    );
  }
  // Functions, classes and types are there from the beginning of the cell.
  return isDeclaration(node) ? bindings(node.id).map((name) => declared(name, 0)) : [];
}

interface Binding {
  readonly node: SyntaxNode;
  readonly short: boolean;
}

function declared({ node, short }: Binding, from: number): DeclaredName {
  const [start, end] = rangeOf(node);
  return { name: String(node.name), start, end, from, ...short && { short: "property" } };
}

function kindOf(node: SyntaxNode): Statement["kind"] {
  if (node.type === "VariableDeclaration") {
    const declarators = node.declarations as SyntaxNode[];
    return declarators.every(({ init }) => isFunction(init)) ? "definition" : "values";
  }
  return isDeclaration(node) ? "definition" : "action";
}

function isDeclaration({ type }: SyntaxNode): boolean {
  return /^(Function|Class|TSEnum|TSInterface|TSTypeAlias|TSModule)Declaration$/.test(type);
}

/** The identifiers that a pattern binds. */
function bindings(pattern: unknown, short = false): Binding[] {
  if (!isNode(pattern)) return [];
  switch (pattern.type) {
    case "Identifier":
      return [{ node: pattern, short }];
    case "ObjectPattern":
      return (pattern.properties as SyntaxNode[]).flatMap((property) =>
        property.type === "RestElement"
          ? bindings(property.argument)
          : bindings(property.value, property.shorthand === true)
      );
    case "ArrayPattern":
      return (pattern.elements as unknown[]).flatMap((element) => bindings(element));
    case "AssignmentPattern":
      return bindings(pattern.left, short);
    case "RestElement":
      return bindings(pattern.argument);
    case "TSParameterProperty":
      return bindings(pattern.parameter);
    default:
      return [];
  }
}

/** Properties of nodes that hold a fixed name, or nothing to read. */
const fixedNames: Readonly<Record<string, readonly string[]>> = {
  MemberExpression: ["property"],
  Property: ["key"],
  MethodDefinition: ["key"],
  PropertyDefinition: ["key"],
  TSPropertySignature: ["key"],
  TSMethodSignature: ["key"],
  TSEnumMember: ["id"],
  TSQualifiedName: ["right"],
  TSNamedTupleMember: ["label"],
  TSTypeParameter: ["name"],
  LabeledStatement: ["label"],
  BreakStatement: ["label"],
  ContinueStatement: ["label"],
  MetaProperty: ["meta", "property"],
};

/** Collects the mentions of names that no scope within the statement binds. */
class ReferenceReader {
  readonly references: Reference[] = [];
  awaits = false;
  #functions = 0;

  visit(value: unknown, bound: ReadonlySet<string>, assigned = false): void {
    if (Array.isArray(value)) { for (const item of value) this.visit(item, bound, assigned); }
    if (!isNode(value)) return;
    const node = value;
    if (node.type === "Identifier") return this.#mention(node, bound, assigned, false);
    if (
      node.type === "AwaitExpression" || (node.type === "ForOfStatement" && node.await === true)
    ) {
      this.awaits ||= this.#functions === 0;
    }
    if (node.type === "AssignmentExpression" || /^For(In|Of)Statement$/.test(node.type)) {
      this.visit(node.left, this.#inner(node, bound), true);
      return this.#rest(node, this.#inner(node, bound), ["left"]);
    }
    if (node.type === "UpdateExpression") return this.visit(node.argument, bound, true);
    if (node.type === "Property" && node.shorthand === true) {
      return this.#shorthand(node, bound, assigned);
    }
    const inside = isFunction(node) ? 1 : 0;
    this.#functions += inside;
    this.#rest(
      node,
      this.#inner(node, bound),
      node.computed === true ? [] : fixedNames[node.type] ?? [],
      node.type === "Property" && assigned,
    );
    this.#functions -= inside;
  }

  /** `{ a }` and, in a pattern, `{ a = 1 }`. */
  #shorthand({ value }: SyntaxNode, bound: ReadonlySet<string>, assigned: boolean): void {
    const node = value as SyntaxNode;
    if (node.type !== "AssignmentPattern") return this.#mention(node, bound, assigned, true);
    this.#mention(node.left as SyntaxNode, bound, assigned, true);
    this.visit(node.right, bound);
  }

  #rest(
    node: SyntaxNode,
    bound: ReadonlySet<string>,
    skipped: readonly string[],
    assigned = false,
  ): void {
    // Annotations of identifiers are read with what they annotate.
    for (const property in node) {
      if (property === "parent" || property === "range" || skipped.includes(property)) continue;
      const target = /Pattern$/.test(node.type) ? property !== "right" : property === "value";
      this.visit(node[property], bound, target && (assigned || /Pattern$/.test(node.type)));
    }
  }

  #mention(node: SyntaxNode, bound: ReadonlySet<string>, assigned: boolean, short: boolean): void {
    if (isNode(node.typeAnnotation)) this.visit(node.typeAnnotation, bound);
    const name = String(node.name);
    if (node.type !== "Identifier") return this.visit(node, bound, assigned);
    if (bound.has(name)) return;
    const [start, end] = rangeOf(node);
    this.references.push({ name, start, end, assigned, short });
  }

  /** The names that are bound inside of a node, with those around it. */
  #inner(node: SyntaxNode, bound: ReadonlySet<string>): ReadonlySet<string> {
    const own: string[] = [];
    const take = (pattern: unknown) => {
      for (const { node } of bindings(pattern)) own.push(String(node.name));
    };
    const declareAll = (statements: unknown) => {
      for (const statement of statements as SyntaxNode[]) {
        if (statement.type === "VariableDeclaration") {
          for (const { id } of statement.declarations as SyntaxNode[]) take(id);
        } else if (isDeclaration(statement)) take(statement.id);
      }
    };
    if (isFunction(node) || /^TS(FunctionType|ConstructorType|MethodSignature)$/.test(node.type)) {
      for (const parameter of (node.params ?? []) as unknown[]) take(parameter);
      if (node.type === "FunctionExpression") take(node.id);
      own.push(...hoisted(node.body));
    }
    if (node.type === "ClassExpression") take(node.id);
    if (node.type === "BlockStatement") declareAll(node.body);
    if (node.type === "TSModuleBlock") declareAll(node.body);
    if (node.type === "SwitchStatement") {
      for (const { consequent } of node.cases as SyntaxNode[]) declareAll(consequent);
    }
    if (node.type === "CatchClause") take(node.param);
    if (/^For/.test(node.type)) declareAll([node.init, node.left].filter(isNode));
    const parameters = isNode(node.typeParameters) ? node.typeParameters.params : undefined;
    for (const { name } of (parameters ?? []) as SyntaxNode[]) {
      own.push(isNode(name) ? String(name.name) : String(name));
    }
    return own.length === 0 ? bound : new Set([...bound, ...own]);
  }
}

/** What `var` declares anywhere in a function. */
function hoisted(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(hoisted);
  if (!isNode(value) || isFunction(value)) return [];
  const own = value.type === "VariableDeclaration" && value.kind === "var"
    ? (value.declarations as SyntaxNode[]).flatMap(({ id }) =>
      bindings(id).map(({ node }) => String(node.name))
    )
    : [];
  const inner: string[] = [];
  for (const property in value) {
    if (property !== "parent" && property !== "range") inner.push(...hoisted(value[property]));
  }
  return [...own, ...inner];
}

function rangeOf({ range }: SyntaxNode): readonly [number, number] {
  return range as [number, number];
}
