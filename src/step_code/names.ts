/** What names in a module stand for. */

import {
  isNode,
  type ParsedModule,
  type SyntaxNode,
  type Variable,
  withoutTypes,
} from "../syntax/mod.ts";

/** The variable of a name; null for one of the language, undefined for what is no name. */
export function variableOf(module: ParsedModule, node: unknown): Variable | null | undefined {
  if (!isNode(node) || node.type !== "Identifier") return undefined;
  return module.reference(node)?.resolved;
}

/** The value of a variable or function that is declared once and never given another. */
export function constantValue(variable: Variable | null | undefined): SyntaxNode | undefined {
  const [definition, ...more] = variable?.defs ?? [];
  const changed = variable?.references.some((use) => use.isWrite() && !use.init);
  if (definition === undefined || more.length > 0 || changed) return undefined;
  const node = definition.node;
  if (definition.type === "FunctionName") return node;
  const { type, id, init } = node as SyntaxNode & { id?: SyntaxNode; init?: SyntaxNode };
  return type === "VariableDeclarator" && id?.type === "Identifier" && isNode(init)
    ? withoutTypes(init)
    : undefined;
}

/** What a chain of properties begins with. */
export function rootOf(given: SyntaxNode): SyntaxNode {
  const node = withoutTypes(given);
  return node.type === "MemberExpression" ? rootOf(node.object as SyntaxNode) : node;
}

/** Where a name is imported from. */
export function importedFrom(variable: Variable | null | undefined): SyntaxNode | undefined {
  const origin = variable?.defs[0]?.parent;
  return origin?.type === "ImportDeclaration" ? origin : undefined;
}

/** Whether a node has the name of the object that all code shares. */
export function isGlobalObject(node: unknown): boolean {
  return isNode(node) && /^(globalThis|self|window|global)$/.test(String(node.name));
}
