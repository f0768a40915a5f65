/** Judges code by what it does beside making a value; see `effects.ts`. */

import {
  called,
  changers,
  iterators,
  libraries,
  makers,
  readers,
  surroundings,
  words,
  zodEffects,
} from "./language.ts";
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

/** Nodes that do what their parts do. */
const structural = words(
  "ArrayExpression ArrayPattern AssignmentPattern BlockStatement BreakStatement " +
    "CatchClause ChainExpression ConditionalExpression ContinueStatement DoWhileStatement " +
    "EmptyStatement ExpressionStatement ForStatement IfStatement " +
    "LabeledStatement LogicalExpression ObjectExpression ObjectPattern Property RestElement " +
    "ReturnStatement SequenceExpression SwitchCase SwitchStatement TemplateElement " +
    "ThrowStatement TryStatement VariableDeclaration TSParameterProperty " +
    "WhileStatement TSEnumDeclaration TSEnumBody TSEnumMember",
);

/** Nodes that do nothing by themselves. */
const inert = words(
  "ArrowFunctionExpression FunctionDeclaration FunctionExpression Identifier Literal " +
    "MetaProperty Super ThisExpression",
);

/** Goes through code and notes what must hold of names for it to have no effect. */
export class Judge {
  readonly needs = new Set<string>();
  /** The outermost function that is judged: what it declares is its own. */
  #frame: SyntaxNode | undefined;
  readonly #begun = new Set<SyntaxNode>();
  readonly #asked = new Set<SyntaxNode>();
  readonly #judged = new Set<Variable>();
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
        return this.#frame !== undefined && this.isData(node.argument as SyntaxNode);
      case "ForOfStatement":
      case "ForInStatement":
        return this.#frame !== undefined && this.isData(node.right as SyntaxNode) &&
          this.#all(childrenOf(node));
      case "SpreadElement":
        return this.isData(node.argument as SyntaxNode);
      case "TemplateLiteral":
        return (node.expressions as SyntaxNode[]).every((part) => this.isData(part));
      case "BinaryExpression":
        return /^[!=]==$/.test(String(node.operator))
          ? this.#all(childrenOf(node))
          : node.operator !== "instanceof" &&
            childrenOf(node).every((part) => this.isData(part));
      case "UnaryExpression": {
        const argument = node.argument as SyntaxNode;
        if (/^(!|typeof|void)$/.test(String(node.operator))) return this.free(argument);
        return node.operator !== "delete" && this.isData(argument);
      }
      case "UpdateExpression":
        return this.#isOwn(node.argument as SyntaxNode);
      case "AssignmentExpression":
        return this.#isOwn(node.left as SyntaxNode) && this.isData(node.right as SyntaxNode);
      case "VariableDeclarator": {
        const { id, init } = node as { id?: SyntaxNode; init?: SyntaxNode };
        if (!isNode(init)) return true;
        return (id!.type === "Identifier" ? this.free(init) : this.isData(init)) && this.free(id!);
      }
      case "MemberExpression":
        return this.#isReadable(node.object as SyntaxNode) &&
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

  /** Whether making a value has no effect, and what is done with it later runs no code of its own. */
  isData(given: SyntaxNode): boolean {
    const node = withoutTypes(given);
    if (this.#isParams(node)) return true;
    const { type } = node;
    switch (type) {
      case "Literal":
        return !/[gy]/.test((node.regex as { flags?: string } | undefined)?.flags ?? "");
      case "MetaProperty":
      case "ThisExpression":
        return true;
      case "Identifier":
        return this.#isDataName(node);
      case "MemberExpression":
        return this.#isParams(node.object as SyntaxNode) ||
          this.free(node) && this.#isReadable(node.object as SyntaxNode);
      case "ArrayExpression":
        return childrenOf(node).every((part) => this.isData(part));
      case "SpreadElement":
        return this.isData(node.argument as SyntaxNode);
      case "ObjectExpression":
        return childrenOf(node).every((part) => this.isData(part));
      case "Property": {
        const name = fixedName(node.key, node.computed);
        const value = withoutTypes(node.value as SyntaxNode);
        if (name === undefined || node.kind !== "init" || called.has(name)) return false;
        return isFunction(value) ? !readers.has(name) && !changers.has(name) : this.isData(value);
      }
      case "ConditionalExpression":
      case "SequenceExpression":
      case "LogicalExpression":
      case "ChainExpression":
        return childrenOf(node).every((part) => this.isData(part));
      case "CallExpression":
      case "NewExpression":
        return this.free(node) && this.#givesData(node);
    }
    return isFunction(node) || /^(Assignment|Binary|Unary|Update|Template|Tagged)/.test(type) &&
        this.free(node);
  }

  /** Whether all that a function returns is data. */
  gives(node: SyntaxNode): boolean {
    if (this.#asked.has(node)) return true;
    this.#asked.add(node);
    const outer = this.#frame;
    this.#frame ??= node;
    const body = node.body as SyntaxNode;
    const returned = (part: SyntaxNode): boolean =>
      isFunction(part) ||
      (part.type === "ReturnStatement"
        ? !isNode(part.argument) || this.isData(part.argument)
        : childrenOf(part).every(returned));
    const data = node.async !== true && node.generator !== true &&
      (body.type === "BlockStatement" ? returned(body) : this.isData(body));
    this.#frame = outer;
    return data;
  }

  #isDataName(node: SyntaxNode): boolean {
    const variable = this.#variable(node);
    if (variable === undefined) return false;
    if (variable === null) return /^(undefined|NaN|Infinity)$/.test(String(node.name));
    if (variable.scope === this.#module.scope) {
      this.needs.add(`data ${variable.name}`);
      return true;
    }
    if (this.#judged.has(variable)) return true; // it holds what it held
    this.#judged.add(variable);
    return variable.defs.every(({ node, type }) => {
      const definition = node as unknown as SyntaxNode;
      // What a function is given is judged where it is called.
      if (String(type) === "Parameter") return this.#frame !== undefined || this.#isTaken(variable);
      if (definition.type !== "VariableDeclarator") return true;
      const init = definition.init;
      return !isNode(init) || this.isData(init) && !isIterator(init);
    });
  }

  /** Whether a variable of the wiring holds a parameter of the pipeline. */
  #isTaken(variable: Variable): boolean {
    return variable.identifiers.some((name) => this.#isParams(name as unknown as SyntaxNode));
  }

  /** Whether what a call without effect gives is data. */
  #givesData(node: SyntaxNode): boolean {
    const callee = withoutTypes(node.callee as SyntaxNode);
    if (isFunction(callee)) return this.gives(callee);
    if (callee.type !== "Identifier") return !this.#isZod(callee);
    const variable = this.#variable(callee);
    if (variable === null) return true;
    if (variable?.scope !== this.#module.scope) {
      const definition = variable?.defs[0]?.node as unknown as SyntaxNode | undefined;
      const init = definition?.type === "VariableDeclarator" ? definition.init : definition;
      return isNode(init) && isFunction(init) && this.gives(init);
    }
    if (node.type === "NewExpression") return false;
    this.needs.add(`gives ${variable.name}`);
    return true;
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
  #isReadable(given: SyntaxNode): boolean {
    const node = withoutTypes(given);
    if (this.#isParams(node) || /^(This|Meta)/.test(node.type)) return true;
    if (node.type === "MemberExpression") {
      const root = rootOf(node);
      const variable = this.#variable(root);
      if (this.#isParams(root) || this.#isParams(node.object as SyntaxNode)) return true;
      if (variable === null && surroundings.has(String(root.name))) return true;
      return root.type === "ThisExpression" ||
        variable !== undefined && variable?.scope !== this.#module.scope && this.isData(root);
    }
    if (node.type !== "Identifier") return this.isData(node);
    const variable = this.#variable(node);
    if (variable === null) {
      const name = String(node.name);
      return makers.has(name) || name in libraries || surroundings.has(name);
    }
    if (variable?.scope !== this.#module.scope) return this.isData(node);
    this.needs.add(`read ${variable.name}`);
    return true;
  }

  #call(node: SyntaxNode): boolean {
    const given = node.arguments as SyntaxNode[];
    if (this.#module.isMarked(node, "PURE")) return this.#all(given);
    const callee = withoutTypes(node.callee as SyntaxNode);
    if (callee.type === "Super") return given.every((part) => this.isData(part));
    if (isFunction(callee)) return given.length === 0 && this.body(callee);
    if (callee.type === "Identifier") {
      const variable = this.#variable(callee);
      if (variable === undefined) return false;
      if (variable === null) return makers.has(String(callee.name)) && this.#takes(given);
      if (!given.every((part) => isFunction(part) || this.#isUsable(part))) return false;
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
      if (!(name in libraries) || !this.#takes(given)) return false;
      // What was made right here belongs to nobody else.
      return !libraries[name].has(method) || /^(freeze|assign|seal)$/.test(method) &&
          isNode(given[0]) && /^(Object|Array)Expression$/.test(withoutTypes(given[0]).type);
    }
    if (this.#isZod(object)) return !zodEffects.has(method) && this.#all(given);
    if (!this.#takes(given)) return false;
    if (readers.has(method)) return this.isData(object);
    return changers.has(method) &&
      (this.#isOwn(object) && this.#isMadeHere(object) ||
        /^(Array|New)Expression$/.test(object.type) && this.isData(object));
  }

  /** Whether a function of the language that is given these has no effect. */
  #takes(given: readonly SyntaxNode[]): boolean {
    return given.every((part) => isFunction(part) ? this.body(part) : this.#isUsable(part));
  }

  /** Data, or a function of the module that has no effect. */
  #isUsable(given: SyntaxNode): boolean {
    const node = withoutTypes(given);
    const variable = this.#variable(node);
    if (variable?.scope !== this.#module.scope) return this.isData(node) || this.#isHandle(node);
    this.needs.add(`use ${variable.name}`);
    return true;
  }

  /** A function of the wiring or of a function that has no effect. */
  #isHandle(node: SyntaxNode): boolean {
    const definition = this.#variable(node)?.defs[0]?.node as unknown as SyntaxNode | undefined;
    const init = definition?.type === "VariableDeclarator" ? definition.init : definition;
    return isNode(init) && isFunction(init) && this.body(init);
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

/** Whether a call gives an iterator. */
export function isIterator(given: SyntaxNode): boolean {
  const node = withoutTypes(given);
  if (node.type !== "CallExpression") return false;
  const callee = withoutTypes(node.callee as SyntaxNode);
  return callee.type === "MemberExpression" &&
    iterators.has(fixedName(callee.property, callee.computed) ?? "") &&
    (callee.object as SyntaxNode).name !== "Object";
}
