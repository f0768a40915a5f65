/** Which variables an expression may give access to: the object that one holds, or a part of it. */

import { constantValue, variableOf } from "./names.ts";
import {
  below,
  childrenOf,
  fixedName,
  isFunction,
  isNode,
  type ParsedModule,
  type SyntaxNode,
  type Variable,
  withoutTypes,
} from "../syntax/mod.ts";
import { returnedBy } from "./values.ts";

/** One of the variables. */
export interface Holding {
  /** Null for one of the language. */
  readonly variable: Variable | null;
  readonly name: string;
  /** Whether it is what the variable gives when it is called. */
  readonly isCalled?: true;
  /**
   * How many new objects are around it: 0 for the variable's own object or a part of it, 1 for a
   * copy whose members are parts of it, and so on.
   */
  readonly depth: number;
}

/** More layers than this count as this many, which errs to the safe side. */
const MOST_LAYERS = 4;

/** Methods that give a part of what they are called on. */
const giving = /^(at|find|findLast|get|pop|shift|subarray)$/;

/** Methods that give a new object, with parts of what they are called on in it. */
const copying =
  /^(concat|entries|filter|flat|flatMap|keys|map|next|slice|splice|to(Reversed|Sorted|Spliced)|values|with)$/;

/** Functions of `Object` and `Array` that give a new object with parts of what they are given. */
const collecting = /^(entries|from|fromEntries|groupBy|of|values)$/;

/** Functions of `Object` that give what they are given. */
const returning = /^(assign|defineProperty|defineProperties|freeze|seal|preventExtensions)$/;

/** What encloses nodes in a module, where it decides what they hold. */
interface Surroundings {
  /** The `for … of` loop of a declaration in its head. */
  readonly loops: ReadonlyMap<unknown, SyntaxNode>;
  /** The call that a function is an argument of, or that calls it where it stands. */
  readonly calls: ReadonlyMap<unknown, SyntaxNode>;
}

const surroundings = /* @__MEMO__ */ new WeakMap<ParsedModule, Surroundings>();

function surroundingsOf(module: ParsedModule): Surroundings {
  let known = surroundings.get(module);
  if (known !== undefined) return known;
  const loops = new Map<unknown, SyntaxNode>();
  const calls = new Map<unknown, SyntaxNode>();
  for (const node of below(module.program)) {
    if (node.type === "ForOfStatement") loops.set(node.left, node);
    if (node.type !== "CallExpression") continue;
    for (const part of [node.callee, ...node.arguments as unknown[]]) {
      if (isFunction(part)) calls.set(part, node);
    }
  }
  surroundings.set(module, known = { loops, calls });
  return known;
}

const layered = (holdings: readonly Holding[], layers: number): Holding[] =>
  holdings.map((holding) => ({
    ...holding,
    depth: Math.min(MOST_LAYERS, Math.max(0, holding.depth + layers)),
  }));

/** All that an expression gives access to. */
export function holdingsOf(module: ParsedModule, node: unknown): Holding[] {
  return new HoldingsReader(module).of(node);
}

class HoldingsReader {
  /** Variables and functions that are being read. */
  readonly #entered = new Set<unknown>();

  constructor(readonly module: ParsedModule) {}

  of(given: unknown): Holding[] {
    if (!isNode(given)) return [];
    const node = withoutTypes(given);
    const members = (parts: unknown) =>
      layered((parts as unknown[]).flatMap((part) => this.of(part)), 1);
    switch (node.type) {
      case "Identifier":
        return this.#name(node);
      case "MemberExpression":
        return this.#member(node);
      case "ChainExpression":
        return this.of(node.expression);
      case "ConditionalExpression":
        return [...this.of(node.consequent), ...this.of(node.alternate)];
      case "LogicalExpression":
        return [...this.of(node.left), ...this.of(node.right)];
      case "AssignmentExpression":
        return [...this.of(node.left), ...this.of(node.right)];
      case "SequenceExpression":
        return this.of((node.expressions as unknown[]).at(-1));
      case "AwaitExpression":
      case "YieldExpression":
        return this.of(node.argument);
      case "SpreadElement":
        return layered(this.of(node.argument), -1);
      case "Property":
        return this.of(node.value);
      case "ArrayExpression":
        return members(node.elements);
      case "ObjectExpression":
        return members(node.properties);
      case "NewExpression":
        return /^(Array|Map|Set)$/.test(String((node.callee as SyntaxNode).name))
          ? members((node.arguments as unknown[]).map((part) => isNode(part) ? spread(part) : part))
          : [];
      case "CallExpression":
        return this.#call(node);
      default:
        return [];
    }
  }

  /** A property: of an object that is written out, only its own value. */
  #member({ object, property, computed }: SyntaxNode): Holding[] {
    const given = withoutTypes(object as SyntaxNode);
    const variable = variableOf(this.module, given);
    const literal = constantValue(variable) ?? given;
    const properties = literal.type === "ObjectExpression"
      ? literal.properties as SyntaxNode[]
      : [];
    const name = fixedName(property, computed);
    const keys = properties.map(({ key, computed }) => fixedName(key, computed));
    const at = keys.lastIndexOf(name);
    if (name === undefined || at < 0 || keys.includes(undefined)) {
      return layered(this.of(given), -1);
    }
    const own = variable ? [{ variable, name: String(given.name), depth: 0 }] : [];
    return [...own, ...this.of(properties[at].value)];
  }

  #name(node: SyntaxNode): Holding[] {
    const variable = variableOf(this.module, node);
    if (variable === undefined || variable === null && node.name === "undefined") return [];
    const own = { variable, name: String(node.name), depth: 0 };
    return variable === null ? [own] : [own, ...this.#once(variable, () => this.#values(variable))];
  }

  #once(key: unknown, read: () => Holding[]): Holding[] {
    if (this.#entered.has(key)) return [];
    this.#entered.add(key);
    const found = read();
    this.#entered.delete(key);
    return found;
  }

  /** What a variable was given, wherever that was. */
  #values(variable: Variable): Holding[] {
    const { loops, calls } = surroundingsOf(this.module);
    const given = variable.defs.flatMap((definition) => {
      const node = definition.node;
      if (node.type === "VariableDeclarator") {
        const loop = loops.get(definition.parent);
        const value = loop ? layered(this.of(loop.right), -1) : this.of(node.init);
        return this.#taken(node.id as SyntaxNode, variable, value);
      }
      if (String(definition.type) !== "Parameter") return [];
      const at = (node.params as SyntaxNode[]).findIndex((param) => names(param, variable));
      const param = (node.params as SyntaxNode[])[at];
      const call = calls.get(node);
      if (call === undefined) return this.#taken(param, variable, []);
      const callee = withoutTypes(call.callee as SyntaxNode);
      const value = callee === node
        ? this.of((call.arguments as unknown[])[at])
        : callee.type === "MemberExpression"
        ? layered(this.of(callee.object), -1)
        : [];
      return this.#taken(param, variable, value);
    });
    const written = variable.references.flatMap((use) =>
      use.isWrite() && !use.init ? this.of(use.writeExpr) : []
    );
    return [...given, ...written];
  }

  /** What a variable takes from a value by a pattern, defaults included. */
  #taken(pattern: SyntaxNode, variable: Variable, value: Holding[]): Holding[] {
    switch (pattern.type) {
      case "Identifier":
        return value;
      case "AssignmentPattern":
        return this.#taken(pattern.left as SyntaxNode, variable, [
          ...value,
          ...this.of(pattern.right),
        ]);
      case "RestElement": // a new object
        return layered(this.#taken(pattern.argument as SyntaxNode, variable, value), 1);
      case "Property":
        return this.#taken(pattern.value as SyntaxNode, variable, value);
    }
    return childrenOf(pattern).filter((part) => names(part, variable))
      .flatMap((part) => this.#taken(part, variable, layered(value, -1)));
  }

  #call(node: SyntaxNode): Holding[] {
    const callee = withoutTypes(node.callee as SyntaxNode);
    const given = node.arguments as unknown[];
    if (isFunction(callee)) return this.#result(callee, given);
    if (callee.type === "Identifier") {
      const variable = variableOf(this.module, callee);
      if (!variable) return [];
      const called = constantValue(variable);
      if (called && isFunction(called)) return this.#result(called, given);
      return variable.scope === this.module.scope
        ? [{ variable, name: String(callee.name), isCalled: true, depth: 0 }]
        : [];
    }
    if (callee.type !== "MemberExpression") return [];
    const method = fixedName(callee.property, callee.computed) ?? "";
    const object = withoutTypes(callee.object as SyntaxNode);
    if (/^(Object|Array|Map|Iterator)$/.test(String(object.name))) {
      if (returning.test(method)) return this.of(given[0]);
      return collecting.test(method) ? layered(layered(this.of(given[0]), -1), 1) : [];
    }
    if (giving.test(method)) return layered(this.of(object), -1);
    if (!copying.test(method)) return [];
    return layered([...layered(this.of(object), -1), ...given.flatMap((part) => this.of(part))], 1);
  }

  /** What a function gives, its parameters replaced by what it is given. */
  #result(called: SyntaxNode, given: readonly unknown[]): Holding[] {
    const params = called.params as SyntaxNode[];
    const results = this.#once(called, () => returnedBy(called).flatMap((part) => this.of(part)));
    return results.flatMap((holding) => {
      const { variable, depth } = holding;
      const at = variable ? params.findIndex((param) => names(param, variable)) : -1;
      return at < 0 ? [holding] : layered(this.of(given[at]), depth);
    });
  }
}

function spread(part: SyntaxNode): SyntaxNode {
  return part.type === "SpreadElement" ? part : { type: "SpreadElement", argument: part };
}

/** Whether a pattern introduces a variable. */
function names(pattern: SyntaxNode, { identifiers }: Variable): boolean {
  return identifiers.some(({ range: [at] }) =>
    at >= Number(pattern.start) && at < Number(pattern.end)
  );
}
