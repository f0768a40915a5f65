/**
 * Tells code that only makes a value from code that may do more. What is not certain to do
 * nothing else is taken to have an effect.
 */

import { isIterator, Judge } from "./judge.ts";
import type { ParsedModule } from "./parse.ts";
import { isFunction, isNode, type SyntaxNode, withoutTypes } from "./syntax.ts";

/**
 * What must hold of names of the module for code to have no effect: `call f` (calling it has
 * none), `gives f` (what it gives is data), `data x` (it is data), `read x` (it has no
 * accessors), `use x` (it is data, or calling it has no effect). Data is what runs no code when it
 * is read, iterated, converted or written as JSON. `false` where an effect is possible in any case.
 */
export type Freedom = false | readonly string[];

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

/** Whether what a function gives, or what a variable holds, is data. */
export function dataFreedomOf(module: ParsedModule, node: SyntaxNode): Freedom {
  const value = withoutTypes(node);
  const judge = new Judge(module, () => false);
  const data = isFunction(value) ? judge.gives(value) : judge.isData(value) && !isIterator(value);
  return data && [...judge.needs].sort();
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
