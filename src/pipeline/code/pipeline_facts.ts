/** Which code and which parameters each step of a pipeline mentions. */

import { type CodePart, codePart, namesDeclared } from "./facts.ts";
import {
  type Cut,
  isFunction,
  isNode,
  type IsParams,
  literalText,
  readPart,
  type SyntaxNode,
} from "./syntax.ts";

/** One call of the builder. */
export interface NodeFacts {
  /** Name of the step where it is written out. */
  readonly name: string;
  /** The step's function, the schema of its output, and what it may do. */
  readonly code: CodePart;
  /** The list that a fan-out runs over. */
  readonly items?: CodePart;
}

/** How a pipeline's file wires it. */
export interface PipelineFacts {
  /** The steps whose names are written out. */
  readonly nodes: readonly NodeFacts[];
  /** Other names that the wiring function declares. */
  readonly locals: readonly { readonly names: readonly string[]; readonly code: CodePart }[];
  /** Code of the wiring function that may change what is declared. */
  readonly effects: readonly CodePart[];
  /** All of it, for steps that are declared in a way that cannot be followed. */
  readonly whole: CodePart;
}

const methods = new Set(["step", "each", "file", "resource"]);

/** How the wiring function calls what it gets. */
interface BuilderNames {
  /** Methods by the name they have there. */
  readonly methods: ReadonlyMap<string, string>;
  /** Name of the parameters. */
  readonly params?: string;
  /** Name of the builder, where it is not taken apart. */
  readonly builder?: string;
}

/** Reads `pipeline(name, options, build)`; undefined where a value is something else. */
export function readPipeline(declaration: SyntaxNode): PipelineFacts | undefined {
  if (declaration.type !== "CallExpression") return undefined;
  const build = (declaration.arguments as SyntaxNode[])[2];
  if (!isNode(build) || !isFunction(build)) return undefined;
  const names = builderNames((build.params as SyntaxNode[])[0]);
  const isParams: IsParams = (node) =>
    node.type === "Identifier"
      ? node.name === names.params
      : isMember(node, names.builder, "params");

  const nodes: NodeFacts[] = [];
  const locals: { names: string[]; code: CodePart }[] = [];
  const effects: CodePart[] = [];
  const part = (found: readonly unknown[], cut: Cut) => codePart(readPart(found, cut, isParams));

  /** Puts a handle in place of each builder call and keeps what the call says. */
  const handle: Cut = (node) => {
    const method = builderMethod(node, names);
    if (method === undefined) return undefined;
    const given = node.arguments as SyntaxNode[];
    const name = literalText(given[0]);
    if (name !== undefined) {
      const { code, items } = roles(method, given);
      nodes.push({
        name,
        code: part(code, nothingCut),
        ...items !== undefined && { items: part([items], nothingCut) },
      });
    }
    readPart(given.slice(1).filter(({ type }) => type === "ObjectExpression"), handle);
    return `handle:${name ?? "?"}`;
  };

  function statement(node: SyntaxNode): void {
    switch (node.type) {
      case "BlockStatement":
        for (const inner of node.body as SyntaxNode[]) statement(inner);
        return;
      case "VariableDeclaration":
        for (const declarator of node.declarations as SyntaxNode[]) local(declarator);
        return;
      case "FunctionDeclaration":
      case "ClassDeclaration":
        return local(node);
      case "IfStatement":
        effect(node.test as SyntaxNode, handle);
        statement(node.consequent as SyntaxNode);
        if (isNode(node.alternate)) statement(node.alternate);
        return;
      case "ExpressionStatement":
      case "ReturnStatement":
        return effect(node, handle);
      default: // steps declared in loops and the like are not followed one by one
        return effect(node, nothingCut);
    }
  }
  function local(node: SyntaxNode): void {
    locals.push({ names: namesDeclared(node), code: part([node], handle) });
  }
  function effect(node: SyntaxNode, cut: Cut): void {
    const code = part([node], cut);
    if (mayChange(node, names)) effects.push(code);
  }

  const body = build.body as SyntaxNode;
  if (body.type === "BlockStatement") statement(body);
  else effect(body, handle);
  return { nodes, locals, effects, whole: codePart({ ...readPart([build]), params: ["*"] }) };
}

const nothingCut: Cut = () => undefined;

/** Which arguments of a builder call are the step's code, and which its list. */
function roles(method: string, given: SyntaxNode[]): { code: unknown[]; items?: SyntaxNode } {
  if (method === "file") return { code: [] };
  if (method === "resource") return { code: given.slice(1) };
  const rest = given.slice(method === "each" ? 2 : 1);
  const [run, options] = rest.length === 1 ? rest : rest.slice(1);
  const code = [run, ...decidingOptions(options)];
  return method === "each" ? { code, items: given[1] } : { code };
}

/** The options that change a result; all options where they are not written out. */
function decidingOptions(options: SyntaxNode | undefined): unknown[] {
  if (options === undefined) return [];
  if (options.type !== "ObjectExpression") return [options];
  return (options.properties as SyntaxNode[]).filter(({ type, key }) =>
    type !== "Property" || /^(output|permissions)$/.test(String((key as SyntaxNode).name))
  );
}

function builderNames(parameter: SyntaxNode | undefined): BuilderNames {
  if (parameter?.type === "Identifier") {
    return { methods: new Map(), builder: String(parameter.name) };
  }
  const found = new Map<string, string>();
  let params: string | undefined;
  for (const { key, value } of (parameter?.properties ?? []) as SyntaxNode[]) {
    const [name] = namesDeclared(value);
    const property = isNode(key) ? String(key.name) : "";
    if (name !== undefined && methods.has(property)) found.set(name, property);
    if (property === "params") params = name;
  }
  return { methods: found, params };
}

function builderMethod(node: SyntaxNode, names: BuilderNames): string | undefined {
  if (node.type !== "CallExpression") return undefined;
  const callee = node.callee as SyntaxNode;
  if (callee.type === "Identifier") return names.methods.get(String(callee.name));
  return [...methods].find((method) => isMember(callee, names.builder, method));
}

function isMember(node: SyntaxNode, object: string | undefined, property: string): boolean {
  return node.type === "MemberExpression" && object !== undefined &&
    (node.object as SyntaxNode).name === object && (node.property as SyntaxNode).name === property;
}

/** Whether code may change a value that a step sees: it assigns, or calls something else than the builder. */
function mayChange(node: unknown, names: BuilderNames): boolean {
  if (Array.isArray(node)) return node.some((item) => mayChange(item, names));
  if (!isNode(node) || builderMethod(node, names) !== undefined) return false;
  if (/^(Assignment|Update|Call|New|Await|Unary)Expression$/.test(node.type)) {
    if (node.type !== "UnaryExpression" || node.operator === "delete") return true;
  }
  for (const property in node) {
    if (property !== "parent" && mayChange(node[property], names)) return true;
  }
  return false;
}
