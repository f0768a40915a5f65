/** The function or class that is judged, and what is its own. */

import { isMethodName } from "./language.ts";
import { constantValue, rootOf, variableOf } from "./names.ts";
import {
  childrenOf,
  fixedName,
  isNode,
  type ParsedModule,
  type SyntaxNode,
  type Variable,
  withoutTypes,
} from "../syntax/mod.ts";
import { isMade, isNoFunction } from "./values.ts";

/** What a judge has to know of the wiring that code stands in. */
export interface Surroundings {
  /** Whether an expression is the parameters of the pipeline. */
  isParams(node: SyntaxNode): boolean;
  /** Whether what a variable of the wiring holds may be changed by code elsewhere. */
  isChanged(variable: Variable): boolean;
}

/** Where a judge is; see `judge.ts`. */
export class Frame {
  /** The outermost function that is judged: what it declares is its own. */
  node: SyntaxNode | undefined;
  /** Whether `this` is an instance that is being made and has no accessors. */
  isInstance = false;

  constructor(readonly module: ParsedModule, readonly isData: (node: SyntaxNode) => boolean) {}

  /** Judges within a function or class; while that is not done, it holds: it adds nothing itself. */
  within(node: SyntaxNode, known: Map<SyntaxNode, boolean>, judge: () => boolean): boolean {
    const found = known.get(node);
    if (found !== undefined) return found;
    known.set(node, true);
    const outer = [this.node, this.isInstance] as const;
    this.node ??= node;
    const holds = judge();
    [this.node, this.isInstance] = outer;
    known.set(node, holds);
    return holds;
  }

  /** Whether giving it a value, or another property, changes only what the judged function made. */
  owns(given: SyntaxNode, value: SyntaxNode | undefined): boolean {
    const node = withoutTypes(given);
    const frame = this.node;
    if (frame === undefined) return false;
    if (/Pattern$|^RestElement$/.test(node.type)) {
      return childrenOf(node).every((part) => this.owns(part, undefined));
    }
    if (node.type === "Property") return this.owns(node.value as SyntaxNode, undefined);
    if (node.type === "MemberExpression") {
      const name = fixedName(node.property, node.computed) ?? "then";
      const isSafe = value !== undefined && isNoFunction(this.module, value);
      if (name === "__proto__" || isMethodName(name) && !isSafe) return false;
      if (node.computed === true && !this.isData(node.property as SyntaxNode)) return false;
      const object = withoutTypes(node.object as SyntaxNode);
      return object.type === "ThisExpression"
        ? this.isInstance
        : this.owns(object, undefined) && this.isMadeHere(object);
    }
    const name = variableOf(this.module, node)?.defs[0]?.name;
    return name !== undefined && Number(name.start) >= Number(frame.start) &&
      Number(name.end) <= Number(frame.end);
  }

  /** Whether a name holds in any case what its own function made: no parameter, no other's. */
  isMadeHere(node: SyntaxNode): boolean {
    const value = constantValue(variableOf(this.module, node));
    if (value === undefined) return false;
    if (/^(Array|Object)Expression$/.test(value.type)) return this.isData(value);
    const callee = isNode(value.callee) ? rootOf(value.callee) : value;
    return isMade(this.module, value) ||
      value.type === "CallExpression" && callee.name === "Array" &&
        variableOf(this.module, callee) === null;
  }
}
