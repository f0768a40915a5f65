/** What code changes that outlives it: variables of modules, objects in them, the environment. */

import { type Holding, holdingsOf } from "./holdings.ts";
import { returnedBy } from "./values.ts";
import { constantValue, rootOf, variableOf } from "./names.ts";
import {
  below,
  childrenOf,
  declaredIn,
  fixedName,
  isFunction,
  isNode,
  type ParsedModule,
  type SyntaxNode,
  type Variable,
  withoutTypes,
} from "../syntax/mod.ts";

/** Methods that change what they are called on, or the first of what they are given. */
const changing = new RegExp(
  "^(add|append|assign|clear|copyWithin|define(Property|Properties)|delete|dispatchEvent|fill|" +
    "next|pop|push|reverse|set([A-Z]\\w*)?|shift|sort|splice|store|unshift)$",
);

/** Objects of the language whose functions change what they are given. */
const onOthers = /^(Object|Reflect|Atomics)$/;

/** What a node by itself gives another value or other contents. */
export function targetOf(node: SyntaxNode): SyntaxNode | undefined {
  switch (node.type) {
    case "AssignmentExpression":
      return node.left as SyntaxNode;
    case "UpdateExpression":
      return node.argument as SyntaxNode;
    case "ForOfStatement":
    case "ForInStatement": {
      const left = node.left as SyntaxNode;
      return left.type === "VariableDeclaration" ? undefined : left;
    }
    case "UnaryExpression":
      return node.operator === "delete" ? node.argument as SyntaxNode : undefined;
    case "CallExpression": {
      const [given] = node.arguments as SyntaxNode[];
      const callee = withoutTypes(node.callee as SyntaxNode);
      if (callee.type !== "MemberExpression") return undefined;
      const object = withoutTypes(callee.object as SyntaxNode);
      const name = fixedName(callee.property, callee.computed) ?? "";
      if (/^(apply|call)$/.test(name) && object.type === "MemberExpression") {
        return changing.test(fixedName(object.property, object.computed) ?? "") ? given : undefined;
      }
      if (!changing.test(name) || object.name === "console") return undefined;
      return onOthers.test(String(object.name)) ? given : object;
    }
  }
}

/** The names that a target gives another value, and the objects that it gives other contents. */
function targetsIn(
  given: unknown,
  isAssigned: boolean,
): { names: SyntaxNode[]; objects: SyntaxNode[] } {
  if (!isNode(given)) return { names: [], objects: [] };
  const node = withoutTypes(given);
  if (/Pattern$|^RestElement$|^Property$/.test(node.type)) {
    const parts = node.type === "Property" ? [node.value] : childrenOf(node);
    const all = parts.map((part) => targetsIn(part, true));
    return {
      names: all.flatMap(({ names }) => names),
      objects: all.flatMap(({ objects }) => objects),
    };
  }
  if (!isAssigned) return { names: [], objects: [node] };
  if (node.type === "Identifier") return { names: [node], objects: [] };
  return { names: [], objects: isNode(node.object) ? [node.object] : [] };
}

/** A variable that code changes, or whose results when it is called. */
type Changed = Pick<Holding, "variable" | "name" | "isCalled">;

/**
 * The variables that a node changes by itself, past names that stand for them; null for one of the
 * language, with its name.
 */
export function variablesChangedBy(module: ParsedModule, node: SyntaxNode): Changed[] {
  const { names, objects } = targetsIn(targetOf(node), node.type !== "CallExpression");
  return [
    ...names.flatMap((name): Changed[] => {
      const variable = variableOf(module, name);
      return variable === undefined ? [] : [{ variable, name: String(name.name) }];
    }),
    ...objects.flatMap((object) => reachedBy(module, object)),
  ].map((changed) => ({ ...changed, variable: outsideOfClass(module, changed.variable) }));
}

/** The variables whose own object, or a part of it, an expression may be. */
function reachedBy(module: ParsedModule, node: unknown): Changed[] {
  return holdingsOf(module, node).filter(({ depth }) => depth === 0);
}

/** A variable's object, or a part of it, that a call hands to a function with a name. */
export interface Handed extends Changed {
  /** The function's name in the module. */
  readonly to: string;
  /** Which argument it is, from 0; -1 for `this`. */
  readonly at: number;
}

/** What a call hands to a function of the module, or of another one. */
export function handedBy(module: ParsedModule, node: SyntaxNode): Handed[] {
  if (node.type !== "CallExpression") return [];
  const called = withoutTypes(node.callee as SyntaxNode);
  // `f.call(table)`
  const isMethod = called.type === "MemberExpression" &&
    /^(apply|call)$/.test(fixedName(called.property, called.computed) ?? "");
  const callee = variableOf(module, isMethod ? withoutTypes(called.object as SyntaxNode) : called);
  if (callee?.scope !== module.scope) return [];
  return (node.arguments as SyntaxNode[]).flatMap((given, at) =>
    reachedBy(module, given).map((held) => ({
      ...held,
      to: callee.name,
      at: isMethod ? at - 1 : at,
    }))
  );
}

/** Inside of a class its name is a variable of its own. */
function outsideOfClass(module: ParsedModule, variable: Variable | null): Variable | null {
  const outer = module.scope.set.get(variable?.name ?? "");
  return outer && outer.defs[0]?.node === variable?.defs[0]?.node ? outer : variable;
}

/** Whether a node only gives a variable its one value, whoever does it first: `x ??= make()`. */
export function fillsOnce(module: ParsedModule, node: SyntaxNode): boolean {
  if (node.type !== "AssignmentExpression" || node.operator !== "??=") return false;
  const variable = variableOf(module, withoutTypes(node.left as SyntaxNode));
  const writes = variable?.references.filter((use) => use.isWrite() && !use.init) ?? [];
  const right = node.right as SyntaxNode;
  return writes.length === 1 && [right, ...below(right)].every((part) => {
    if (part.type === "ThisExpression") return false;
    const used = variableOf(module, part);
    return !used || used.scope === module.scope ||
      used.identifiers.some(({ range: [at] }) =>
        at >= Number(right.start) && at < Number(right.end)
      );
  });
}

/** What a declaration does about state. */
export interface StateFacts {
  /** Whether what it holds changes no output, as it says. */
  readonly memo?: true;
  /** Whether its own functions change it. */
  readonly holds?: true;
  /** Whether what it gives, as a function, or its instances, as a class, may be changed later. */
  readonly makes?: true;
  /** The class that it extends. */
  readonly base?: string;
  /** Functions and classes that make what it holds. */
  readonly makers?: readonly string[];
  /** Functions and classes that make what closures in it hold. */
  readonly innerMakers?: readonly string[];
  /** Variables to whose objects it gives access when it is called; `f()` is what `f` gives. */
  readonly gives?: readonly string[];
  /** Which of its arguments it changes when it is called; -1 for `this`. */
  readonly changesArguments?: readonly number[];
  /** Which of its arguments it hands to which function, as what argument. */
  readonly passes?: readonly (readonly [own: number, to: string, at: number])[];
}

/** What a value does about state; undefined if nothing. */
export function stateOf(module: ParsedModule, value: SyntaxNode): StateFacts | undefined {
  if (module.isMarked(value, "MEMO")) return { memo: true };
  const node = withoutTypes(value);
  const facts = isFunction(node) ? functionState(module, node) : objectState(module, node);
  const found = Object.entries(facts).filter(([, fact]) =>
    Array.isArray(fact) ? fact.length > 0 : fact !== undefined && fact !== false
  );
  return found.length > 0 ? Object.fromEntries(found) : undefined;
}

function objectState(module: ParsedModule, node: SyntaxNode) {
  const isClass = /^Class(Declaration|Expression)$/.test(node.type);
  const members = isClass
    ? (node.body as { body: SyntaxNode[] }).body
    : node.type === "ObjectExpression"
    ? node.properties as SyntaxNode[]
    : [];
  const changing = members.filter((member) =>
    member.kind !== "constructor" && [member, ...below(member)].some(changesThis)
  );
  return {
    holds: changing.some((member) => !isClass || member.static === true),
    makes: isClass && changing.length > 0,
    base: isClass && isNode(node.superClass) ? nameOf(module, node.superClass) : undefined,
    makers: isClass ? [] : madeBy(module, node),
  };
}

function changesThis(node: SyntaxNode): boolean {
  return targetsIn(targetOf(node), node.type !== "CallExpression").objects
    .some((object) => rootOf(object).type === "ThisExpression");
}

function functionState(module: ParsedModule, node: SyntaxNode) {
  const params = (node.params as SyntaxNode[]).map(declaredIn);
  const paramOf = (variable: Variable | null) =>
    params.findIndex((names) =>
      variable?.identifiers.some((own) => names.some(({ start }) => start === own.range[0]))
    );
  const parts = below(node);
  const gives = returnedBy(node).flatMap((given) => reachedBy(module, given))
    .flatMap(({ variable, isCalled }) =>
      variable?.scope === module.scope ? [stateName(variable, isCalled)] : []
    );
  const changed = parts.flatMap((part) => variablesChangedBy(module, part))
    .map(({ variable }) => paramOf(variable)).filter((at) => at >= 0);
  const passes = parts.flatMap((part) => handedBy(module, part))
    .map(({ variable, to, at }) => [paramOf(variable), to, at] as const)
    .filter(([own]) => own >= 0);
  return {
    makes: node.generator === true || givesClosure(module, node),
    innerMakers: makersInside(module, node),
    gives: [...new Set(gives)].sort(),
    changesArguments: [...parts.some(changesThis) ? [-1] : [], ...new Set(changed)],
    passes,
  };
}

/** How a variable is told, or what it gives when it is called. */
export function stateName({ name }: Variable, isCalled: true | undefined): string {
  return isCalled ? `${name}()` : name;
}

/** What makes the values of those variables of a function that functions inside of it mention. */
function makersInside(module: ParsedModule, node: SyntaxNode): string[] {
  const closures = below(node).filter(isFunction);
  const mentioned = closures.flatMap((closure) =>
    below(closure).flatMap((part) => {
      const variable = variableOf(module, part);
      const isCaptured = variable && variable.scope !== module.scope &&
        isOutside(variable, closure) && !isOutside(variable, node);
      return isCaptured ? [variable] : [];
    })
  );
  return [...new Set(mentioned)].flatMap(({ defs: [definition] }) => {
    const { init } = definition.node;
    return isNode(init) ? madeBy(module, init) : [];
  });
}

/** Whether functions or classes of a function's own make what a value holds, and it may change. */
export function makesByItself(module: ParsedModule, value: SyntaxNode): boolean {
  const node = withoutTypes(value);
  if (isFunction(node)) return false;
  const called = /^(Call|New)Expression$/.test(node.type) &&
    constantValue(variableOf(module, withoutTypes(node.callee as SyntaxNode)));
  return (called && stateOf(module, called)?.makes === true) ||
    childrenOf(node).some((part) => makesByItself(module, part));
}

/** Whether functions inside of a function change variables of it. */
function givesClosure(module: ParsedModule, node: SyntaxNode): boolean {
  return below(node).filter(isFunction).some((closure) =>
    below(closure).some((part) =>
      variablesChangedBy(module, part).some(({ variable }) =>
        variable !== null && variable.scope !== module.scope && isOutside(variable, closure)
      )
    )
  );
}

function isOutside({ identifiers }: Variable, { start, end }: SyntaxNode): boolean {
  return identifiers.every(({ range: [from] }) => from < Number(start) || from >= Number(end));
}

/** The names of the module that are called while a value is made. */
export function madeBy(module: ParsedModule, node: SyntaxNode): string[] {
  if (isFunction(node)) return [];
  const own = /^(Call|New)Expression$/.test(node.type)
    ? nameOf(module, rootOf(node.callee as SyntaxNode))
    : undefined;
  return [
    ...own === undefined ? [] : [own],
    ...childrenOf(node).flatMap((part) => madeBy(module, part)),
  ];
}

/** The name of the module that an expression is. */
function nameOf(module: ParsedModule, node: SyntaxNode): string | undefined {
  const variable = variableOf(module, withoutTypes(node));
  return variable?.scope === module.scope ? variable.name : undefined;
}
