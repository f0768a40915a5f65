/**
 * Tells code that only makes a value from code that may do more. What is not certain to do
 * nothing else is taken to have an effect.
 */

import { type Surroundings } from "./frame.ts";
import { Judge } from "./judge.ts";
import { makers } from "./language.ts";
import { variableOf } from "./names.ts";
import {
  isFunction,
  isNode,
  type ParsedModule,
  type SyntaxNode,
  withoutTypes,
} from "../syntax/mod.ts";
import { isPlainClass } from "./values.ts";

/**
 * What must hold of names of the module for code to have no effect: `call f` (calling it with
 * data has none), `gives f` (what it then gives is data), `data x` (it is data), `read x` (it has
 * no accessors), `use f` (the language may call it),
 * `language` (nothing changes what objects of the language do). Data is what runs no code when it is read,
 * iterated, converted or written as JSON. `false` if an effect is possible in any case.
 */
export type Freedom = false | readonly string[];

const nowhere: Surroundings = { isParams: () => false, isChanged: () => false };

/** Whether running code only makes a value. */
export function freedomOf(
  module: ParsedModule,
  nodes: readonly SyntaxNode[],
  around = nowhere,
): Freedom {
  const judge = new Judge(module, around);
  return nodes.every((node) => judge.free(node)) && [...judge.needs].sort();
}

/** The same for calling a function, or making an instance of a class; undefined for others. */
export function callFreedomOf(module: ParsedModule, node: SyntaxNode): Freedom | undefined {
  const value = withoutTypes(node);
  const judge = new Judge(module, nowhere);
  if (isFunction(value)) {
    const free = module.isMarked(value, "NO_SIDE_EFFECTS") || judge.body(value);
    return free && [...judge.needs].sort();
  }
  if (!/^Class(Declaration|Expression)$/.test(value.type)) return undefined;
  return judge.construction(value) && [...judge.needs].sort();
}

/** Whether what a function gives is data. */
export function givesFreedomOf(module: ParsedModule, node: SyntaxNode): Freedom {
  const judge = new Judge(module, nowhere);
  const value = withoutTypes(node);
  return isFunction(value) && judge.gives(value) && [...judge.needs].sort();
}

/** Whether a value is data. */
export function dataFreedomOf(module: ParsedModule, node: SyntaxNode): Freedom {
  const judge = new Judge(module, nowhere);
  return judge.isData(node) && [...judge.needs].sort();
}

/** Whether reading the properties of a value has no effect: it has no accessors. */
export function isPlain(module: ParsedModule, given: unknown): boolean {
  if (!isNode(given)) return false;
  const node = withoutTypes(given);
  if (isFunction(node)) return true;
  const isGlobal = (name: unknown) => variableOf(module, name) === null;
  switch (node.type) {
    case "Literal":
    case "TemplateLiteral":
    case "ArrayExpression":
    case "TSEnumDeclaration":
      return true;
    case "ClassDeclaration":
    case "ClassExpression":
      return isPlainClass(node);
    case "ObjectExpression":
      return (node.properties as SyntaxNode[]).every(({ type, kind, key, computed, shorthand }) =>
        type === "Property" && kind === "init" &&
        (computed || shorthand || !/^__proto__$/.test(String(
          (key as SyntaxNode).name ??
            (key as SyntaxNode).value,
        )))
      );
    case "CallExpression": {
      const { callee } = node as { callee?: SyntaxNode };
      const frozen = callee?.type === "MemberExpression" &&
        (callee.object as SyntaxNode).name === "Object" && isGlobal(callee.object) &&
        (callee.property as SyntaxNode).name === "freeze";
      return frozen && isPlain(module, (node.arguments as unknown[])[0]);
    }
    case "NewExpression": {
      const name = String((node.callee as SyntaxNode).name);
      return isGlobal(node.callee) && makers.has(name) && /^(Map|Set|\w*Array)$/.test(name);
    }
    default:
      return false;
  }
}
