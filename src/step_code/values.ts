/** What kind of value an expression certainly gives. */

import { iterators, makers, zodEffects } from "./language.ts";
import { constantValue, importedFrom, variableOf } from "./names.ts";
import {
  childrenOf,
  fixedName,
  isFunction,
  isNode,
  literalText,
  type ParsedModule,
  type SyntaxNode,
  withoutTypes,
} from "../syntax/mod.ts";

/** Names that are followed at the most until a value is found. */
const MOST_NAMES = 100;

/** Whether a call gives an iterator, which is used up by who reads it. */
export function isIterator(given: SyntaxNode): boolean {
  const node = withoutTypes(given);
  if (node.type !== "CallExpression") return false;
  const callee = withoutTypes(node.callee as SyntaxNode);
  return callee.type === "MemberExpression" &&
    iterators.has(fixedName(callee.property, callee.computed) ?? "") &&
    (callee.object as SyntaxNode).name !== "Object";
}

/** Whether a value is certainly no function. */
export function isNoFunction(module: ParsedModule, given: SyntaxNode): boolean {
  const node = withoutTypes(given);
  if (isPrimitive(node) || /^(Array|Object)Expression$/.test(node.type)) return true;
  if (/^(Conditional|Logical)Expression$/.test(node.type)) {
    return childrenOf(node).every((part) => isNoFunction(module, part));
  }
  return isMade(module, node) && (node.callee as SyntaxNode).name !== "Object";
}

/** Whether a value is made by the language. */
export function isMade(module: ParsedModule, node: SyntaxNode): boolean {
  if (!/^(Call|New)Expression$/.test(node.type)) return false;
  const callee = withoutTypes(node.callee as SyntaxNode);
  return variableOf(module, callee) === null && makers.has(String(callee.name));
}

/** A schema that is made by calls on what zod exports, or the name of one. */
export function isZod(module: ParsedModule, node: SyntaxNode): boolean {
  let at = withoutTypes(node);
  for (let names = 0; names < MOST_NAMES;) {
    if (at.type === "CallExpression") at = withoutTypes(at.callee as SyntaxNode);
    else if (at.type === "MemberExpression") {
      if (zodEffects.has(String((at.property as SyntaxNode).name))) return false;
      at = withoutTypes(at.object as SyntaxNode);
    } else {
      const variable = variableOf(module, at);
      const origin = importedFrom(variable);
      if (origin) return /^(npm:)?zod($|[@/])/.test(literalText(origin.source) ?? "");
      const value = constantValue(variable);
      if (value?.type !== "CallExpression") return false;
      at = value;
      names++;
    }
  }
  return false;
}

/** Whether a tag is `String.raw`. */
export function isStringRaw(module: ParsedModule, tag: SyntaxNode): boolean {
  return tag.type === "MemberExpression" && (tag.object as SyntaxNode).name === "String" &&
    (tag.property as SyntaxNode).name === "raw" && variableOf(module, tag.object) === null;
}

/** Whether a value is a number, a text or the like, which nothing changes. */
export function isPrimitive(given: SyntaxNode): boolean {
  const { type, regex } = withoutTypes(given);
  return /^(Literal|(Template|Tagged)\w+|(Binary|Unary|Update)Expression)$/.test(type) && !regex;
}

/** Whether a class has no accessors, nor may have inherited one. */
export function isPlainClass(node: SyntaxNode): boolean {
  return !isNode(node.superClass) &&
    (node.body as { body: SyntaxNode[] }).body.every(({ kind }) =>
      kind !== "get" && kind !== "set"
    );
}

/** Whether an accessor is written in a value, beside its functions. */
export function hasGetter(node: SyntaxNode): boolean {
  return !isFunction(node) &&
    (node.type === "Property" && node.kind !== "init" || childrenOf(node).some(hasGetter));
}

/** The values that a function returns; those of functions in it are not among them. */
export function returnedBy(node: SyntaxNode): SyntaxNode[] {
  const body = node.body as SyntaxNode;
  if (body.type !== "BlockStatement") return [body];
  const returned = (part: SyntaxNode): SyntaxNode[] => {
    if (isFunction(part)) return [];
    if (part.type !== "ReturnStatement") return childrenOf(part).flatMap(returned);
    return isNode(part.argument) ? [part.argument] : [];
  };
  return returned(body);
}
