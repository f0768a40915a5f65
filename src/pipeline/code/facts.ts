/** What a module declares, imports and exports, and how its pipeline is wired. */

import { createHash } from "node:crypto"; // not through base: the linter has no import map
import { type PipelineFacts, readPipeline } from "./pipeline_facts.ts";
import { isNode, isTypeOnly, literalText, type Part, readPart, type SyntaxNode } from "./syntax.ts";

/** A piece of code as it is kept: its digest for its text. */
export interface CodePart extends Omit<Part, "text"> {
  /** SHA-256 of the code without comments, formatting and types. */
  readonly digest: string;
}

/** A name from another module: `*` stands for all of it. */
export interface Binding {
  readonly specifier: string;
  readonly name: string;
}

/** What one module file says. Plain data, kept from run to run. */
export interface ModuleFacts {
  /** Names from other modules by their name here. */
  readonly imports: Readonly<Record<string, Binding>>;
  /** Modules that are imported for what they do. */
  readonly effectImports: readonly string[];
  /** What is exported: a name of here, or one of another module. */
  readonly exports: Readonly<Record<string, string | Binding>>;
  /** Modules whose exports are all passed on. */
  readonly exportsAll: readonly string[];
  /** Code by the names it declares. */
  readonly declarations: readonly { readonly names: readonly string[]; readonly code: CodePart }[];
  /** Code that runs when the module is loaded. */
  readonly effects: readonly CodePart[];
  /** The pipeline that the module exports by default. */
  readonly pipeline?: PipelineFacts;
}

/** Names a part by its digest. */
export function codePart({ text, ...rest }: Part): CodePart {
  return { digest: createHash("sha256").update(text).digest("hex"), ...rest };
}

/** Reads the facts of a module from its syntax tree. */
export function readFacts(program: SyntaxNode): ModuleFacts {
  const imports: Record<string, Binding> = {};
  const effectImports: string[] = [];
  const exports: Record<string, string | Binding> = {};
  const exportsAll: string[] = [];
  const declarations: { names: string[]; code: CodePart }[] = [];
  const effects: CodePart[] = [];
  let pipeline: PipelineFacts | undefined;

  const declare = (names: string[], node: SyntaxNode) => {
    declarations.push({ names, code: codePart(readPart([node])) });
  };
  function statement(node: SyntaxNode): void {
    switch (node.type) {
      case "ImportDeclaration":
        return importsOf(node);
      case "ExportAllDeclaration": {
        if (node.exportKind === "type") return;
        const specifier = literalText(node.source)!;
        if (isNode(node.exported)) exports[nameOf(node.exported)] = { specifier, name: "*" };
        else exportsAll.push(specifier);
        return;
      }
      case "ExportNamedDeclaration":
        return exportsOf(node);
      case "ExportDefaultDeclaration": {
        const declaration = node.declaration as SyntaxNode;
        exports.default = "default";
        declare(["default", ...namesDeclared(declaration)], declaration);
        pipeline = readPipeline(declaration);
        return;
      }
    }
    if (isTypeOnly(node)) return;
    const names = namesDeclared(node);
    if (names.length === 0) effects.push(codePart(readPart([node])));
    else if (node.type === "VariableDeclaration") {
      for (const declarator of node.declarations as SyntaxNode[]) {
        declare(namesDeclared(declarator), declarator);
      }
    } else declare(names, node);
  }
  function importsOf(node: SyntaxNode): void {
    if (node.importKind === "type") return;
    const specifier = literalText(node.source)!;
    const specifiers = node.specifiers as SyntaxNode[];
    if (specifiers.length === 0) effectImports.push(specifier);
    for (const { type, importKind, imported, local } of specifiers) {
      if (importKind === "type") continue;
      const name = type === "ImportDefaultSpecifier"
        ? "default"
        : type === "ImportNamespaceSpecifier"
        ? "*"
        : nameOf(imported as SyntaxNode);
      imports[nameOf(local as SyntaxNode)] = { specifier, name };
    }
  }
  function exportsOf(node: SyntaxNode): void {
    if (node.exportKind === "type") return;
    if (isNode(node.declaration)) {
      for (const name of namesDeclared(node.declaration)) exports[name] = name;
      return statement(node.declaration);
    }
    const specifier = literalText(node.source);
    for (const { exportKind, local, exported } of node.specifiers as SyntaxNode[]) {
      if (exportKind === "type") continue;
      const name = nameOf(local as SyntaxNode);
      exports[nameOf(exported as SyntaxNode)] = specifier === undefined
        ? name
        : { specifier, name };
    }
  }

  for (const node of program.body as SyntaxNode[]) statement(node);
  return { imports, effectImports, exports, exportsAll, declarations, effects, pipeline };
}

function nameOf(node: SyntaxNode): string {
  return node.type === "Identifier" ? String(node.name) : literalText(node)!;
}

/** The names that a declaration or a pattern introduces. */
export function namesDeclared(node: unknown): string[] {
  if (!isNode(node)) return [];
  switch (node.type) {
    case "Identifier":
      return [String(node.name)];
    case "VariableDeclaration":
      return (node.declarations as unknown[]).flatMap(namesDeclared);
    case "VariableDeclarator":
    case "FunctionDeclaration":
    case "ClassDeclaration":
    case "TSEnumDeclaration":
    case "TSModuleDeclaration":
      return namesDeclared(node.id);
    case "ObjectPattern":
      return (node.properties as SyntaxNode[]).flatMap(({ type, value, argument }) =>
        namesDeclared(type === "RestElement" ? argument : value)
      );
    case "ArrayPattern":
      return (node.elements as unknown[]).flatMap(namesDeclared);
    case "AssignmentPattern":
      return namesDeclared(node.left);
    case "RestElement":
      return namesDeclared(node.argument);
    default:
      return [];
  }
}
