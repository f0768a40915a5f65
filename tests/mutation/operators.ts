/**
 * The small lies that mutation testing tells: which changes of a syntax node are tried.
 *
 * Left alone are types, imports, what is thrown (messages), the calls that only print, and the
 * steps of `for` loops, which would only make loops endless.
 */

import { isNode, isTypeOnly, type SyntaxNode } from "../../src/syntax/mod.ts";

/** A change of one place of a file. */
export interface Mutation {
  /** Where the text that is replaced begins and ends. */
  readonly start: number;
  readonly end: number;
  /** `statement`s are left out by a mutant; `expression`s have another value. */
  readonly form: "expression" | "statement";
  /** What stands there under the mutant; nothing for a statement. */
  readonly text: string;
  readonly operator: string;
}

const comparisons: Record<string, string[]> = {
  "<": ["<=", ">="],
  "<=": ["<", ">"],
  ">": [">=", "<="],
  ">=": [">", "<"],
  "===": ["!=="],
  "!==": ["==="],
};

const arithmetic: Record<string, string> = {
  ...{ "+": "-", "-": "+", "*": "/", "/": "*", "%": "*", "**": "*" },
  ...{ "<<": ">>", ">>": "<<", ">>>": "<<", "&": "|", "|": "&", "^": "|" },
};

/** Methods and what is called in their stead. */
const opposites: Record<string, string> = {
  ...{ min: "max", max: "min", floor: "ceil", ceil: "floor", every: "some", some: "every" },
};

/** Functions for which the order of two arguments does not matter. */
const symmetric = /(^|\.)(min|max|hypot|imul)$/;

/** All mutations of a module, in the order of the source. */
export function mutationsOf(program: SyntaxNode, source: string): Mutation[] {
  const found: Mutation[] = [];
  const text = (node: SyntaxNode) => source.slice(Number(node.start), Number(node.end));
  const replace = (node: SyntaxNode, operator: string, replacement: string) =>
    found.push({
      start: Number(node.start),
      end: Number(node.end),
      form: "expression",
      text: replacement,
      operator,
    });
  const remove = (node: SyntaxNode, operator: string) =>
    found.push({
      start: Number(node.start),
      end: Number(node.end),
      form: "statement",
      text: "",
      operator,
    });

  /** The node with another operator between its sides. */
  const withOperator = (node: SyntaxNode, other: string) => {
    const left = node.left as SyntaxNode;
    const right = node.right as SyntaxNode;
    const between = source.slice(Number(left.end), Number(right.start));
    return text(left) + between.replace(String(node.operator), () => other) + text(right);
  };

  const condition = (test: SyntaxNode, branch: boolean) => {
    if (!/^(Binary|Logical|Unary)Expression$/.test(test.type)) {
      replace(test, "negated condition", `!(${text(test)})`);
    }
    if (branch) replace(test, "condition never holds", "false");
  };

  /** What a function awaits only to return it: outside a `try` nothing changes without. */
  const handedOn = new Set<SyntaxNode>();
  let tries = 0;

  const visit = (node: SyntaxNode, inChain = false): void => {
    const parts = (name: string) => (node[name] as unknown[] | undefined ?? []).filter(isNode);
    const part = (name: string) => node[name] as SyntaxNode | undefined;
    switch (node.type) {
      case "ImportDeclaration":
      case "ExportAllDeclaration":
      case "TSEnumDeclaration":
      case "TSModuleDeclaration":
        return;
      case "ThrowStatement":
        return void remove(node, "nothing thrown");
      case "ExportNamedDeclaration":
        if (isNode(node.declaration)) visit(node.declaration);
        return;
      case "BinaryExpression": {
        const operator = String(node.operator);
        for (const other of comparisons[operator] ?? []) {
          replace(
            node,
            other.length === operator.length && /[=]=/.test(operator)
              ? "equality"
              : Math.abs(other.length - operator.length) === 1 && other[0] === operator[0]
              ? "boundary"
              : "comparison",
            withOperator(node, other),
          );
        }
        const isText = [part("left")!, part("right")!].some((side) =>
          side.type === "TemplateLiteral" || typeof side.value === "string" ||
          side.type === "BinaryExpression" && /^["'`]|["'`]$/.test(text(side))
        );
        if (operator in arithmetic && !isText) {
          replace(node, "arithmetic", withOperator(node, arithmetic[operator]));
        }
        break;
      }
      case "LogicalExpression": {
        const operator = String(node.operator);
        if (operator === "??") {
          replace(node, "default left out", text(part("left")!));
          replace(node, "always the default", text(part("right")!));
        } else replace(node, "logical", withOperator(node, operator === "&&" ? "||" : "&&"));
        break;
      }
      case "AssignmentExpression": {
        const other = arithmetic[String(node.operator).slice(0, -1)];
        if (other !== undefined && !/^["'`]/.test(text(part("right")!))) {
          replace(node, "arithmetic", withOperator(node, other + "="));
        }
        visitTarget(part("left")!);
        return visit(part("right")!);
      }
      case "UpdateExpression":
        return visitTarget(part("argument")!);
      case "UnaryExpression": {
        const argument = part("argument")!;
        if (node.operator === "!") replace(node, "negated condition", `!!(${text(argument)})`);
        if (node.operator === "-" && argument.type !== "Literal") {
          replace(node, "sign", `(${text(argument)})`);
        }
        if (node.operator === "typeof" || node.operator === "delete") return;
        break;
      }
      case "TryStatement":
        tries++;
        visit(part("block")!);
        if (!isNode(node.finalizer)) tries--;
        if (isNode(node.handler)) visit(node.handler);
        if (isNode(node.finalizer)) {
          tries--;
          visit(node.finalizer);
        }
        return;
      case "FunctionDeclaration":
      case "FunctionExpression":
      case "ArrowFunctionExpression": {
        const outer = tries;
        tries = 0;
        if (part("body")?.type === "AwaitExpression") handedOn.add(part("body")!);
        for (const one of parts("params")) {
          if (!isTypeOnly(one)) visitPattern(one);
        }
        if (isNode(node.body)) visit(node.body);
        tries = outer;
        return;
      }
      case "AwaitExpression":
        if (!handedOn.has(node)) replace(node, "await left out", `(${text(part("argument")!)})`);
        break;
      case "Literal":
        if (typeof node.value === "number") {
          replace(
            node,
            "constant",
            Number.isInteger(node.value) && Math.abs(node.value) < 1e6
              ? String(node.value + 1)
              : `(${text(node)} * 2)`,
          );
        } else if (typeof node.value === "boolean") replace(node, "constant", String(!node.value));
        return;
      case "ReturnStatement": {
        const argument = part("argument");
        if (isNode(argument) && argument.type === "AwaitExpression" && tries === 0) {
          handedOn.add(argument);
        }
        if (
          isNode(argument) && text(argument) !== "undefined" &&
          /^(Call|Member|Object|Array|New|Await|Chain)Expression$|^Identifier$/.test(argument.type)
        ) replace(argument, "returned value", "undefined");
        break;
      }
      case "IfStatement":
        condition(part("test")!, true);
        break;
      case "ConditionalExpression":
      case "WhileStatement":
      case "DoWhileStatement":
        condition(part("test")!, false);
        break;
      case "ContinueStatement":
      case "BreakStatement":
        remove(node, "jump left out");
        return;
      case "SwitchCase":
        if (isNode(node.test)) visit(node.test);
        for (const one of parts("consequent")) if (one.type !== "BreakStatement") visit(one);
        return;
      case "ExpressionStatement": {
        const expression = part("expression")!;
        if (node.directive != null || isSuperCall(expression)) return;
        remove(node, "statement left out");
        break;
      }
      case "ForStatement":
        for (const name of ["init", "test", "body"]) if (isNode(node[name])) visit(part(name)!);
        return;
      case "ForOfStatement":
      case "ForInStatement":
        visit(part("right")!);
        return visit(part("body")!);
      case "CallExpression":
      case "NewExpression": {
        const callee = part("callee")!;
        const given = parts("arguments");
        const name = text(callee);
        if (!inChain) {
          const [first, second] = given;
          if (
            given.length >= 2 && !symmetric.test(name) &&
            [first, second].every((one) => !/Function|Spread/.test(one.type)) &&
            text(first) !== text(second)
          ) {
            const swapped = source.slice(Number(node.start), Number(first.start)) + text(second) +
              source.slice(Number(first.end), Number(second.start)) + text(first) +
              source.slice(Number(second.end), Number(node.end));
            replace(node, "swapped arguments", swapped);
          }
          const property = callee.type === "MemberExpression" && callee.computed !== true
            ? callee.property as SyntaxNode
            : undefined;
          const other = property && opposites[String(property.name)];
          if (
            property !== undefined && other !== undefined &&
            Object.hasOwn(opposites, String(property.name))
          ) {
            replace(
              node,
              "opposite call",
              source.slice(Number(node.start), Number(property.start)) + other +
                source.slice(Number(property.end), Number(node.end)),
            );
          }
        }
        visitCallee(callee, inChain);
        for (const one of given) visit(one);
        return;
      }
      case "ChainExpression":
        return visitCallee(part("expression")!, true);
      case "MemberExpression":
        return visitCallee(node, inChain);
      case "TaggedTemplateExpression":
        return visit(part("quasi")!);
      case "Property":
      case "MethodDefinition":
      case "PropertyDefinition":
      case "AccessorProperty":
        if (node.computed === true) visit(part("key")!);
        if (isNode(node.value)) {
          if (node.value.type === "AssignmentPattern") visitPattern(node.value);
          else visit(node.value);
        }
        return;
      case "VariableDeclarator":
        visitPattern(part("id")!);
        if (isNode(node.init)) visit(node.init);
        return;
      case "AssignmentPattern":
      case "ObjectPattern":
      case "ArrayPattern":
      case "RestElement":
        return visitPattern(node);
    }
    for (const [key, value] of Object.entries(node)) {
      if (key === "typeAnnotation" || key === "returnType" || key.startsWith("type")) continue;
      for (const one of Array.isArray(value) ? value : [value]) {
        if (isNode(one) && !isTypeOnly(one)) visit(one);
      }
    }
  };

  /** What is assigned to keeps its form; only what it computes on the way may change. */
  const visitTarget = (node: SyntaxNode): void => {
    if (node.type === "MemberExpression") visitCallee(node, false);
    else if (/Pattern$/.test(node.type)) visitPattern(node);
  };

  /** What is called or read from is not replaced as a whole: a method needs its object. */
  const visitCallee = (node: SyntaxNode, inChain: boolean): void => {
    if (node.type === "MemberExpression") {
      visitCallee(node.object as SyntaxNode, inChain);
      if (node.computed === true) visit(node.property as SyntaxNode);
    } else if (node.type === "ChainExpression") visitCallee(node.expression as SyntaxNode, true);
    else if (!/^(Identifier|Super|ThisExpression)$/.test(node.type)) visit(node, inChain);
  };

  /** Patterns introduce names; their defaults are ordinary expressions. */
  const visitPattern = (node: SyntaxNode): void => {
    if (node.type === "TSParameterProperty") return visitPattern(node.parameter as SyntaxNode);
    if (node.type === "AssignmentPattern") {
      visitPattern(node.left as SyntaxNode);
      visit(node.right as SyntaxNode);
    } else if (node.type === "ObjectPattern") {
      for (const one of node.properties as SyntaxNode[]) {
        visitPattern((one.value ?? one.argument) as SyntaxNode);
      }
    } else if (node.type === "ArrayPattern") {
      for (const one of node.elements as unknown[]) if (isNode(one)) visitPattern(one);
    } else if (node.type === "RestElement") visitPattern(node.argument as SyntaxNode);
  };

  visit(program);
  return found.sort((one, other) => one.start - other.start || other.end - one.end);
}

function isSuperCall(node: SyntaxNode): boolean {
  return node.type === "CallExpression" && (node.callee as SyntaxNode).type === "Super";
}
