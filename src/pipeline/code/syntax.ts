/**
 * Reads a syntax tree as code, without what does not change what it does:
 * comments, formatting, types.
 */

/** A node of the tree as Deno's linter gives it (ESTree with TypeScript). */
export interface SyntaxNode {
  readonly type: string;
  readonly [property: string]: unknown;
}

/** What a piece of code says and mentions. */
export interface Part {
  /** The code in a form of its own; equal for code that differs in formatting, comments or types. */
  readonly text: string;
  /** Names that it mentions, sorted. */
  readonly names: readonly string[];
  /** Modules it names in `import("…")`, `new URL("…", import.meta.url)`, `import.meta.resolve("…")`. */
  readonly links: readonly string[];
  /** Parameters of the pipeline that it mentions as `params.name`; `*` for all. */
  readonly params: readonly string[];
}

/** What a reader writes for a node instead of reading it; not asked inside functions. */
export type Cut = (node: SyntaxNode) => string | undefined;

/** How the parameters of the pipeline are called in the code that is read. */
export type IsParams = (node: SyntaxNode) => boolean;

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
]);

/** Properties of nodes that are about place, types or spelling. */
const skipped = new Set([
  "abstract",
  "accessibility",
  "declare",
  "definite",
  "end",
  "exportKind",
  "implements",
  "importKind",
  "length",
  "loc",
  "override",
  "parent",
  "range",
  "raw",
  "readonly",
  "returnType",
  "start",
  "superTypeArguments",
  "superTypeParameters",
  "typeAnnotation",
  "typeArguments",
  "typeParameters",
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

/** Reads code; `cut` replaces nodes, `isParams` finds the pipeline's parameters. */
export function readPart(
  nodes: readonly unknown[],
  cut: Cut = () => undefined,
  isParams: IsParams = () => false,
): Part {
  const reader = new PartReader(cut, isParams);
  for (const node of nodes) reader.read(node);
  return reader.part();
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
  const quasis = node.quasis as readonly { cooked?: string }[];
  return quasis.length === 1 ? quasis[0].cooked : undefined;
}

class PartReader {
  readonly #text: string[] = [];
  readonly #names = new Set<string>();
  readonly #links = new Set<string>();
  readonly #params = new Set<string>();
  #functions = 0;

  constructor(readonly cut: Cut, readonly isParams: IsParams) {}

  part(): Part {
    const sorted = (set: Set<string>) => [...set].sort();
    return {
      text: this.#text.join(" "),
      names: sorted(this.#names),
      links: sorted(this.#links),
      params: sorted(this.#params),
    };
  }

  read(value: unknown): void {
    if (value === undefined) return;
    if (Array.isArray(value)) {
      this.#text.push("[");
      for (const item of value) this.read(item);
      this.#text.push("]");
    } else if (isNode(value)) this.#node(value);
    else if (typeof value === "object" && value !== null) this.#properties(value);
    else this.#text.push(typeof value === "bigint" ? `${value}n` : JSON.stringify(value) ?? "");
  }

  #node(node: SyntaxNode): void {
    const instead = this.#functions === 0 ? this.cut(node) : undefined;
    if (instead !== undefined) return void this.#text.push(instead);
    if (isTypeOnly(node)) return;
    if (typeWrappers.has(node.type)) return this.#node(node.expression as SyntaxNode);
    if (this.isParams(node)) this.#params.add("*");
    if (node.type === "MemberExpression" && this.#paramMember(node)) return;
    if (node.type === "VariableDeclarator" && this.#paramPattern(node)) return;
    this.#link(node);
    if (node.type === "Identifier") {
      this.#names.add(String(node.name));
      return void this.#text.push(`id:${node.name}`);
    }
    const inside = isFunction(node) ? 1 : 0;
    this.#functions += inside;
    this.#text.push(`(${node.type}`);
    this.#properties(node);
    this.#text.push(")");
    this.#functions -= inside;
  }

  /** Reads the properties of a node by name; a fixed name or key is no mention of a variable. */
  #properties(node: object): void {
    const { type, computed, shorthand } = node as SyntaxNode;
    const fixed = computed === true || shorthand === true
      ? undefined
      : type === "MemberExpression"
      ? "property"
      : type === "Property" || type === "MethodDefinition" || type === "PropertyDefinition"
      ? "key"
      : undefined;
    const properties: string[] = [];
    for (const property in node) if (!skipped.has(property)) properties.push(property);
    for (const property of properties.sort()) {
      if (property === "type") continue;
      if (property === "optional" && type !== "MemberExpression" && type !== "CallExpression") {
        continue;
      }
      if (property === "value" && type === "Literal" && (node as SyntaxNode).regex) continue;
      const value = (node as SyntaxNode)[property];
      if (value === undefined) continue;
      this.#text.push(`${property}:`);
      if (property === fixed && isNode(value) && value.type === "Identifier") {
        this.#text.push(`name:${value.name}`);
      } else this.read(value);
    }
  }

  /** `params.folds` mentions one parameter. */
  #paramMember(node: SyntaxNode): boolean {
    if (!this.isParams(node.object as SyntaxNode)) return false;
    const property = node.property as SyntaxNode;
    const name = node.computed === true ? literalText(property) : String(property.name);
    if (name === undefined) return false;
    this.#params.add(name);
    this.#text.push(`param:${name}`);
    return true;
  }

  /** `const { folds, seed: s } = params` mentions two. */
  #paramPattern({ id, init }: SyntaxNode): boolean {
    const pattern = id as SyntaxNode;
    if (!isNode(init) || !this.isParams(init) || pattern.type !== "ObjectPattern") return false;
    const properties = pattern.properties as readonly SyntaxNode[];
    const named = properties.every(({ type, computed, value }) =>
      type === "Property" && computed !== true && isNode(value) && value.type === "Identifier"
    );
    if (!named) return false;
    for (const { key, value } of properties) {
      const name = String((key as SyntaxNode).name);
      this.#params.add(name);
      this.#text.push(`param:${name}=${(value as SyntaxNode).name}`);
    }
    return true;
  }

  #link(node: SyntaxNode): void {
    const target = node.type === "ImportExpression"
      ? literalText(node.source)
      : isModuleUrl(node)
      ? literalText((node.arguments as unknown[])[0])
      : undefined;
    if (target !== undefined) this.#links.add(target);
  }
}

/** `new URL("…", import.meta.url)` or `import.meta.resolve("…")`. */
function isModuleUrl({ type, callee, arguments: given }: SyntaxNode): boolean {
  if (!isNode(callee)) return false;
  if (type === "NewExpression" && callee.name === "URL") {
    return isMeta((given as unknown[])[1], "url");
  }
  return type === "CallExpression" && isMeta(callee, "resolve");
}

function isMeta(node: unknown, property: string): boolean {
  return isNode(node) && node.type === "MemberExpression" &&
    (node.object as SyntaxNode).type === "MetaProperty" &&
    (node.property as SyntaxNode).name === property;
}
