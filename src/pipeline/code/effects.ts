/**
 * Tells code that only makes a value from code that may do more. What is not certain to do
 * nothing else is taken to have an effect.
 */

import type { ParsedModule, Variable } from "./parse.ts";
import {
  childrenOf,
  fixedName,
  isFunction,
  isNode,
  literalText,
  type SyntaxNode,
  withoutTypes,
} from "./syntax.ts";

/**
 * What must hold of names of the module for code to have no effect: `call f` (calling it has
 * none), `read x` (reading its properties has none). `false` where an effect is possible in
 * any case.
 */
export type Freedom = false | readonly string[];

const words = (text: string) => new Set(text.split(" "));

/** Functions and constructors of the language that only make a value. */
const makers = words(
  "Array ArrayBuffer BigInt BigInt64Array BigUint64Array Blob Boolean DataView Date Error " +
    "AggregateError EvalError RangeError ReferenceError SyntaxError TypeError Float32Array " +
    "Float64Array Int16Array Int32Array Int8Array Map Number Object RegExp Set SharedArrayBuffer " +
    "String Symbol TextDecoder TextEncoder URL URLSearchParams Uint16Array Uint32Array Uint8Array " +
    "Uint8ClampedArray WeakMap WeakSet AbortController parseFloat parseInt isNaN isFinite " +
    "structuredClone atob btoa",
);

/** Objects of the language whose functions only make a value, with those that do not. */
const libraries: Readonly<Record<string, ReadonlySet<string>>> = {
  Array: words("fromAsync"),
  BigInt: words(""),
  Date: words(""),
  Intl: words(""),
  JSON: words(""),
  Math: words(""),
  Number: words(""),
  Object: words(
    "assign create defineProperties defineProperty freeze getPrototypeOf preventExtensions seal " +
      "setPrototypeOf",
  ),
  String: words(""),
  Symbol: words(""),
  Float32Array: words(""),
  Float64Array: words(""),
  Int32Array: words(""),
  Uint8Array: words(""),
  performance: words("mark measure"),
};

/** Objects of the system that can be read. */
const surroundings = words("Deno navigator");

/** Methods that leave what they are called on alone. */
const readers = words(
  "at charAt charCodeAt codePointAt concat endsWith entries every filter find findIndex findLast " +
    "findLastIndex flat flatMap forEach get getTime has includes indexOf join keys lastIndexOf " +
    "localeCompare map match matchAll normalize padEnd padStart reduce reduceRight repeat " +
    "replace replaceAll search slice some split startsWith substring subarray test toFixed " +
    "toISOString toJSON toLocaleString toLowerCase toReversed toSorted toSpliced toString " +
    "toUpperCase trim trimEnd trimStart values with",
);

/** Methods that change only what they are called on. */
const changers = words(
  "add append clear copyWithin delete fill pop push reverse set shift sort " +
    "splice unshift",
);

/** Methods of zod that change something beside the schema. */
const zodEffects = words("config globalRegistry register registry");

/** Nodes that do what their parts do. */
const structural = words(
  "ArrayExpression ArrayPattern AssignmentPattern BinaryExpression BlockStatement BreakStatement " +
    "CatchClause ChainExpression ConditionalExpression ContinueStatement DoWhileStatement " +
    "EmptyStatement ExpressionStatement ForStatement IfStatement " +
    "LabeledStatement LogicalExpression ObjectExpression ObjectPattern Property RestElement " +
    "ReturnStatement SequenceExpression SwitchCase SwitchStatement TemplateElement " +
    "TemplateLiteral ThrowStatement TryStatement VariableDeclaration VariableDeclarator " +
    "WhileStatement TSEnumDeclaration TSEnumBody TSEnumMember",
);

/** Nodes that do nothing by themselves. */
const inert = words(
  "ArrowFunctionExpression FunctionDeclaration FunctionExpression Identifier Literal " +
    "MetaProperty Super ThisExpression",
);

/** Whether running code only makes a value; `isParams` finds what can be read at no risk. */
export function freedomOf(
  module: ParsedModule,
  nodes: readonly SyntaxNode[],
  isParams: (node: SyntaxNode) => boolean = () => false,
): Freedom {
  const judge = new Judge(module, isParams);
  return nodes.every((node) => judge.free(node)) && [...judge.needs].sort();
}

/** The same for calling a function, or making an instance of a class; undefined for others. */
export function callFreedomOf(module: ParsedModule, node: SyntaxNode): Freedom | undefined {
  const value = withoutTypes(node);
  const judge = new Judge(module, () => false);
  if (isFunction(value)) {
    const free = module.isMarked(value, "NO_SIDE_EFFECTS") || judge.body(value);
    return free && [...judge.needs].sort();
  }
  if (!/^Class(Declaration|Expression)$/.test(value.type)) return undefined;
  return judge.construction(value) && [...judge.needs].sort();
}

/** Whether reading the properties of a value has no effect: it has no accessors. */
export function isPlain(given: unknown): boolean {
  if (!isNode(given)) return false;
  const node = withoutTypes(given);
  if (isFunction(node)) return true;
  switch (node.type) {
    case "Literal":
    case "TemplateLiteral":
    case "ArrayExpression":
    case "TSEnumDeclaration":
      return true;
    case "ClassDeclaration":
    case "ClassExpression":
      return (node.body as { body: SyntaxNode[] }).body.every(({ kind }) =>
        kind !== "get" && kind !== "set"
      );
    case "ObjectExpression":
      return (node.properties as SyntaxNode[]).every(({ type, kind }) =>
        type === "Property" && kind === "init"
      );
    case "CallExpression": {
      const { callee } = node as { callee?: SyntaxNode };
      const frozen = callee?.type === "MemberExpression" &&
        (callee.object as SyntaxNode).name === "Object" &&
        (callee.property as SyntaxNode).name === "freeze";
      return frozen && isPlain((node.arguments as unknown[])[0]);
    }
    case "NewExpression":
      return /^(Map|Set|Array|\w+Array)$/.test(String((node.callee as SyntaxNode).name));
    default:
      return false;
  }
}

class Judge {
  readonly needs = new Set<string>();
  /** The outermost function that is judged: what it declares is its own. */
  #frame: SyntaxNode | undefined;
  readonly #begun = new Set<SyntaxNode>();
  readonly #module: ParsedModule;
  readonly #isParams: (node: SyntaxNode) => boolean;

  constructor(module: ParsedModule, isParams: (node: SyntaxNode) => boolean) {
    this.#module = module;
    this.#isParams = isParams;
  }

  free(given: SyntaxNode): boolean {
    const node = withoutTypes(given);
    const { type } = node;
    if (inert.has(type)) return true;
    switch (type) {
      case "AwaitExpression":
      case "ForOfStatement":
      case "ForInStatement":
        return this.#frame !== undefined && this.#all(childrenOf(node));
      case "SpreadElement":
        return this.free(node.argument as SyntaxNode) &&
          this.#readable(node.argument as SyntaxNode);
      case "UnaryExpression":
        return node.operator !== "delete" && this.free(node.argument as SyntaxNode);
      case "UpdateExpression":
        return this.#isOwn(node.argument as SyntaxNode);
      case "AssignmentExpression":
        return this.#isOwn(node.left as SyntaxNode) && this.free(node.right as SyntaxNode);
      case "MemberExpression":
        return this.#readable(node.object as SyntaxNode) &&
          (node.computed !== true || this.free(node.property as SyntaxNode));
      case "CallExpression":
      case "NewExpression":
        return this.#call(node);
      case "TaggedTemplateExpression":
        return this.#isStringRaw(node.tag as SyntaxNode) && this.free(node.quasi as SyntaxNode);
      case "ClassDeclaration":
      case "ClassExpression":
        return this.#class(node);
    }
    return structural.has(type) && this.#all(childrenOf(node));
  }

  /** What a function does when it is called. */
  body(node: SyntaxNode): boolean {
    if (this.#begun.has(node)) return true; // one that calls itself adds nothing
    this.#begun.add(node);
    const outer = this.#frame;
    this.#frame ??= node;
    const free = this.#all(node.params as SyntaxNode[]) && this.free(node.body as SyntaxNode);
    this.#frame = outer;
    return free;
  }

  construction(node: SyntaxNode): boolean {
    if (isNode(node.superClass)) {
      const variable = this.#variable(node.superClass);
      if (variable?.scope === this.#module.scope) this.needs.add(`call ${variable.name}`);
      else if (variable !== null || !makers.has(String(node.superClass.name))) return false;
    }
    const outer = this.#frame;
    this.#frame ??= node;
    const free = (node.body as { body: SyntaxNode[] }).body.every((member) =>
      member.type === "MethodDefinition"
        ? member.kind !== "constructor" || !isNode((member.value as SyntaxNode).body) ||
          this.body(member.value as SyntaxNode)
        : member.static === true || !isNode(member.value) || this.free(member.value)
    );
    this.#frame = outer;
    return free;
  }

  #all(nodes: readonly SyntaxNode[]): boolean {
    return nodes.every((node) => this.free(node));
  }

  #class(node: SyntaxNode): boolean {
    const decorated = (part: SyntaxNode) => ((part.decorators ?? []) as unknown[]).length > 0;
    if (decorated(node) || isNode(node.superClass) && !this.free(node.superClass)) return false;
    return (node.body as { body: SyntaxNode[] }).body.every((member) =>
      !decorated(member) && member.type !== "StaticBlock" &&
      (member.computed !== true || this.free(member.key as SyntaxNode)) &&
      (member.static !== true || member.type === "MethodDefinition" || !isNode(member.value) ||
        this.free(member.value))
    );
  }

  /** Whether reading a property of it has no effect. */
  #readable(given: SyntaxNode): boolean {
    const node = withoutTypes(given);
    if (this.#isParams(node)) return true;
    if (node.type === "ThisExpression" || node.type === "MetaProperty") return true;
    if (node.type === "MemberExpression") {
      if (this.#isParams(node.object as SyntaxNode)) return true;
      const root = rootOf(node);
      const variable = this.#variable(root);
      const safe = this.#isParams(root) || root.type === "ThisExpression" ||
        (variable === null
          ? surroundings.has(String(root.name))
          : variable !== undefined && variable.scope !== this.#module.scope);
      return safe && this.free(node);
    }
    if (node.type !== "Identifier") return this.free(node);
    const variable = this.#variable(node);
    if (variable === undefined) return false;
    if (variable === null) {
      const name = String(node.name);
      return makers.has(name) || name in libraries || surroundings.has(name);
    }
    if (variable.scope === this.#module.scope) this.needs.add(`read ${variable.name}`);
    return true;
  }

  #call(node: SyntaxNode): boolean {
    const given = node.arguments as SyntaxNode[];
    if (!this.#all(given)) return false;
    if (this.#module.isMarked(node, "PURE")) return true;
    const callee = withoutTypes(node.callee as SyntaxNode);
    if (callee.type === "Super") return true;
    if (isFunction(callee)) return this.body(callee);
    const functions = () => given.filter(isFunction).every((callback) => this.body(callback));
    if (callee.type === "Identifier") {
      const variable = this.#variable(callee);
      if (variable === undefined) return false;
      if (variable === null) return makers.has(String(callee.name)) && functions();
      if (variable.scope === this.#module.scope) {
        this.needs.add(`call ${variable.name}`);
        return true;
      }
      const definition = variable.defs[0]?.node as unknown as SyntaxNode | undefined;
      const init = definition?.type === "VariableDeclarator" ? definition.init : definition;
      return variable.references.every((use) => use.init || !use.isWrite()) && isNode(init) &&
        isFunction(init) && this.body(init);
    }
    if (callee.type !== "MemberExpression") return false;
    const object = withoutTypes(callee.object as SyntaxNode);
    const method = fixedName(callee.property, callee.computed);
    if (method === undefined) return false;
    if (object.type === "Identifier" && this.#variable(object) === null) {
      const name = String(object.name);
      if (!(name in libraries)) return false;
      if (!libraries[name].has(method)) return functions();
      // What was made right here belongs to nobody else.
      return /^(freeze|assign|seal)$/.test(method) && isNode(given[0]) &&
        /^(Object|Array)Expression$/.test(withoutTypes(given[0]).type);
    }
    if (this.#isZod(object)) return !zodEffects.has(method);
    if (readers.has(method)) return this.#readable(object) && functions();
    return changers.has(method) && functions() &&
      (this.#isOwn(object) && this.#isMadeHere(object) ||
        /^(Array|New)Expression$/.test(object.type) && this.free(object));
  }

  /** A schema that is made by calls on what zod exports, or the name of one. */
  #isZod(node: SyntaxNode): boolean {
    for (let at = withoutTypes(node);;) {
      if (at.type === "CallExpression") at = withoutTypes(at.callee as SyntaxNode);
      else if (at.type === "MemberExpression") {
        if (zodEffects.has(String((at.property as SyntaxNode).name))) return false;
        at = withoutTypes(at.object as SyntaxNode);
      } else if (at.type !== "Identifier") return false;
      else {
        const definition = this.#variable(at)?.defs[0];
        const origin = definition?.parent as unknown as SyntaxNode | null | undefined;
        if (origin?.type === "ImportDeclaration") {
          return /^(npm:)?zod($|[@/])/.test(literalText(origin.source) ?? "");
        }
        const declarator = definition?.node as unknown as SyntaxNode | undefined;
        if (declarator?.type !== "VariableDeclarator" || !isNode(declarator.init)) return false;
        if (origin?.kind !== "const" || !/^Call/.test(declarator.init.type)) return false;
        at = declarator.init;
      }
    }
  }

  /** Whether changing it changes only what the judged function has made. */
  #isOwn(given: SyntaxNode): boolean {
    const node = withoutTypes(given);
    const frame = this.#frame;
    if (frame === undefined) return false;
    if (node.type === "ThisExpression") return true;
    if (/Pattern$/.test(node.type)) return childrenOf(node).every((part) => this.#isOwn(part));
    if (node.type === "Property") return this.#isOwn(node.value as SyntaxNode);
    if (node.type === "MemberExpression") {
      if (node.computed === true && !this.free(node.property as SyntaxNode)) return false;
      const object = withoutTypes(node.object as SyntaxNode);
      return object.type === "ThisExpression" || this.#isOwn(object) && this.#isMadeHere(object);
    }
    const name = this.#variable(node)?.defs[0]?.name as unknown as SyntaxNode | undefined;
    return name !== undefined && Number(name.start) >= Number(frame.start) &&
      Number(name.end) <= Number(frame.end);
  }

  /** Whether a variable holds what its own function made: no parameter, no name for another. */
  #isMadeHere(node: SyntaxNode): boolean {
    const declarator = this.#variable(node)?.defs[0]?.node as unknown as SyntaxNode | undefined;
    if (declarator?.type !== "VariableDeclarator" || !isNode(declarator.init)) return false;
    const init = withoutTypes(declarator.init);
    return /^(Array|Object|New)Expression$/.test(init.type) ||
      init.type === "CallExpression" &&
        (rootOf(init.callee as SyntaxNode) as { name?: string }).name === "Array";
  }

  #isStringRaw(tag: SyntaxNode): boolean {
    return tag.type === "MemberExpression" && (tag.object as SyntaxNode).name === "String" &&
      (tag.property as SyntaxNode).name === "raw" &&
      this.#variable(tag.object as SyntaxNode) === null;
  }

  /** The variable of a name; null for one of the language, undefined for what is no name. */
  #variable(node: SyntaxNode): Variable | null | undefined {
    return node.type === "Identifier" ? this.#module.reference(node)?.resolved : undefined;
  }
}

function rootOf(given: SyntaxNode): SyntaxNode {
  const node = withoutTypes(given);
  return node.type === "MemberExpression" ? rootOf(node.object as SyntaxNode) : node;
}
