/** Nodes of a syntax tree (ESTree with TypeScript), as Deno's linter and oxc give them. */

/** A node of the tree. */
export interface SyntaxNode {
  /** Its kind. */
  readonly type: string;
  /** What else it has, by its kind. */
  readonly [property: string]: unknown;
}

/** Expressions that only say something about types of what they hold. */
const typeWrappers = new Set([
  "TSAsExpression",
  "TSSatisfiesExpression",
  "TSNonNullExpression",
  "TSTypeAssertion",
  "TSInstantiationExpression",
]);

/** TypeScript syntax that runs. */
const runningTypeScript = new Set([
  "TSEnumDeclaration",
  "TSEnumBody",
  "TSEnumMember",
  "TSModuleDeclaration",
  "TSModuleBlock",
  "TSParameterProperty",
  "TSExportAssignment",
  "TSImportEqualsDeclaration",
  "TSExternalModuleReference",
  "TSQualifiedName",
]);

/** Whether a value found in a tree is a node. */
export function isNode(value: unknown): value is SyntaxNode {
  return typeof value === "object" && value !== null &&
    typeof (value as SyntaxNode).type === "string";
}

/** Whether a node is gone once types are. */
export function isTypeOnly(node: SyntaxNode): boolean {
  if (node.declare === true || node.type === "EmptyStatement") return true;
  return node.type.startsWith("TS") && !typeWrappers.has(node.type) &&
    !runningTypeScript.has(node.type);
}

/** What an expression is without what it says about types. */
export function withoutTypes(node: SyntaxNode): SyntaxNode {
  return typeWrappers.has(node.type) ? withoutTypes(node.expression as SyntaxNode) : node;
}

/** Whether a node is a function with a body. */
export function isFunction(node: unknown): boolean {
  return isNode(node) && /^(Arrow)?Function(Expression|Declaration)$/.test(node.type);
}

/** The text of a string literal, or of a template without holes. */
export function literalText(node: unknown): string | undefined {
  if (!isNode(node)) return undefined;
  if (node.type === "Literal" && typeof node.value === "string") return node.value;
  if (node.type !== "TemplateLiteral") return undefined;
  const quasis = node.quasis as readonly { value: { cooked?: string } }[];
  return quasis.length === 1 ? quasis[0].value.cooked : undefined;
}

/** The name of a property or key that is written out. */
export function fixedName(key: unknown, computed: unknown): string | undefined {
  if (!isNode(key)) return undefined;
  if (computed !== true && key.type === "Identifier") return String(key.name);
  return key.type === "Literal" ? String(key.value) : literalText(key);
}

/** The identifiers that a declaration or a pattern introduces. */
export function declaredIn(node: unknown): SyntaxNode[] {
  if (!isNode(node)) return [];
  switch (node.type) {
    case "Identifier":
      return [node];
    case "VariableDeclaration":
      return (node.declarations as unknown[]).flatMap(declaredIn);
    case "VariableDeclarator":
    case "FunctionDeclaration":
    case "ClassDeclaration":
    case "TSEnumDeclaration":
    case "TSModuleDeclaration":
    case "TSImportEqualsDeclaration":
      return declaredIn(node.id);
    case "ObjectPattern":
      return (node.properties as SyntaxNode[]).flatMap(({ type, value, argument }) =>
        declaredIn(type === "RestElement" ? argument : value)
      );
    case "ArrayPattern":
      return (node.elements as unknown[]).flatMap(declaredIn);
    case "AssignmentPattern":
      return declaredIn(node.left);
    case "RestElement":
      return declaredIn(node.argument);
    default:
      return [];
  }
}

/** The names that a declaration or a pattern introduces. */
export function namesDeclared(node: unknown): string[] {
  return declaredIn(node).map(({ name }) => String(name));
}

/** The nodes that a node consists of, types left out. */
export function childrenOf(node: SyntaxNode): SyntaxNode[] {
  const found: SyntaxNode[] = [];
  for (const property in node) {
    if (property === "parent") continue;
    const value = node[property];
    for (const child of Array.isArray(value) ? value : [value]) {
      if (isNode(child) && !isTypeOnly(child)) found.push(child);
    }
  }
  return found;
}

/** All nodes below a node. */
export function below(node: SyntaxNode): SyntaxNode[] {
  const found: SyntaxNode[] = [];
  const visit = (node: SyntaxNode) => {
    for (const child of childrenOf(node)) {
      found.push(child);
      visit(child);
    }
  };
  visit(node);
  return found;
}

/** Whether a pattern has values for what is not there. */
export function hasDefaults(pattern: SyntaxNode): boolean {
  return [pattern, ...below(pattern)].some(({ type }) => type === "AssignmentPattern");
}
