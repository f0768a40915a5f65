/** Judges code by what it does beside making a value; see `effects.ts`. */

import { Frame, type Surroundings } from "./frame.ts";
import {
  callbackAt,
  called,
  changers,
  isMethodName,
  libraries,
  makers,
  mapping,
  readers,
  surroundings,
  zodEffects,
} from "./language.ts";
import { constantValue, variableOf } from "./names.ts";
import { inert, structural } from "./node_kinds.ts";
import {
  childrenOf,
  fixedName,
  isFunction,
  isNode,
  type ParsedModule,
  type SyntaxNode,
  type Variable,
  withoutTypes,
} from "../syntax/mod.ts";
import {
  hasGetter,
  isIterator,
  isNoFunction,
  isPlainClass,
  isPrimitive,
  isStringRaw,
  isZod,
  returnedBy,
} from "./values.ts";

/**
 * Goes through code and notes what must hold of names for it to have no effect.
 *
 * Data is what has no accessors and no functions under names that the language calls, at any
 * depth. Functions may be among it, but only a function that is known is ever called.
 */
export class Judge {
  readonly needs = new Set<string>();
  readonly #frame: Frame;
  readonly #bodies = new Map<SyntaxNode, boolean>();
  readonly #gifts = new Map<SyntaxNode, boolean>();
  readonly #held = new Map<Variable, boolean>();

  constructor(readonly module: ParsedModule, readonly around: Surroundings) {
    this.#frame = new Frame(module, (node) => this.isData(node));
  }

  free(given: SyntaxNode): boolean {
    const node = withoutTypes(given);
    const { type } = node;
    if (inert.has(type)) return true;
    switch (type) {
      case "AwaitExpression":
        return this.#frame.node !== undefined && this.isData(node.argument as SyntaxNode);
      case "ForOfStatement":
      case "ForInStatement": {
        const left = node.left as SyntaxNode;
        return this.#frame.node !== undefined && this.#isIterable(node.right as SyntaxNode) &&
          (left.type === "VariableDeclaration" || this.#frame.owns(left, undefined)) &&
          this.#all(childrenOf(node));
      }
      case "VariableDeclaration":
        return !/using/.test(String(node.kind)) && this.#all(childrenOf(node));
      case "SpreadElement":
        return this.#isIterable(node.argument as SyntaxNode);
      case "Property":
        return this.#isKey(node) && this.free(node.value as SyntaxNode);
      case "AssignmentPattern":
        return this.free(node.left as SyntaxNode) && this.isData(node.right as SyntaxNode);
      case "TemplateLiteral":
        this.needs.add("language");
        return (node.expressions as SyntaxNode[]).every((part) => this.isData(part));
      case "BinaryExpression":
        this.needs.add("language");
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
        return this.#frame.owns(node.argument as SyntaxNode, node);
      case "AssignmentExpression": {
        const right = node.right as SyntaxNode;
        return this.#frame.owns(node.left as SyntaxNode, right) && this.isData(right);
      }
      case "VariableDeclarator": {
        const { id, init } = node as { id?: SyntaxNode; init?: SyntaxNode };
        if (!isNode(init)) return true;
        return (id!.type === "Identifier" ? this.free(init) : this.#isIterable(init)) &&
          this.free(id!);
      }
      case "MemberExpression":
        this.needs.add("language");
        return this.#isReadable(node.object as SyntaxNode) &&
          (node.computed !== true || this.isData(node.property as SyntaxNode));
      case "CallExpression":
      case "NewExpression":
        return this.#call(node);
      case "TaggedTemplateExpression":
        return isStringRaw(this.module, node.tag as SyntaxNode) &&
          this.free(node.quasi as SyntaxNode);
      case "ClassDeclaration":
      case "ClassExpression":
        return this.#class(node);
    }
    return structural.has(type) && this.#all(childrenOf(node));
  }

  /** Whether making a value has no effect, and what is done with it later runs no code of its own. */
  isData(given: SyntaxNode): boolean {
    const node = withoutTypes(given);
    const { type } = node;
    if (type === "MetaProperty" || this.around.isParams(node)) return true;
    switch (type) {
      case "Literal":
        return !/[gy]/.test((node.regex as { flags?: string } | undefined)?.flags ?? "");
      case "Identifier":
        return this.#isDataName(node);
      case "MemberExpression": {
        const object = withoutTypes(node.object as SyntaxNode);
        return fixedName(node.property, node.computed) !== "prototype" &&
          (node.computed !== true || this.isData(node.property as SyntaxNode)) &&
          (this.isData(object) || variableOf(this.module, object) === null &&
              (libraries.has(String(object.name)) || surroundings.has(String(object.name))));
      }
      case "SpreadElement":
        return this.#isIterable(node.argument as SyntaxNode);
      case "Property": {
        const name = fixedName(node.key, node.computed);
        const value = withoutTypes(node.value as SyntaxNode);
        if (name === undefined || node.kind !== "init" || called.has(name)) return false;
        return name !== "__proto__" && this.isData(value) &&
          (!isMethodName(name) || isNoFunction(this.module, value));
      }
      case "ArrayExpression":
      case "ObjectExpression":
      case "ConditionalExpression":
      case "SequenceExpression":
      case "LogicalExpression":
      case "ChainExpression":
        return childrenOf(node).every((part) => this.isData(part));
      case "CallExpression":
      case "NewExpression":
        return this.free(node) && this.#givesData(node);
      case "ClassDeclaration":
      case "ClassExpression":
        return this.free(node) && isPlainClass(node);
      case "TSEnumDeclaration":
        return this.free(node);
    }
    return isFunction(node) || /^(Assignment|Binary|Unary|Update|Template|Tagged)/.test(type) &&
        this.free(node);
  }

  /** Whether all that a function returns is data. */
  gives(node: SyntaxNode): boolean {
    return this.#frame.within(
      node,
      this.#gifts,
      () => node.async !== true && node.generator !== true && this.#returnsData(node),
    );
  }

  /** What a function does when it is called. */
  body(node: SyntaxNode): boolean {
    return this.#frame.within(node, this.#bodies, () => {
      // Only an arrow function has the `this` of what is around it.
      if (node.type !== "ArrowFunctionExpression") this.#frame.isInstance = false;
      return this.#begins(node);
    });
  }

  construction(node: SyntaxNode): boolean {
    const members = (node.body as { body: SyntaxNode[] }).body;
    const isPlain = members.every(({ kind }) => kind !== "get" && kind !== "set");
    if (isNode(node.superClass)) {
      const variable = variableOf(this.module, node.superClass);
      const name = String(node.superClass.name);
      if (!isPlain || variable === undefined) return false;
      if (variable === null ? !/Error$/.test(name) || !makers.has(name) : !this.#isTop(variable)) {
        return false;
      }
      if (variable) this.needs.add(`call ${name}`).add(`read ${name}`);
    }
    return this.#frame.within(node, this.#bodies, () => {
      this.#frame.isInstance = isPlain;
      return members.every((member) =>
        member.type === "MethodDefinition"
          ? member.kind !== "constructor" || !isNode((member.value as SyntaxNode).body) ||
            this.#begins(member.value as SyntaxNode)
          : member.static === true || !isNode(member.value) || this.free(member.value)
      );
    });
  }

  /** What is done from the parameters on; a promise asks what it is given for `then`. */
  #begins(node: SyntaxNode): boolean {
    return this.#all(node.params as SyntaxNode[]) && this.free(node.body as SyntaxNode) &&
      (node.async !== true || node.generator === true || this.#returnsData(node));
  }

  #returnsData(node: SyntaxNode): boolean {
    return returnedBy(node).every((value) => this.isData(value));
  }

  #isDataName(node: SyntaxNode): boolean {
    const variable = variableOf(this.module, node);
    if (variable === undefined) return false;
    const name = String(node.name);
    if (variable === null) return /^(undefined|NaN|Infinity)$/.test(name) || makers.has(name);
    if (this.#isTop(variable)) {
      this.needs.add(`data ${variable.name}`);
      return true;
    }
    const known = this.#held.get(variable);
    if (known !== undefined) return known;
    this.#held.set(variable, true); // it holds what it held
    const holds = variable.defs.every(({ node, type }) => {
      const definition = node;
      switch (type) {
        case "FunctionName":
        case "TSEnumName":
          return true;
        case "ClassName":
          return isPlainClass(definition);
        case "Parameter": // what a function is given is judged where it is called
          return this.#frame.node !== undefined ||
            variable.identifiers.some((name) => this.around.isParams(name));
        case "Variable": {
          const init = definition.init;
          if (!isNode(init)) {
            return this.#frame.node !== undefined || !this.around.isChanged(variable);
          }
          const id = definition.id as SyntaxNode;
          return (id.type === "Identifier" ? this.isData(init) : this.#isIterable(init)) &&
            this.free(id) && (isPrimitive(init) || !this.around.isChanged(variable));
        }
        default:
          return false;
      }
    });
    this.#held.set(variable, holds);
    return holds;
  }

  /** Whether what a call without effect gives is data. */
  #givesData(node: SyntaxNode): boolean {
    const callee = withoutTypes(node.callee as SyntaxNode);
    if (isIterator(node)) return false;
    if (callee.type === "MemberExpression") {
      const method = fixedName(callee.property, callee.computed) ?? "";
      if (isZod(this.module, callee) || method === "fromEntries") return false;
      const callback = (node.arguments as SyntaxNode[])[callbackAt.get(method) ?? -1];
      return !mapping.has(method) || callback === undefined || this.#callbackGives(callback);
    }
    const isMade = node.type === "NewExpression" && variableOf(this.module, callee) !== null;
    return !isMade && this.#callbackGives(callee);
  }

  #callbackGives(given: SyntaxNode): boolean {
    const found = this.#function(given);
    if (found) return this.gives(found);
    const variable = variableOf(this.module, given);
    if (!variable) return variable === null || isNoFunction(this.module, given);
    if (!this.#isTop(variable)) return false;
    this.needs.add(`gives ${variable.name}`);
    return true;
  }

  /** A function that is written out, or that a name inside of the module's functions stands for. */
  #function(given: SyntaxNode): SyntaxNode | undefined {
    const node = withoutTypes(given);
    if (isFunction(node)) return node;
    const variable = variableOf(this.module, node);
    const value = variable && !this.#isTop(variable) ? constantValue(variable) : undefined;
    return value && isFunction(value) ? value : undefined;
  }

  #isTop(variable: Variable): boolean {
    return variable.scope === this.module.scope;
  }

  #all(nodes: readonly SyntaxNode[]): boolean {
    return nodes.every((node) => this.free(node));
  }

  #isKey({ key, computed }: SyntaxNode): boolean {
    return computed !== true || this.isData(key as SyntaxNode);
  }

  #class(node: SyntaxNode): boolean {
    const decorated = (part: SyntaxNode) => ((part.decorators ?? []) as unknown[]).length > 0;
    if (decorated(node) || isNode(node.superClass) && !this.free(node.superClass)) return false;
    return (node.body as { body: SyntaxNode[] }).body.every((member) =>
      !decorated(member) && member.type !== "StaticBlock" && this.#isKey(member) &&
      (member.static !== true || member.type === "MethodDefinition" || !isNode(member.value) ||
        this.free(member.value))
    );
  }

  /** Whether reading a property of it has no effect. */
  #isReadable(given: SyntaxNode): boolean {
    const node = withoutTypes(given);
    if (node.type === "ThisExpression") return this.#frame.isInstance;
    const variable = variableOf(this.module, node);
    if (variable === null) {
      const name = String(node.name);
      return makers.has(name) || libraries.has(name) || surroundings.has(name);
    }
    if (!variable || !this.#isTop(variable) || this.around.isParams(node)) return this.isData(node);
    this.needs.add(`read ${variable.name}`);
    return true;
  }

  #call(node: SyntaxNode): boolean {
    const given = node.arguments as SyntaxNode[];
    if (this.module.isMarked(node, "PURE")) return this.#all(given);
    const callee = withoutTypes(node.callee as SyntaxNode);
    if (callee.type === "Super") return given.every((part) => this.isData(part));
    if (isFunction(callee)) return given.length === 0 && this.body(callee);
    if (callee.type === "Identifier") {
      const variable = variableOf(this.module, callee);
      if (variable === null) {
        this.needs.add("language");
        return makers.has(String(callee.name)) && this.#takes(given, "");
      }
      if (variable === undefined || !given.every((part) => this.isData(part))) return false;
      if (this.#isTop(variable)) {
        this.needs.add(`call ${variable.name}`);
        return true;
      }
      const called = this.#function(callee);
      return called !== undefined && this.body(called);
    }
    if (callee.type !== "MemberExpression") return false;
    this.needs.add("language");
    const object = withoutTypes(callee.object as SyntaxNode);
    const method = fixedName(callee.property, callee.computed);
    if (method === undefined) return false;
    if (variableOf(this.module, object) === null) {
      const effects = libraries.get(String(object.name));
      if (effects === undefined || !this.#takes(given, method)) return false;
      // What was made right here belongs to nobody else.
      return !effects.has(method) || /^(freeze|assign|seal)$/.test(method) &&
          isNode(given[0]) && /^(Object|Array)Expression$/.test(withoutTypes(given[0]).type);
    }
    if (isZod(this.module, object)) {
      return !zodEffects.has(method) && given.every((part) => this.free(part) && !hasGetter(part));
    }
    if (!this.#takes(given, method)) return false;
    if (readers.has(method)) return this.isData(object);
    return changers.has(method) &&
      (this.#frame.owns(object, undefined) && this.#frame.isMadeHere(object) ||
        /^(Array|New)Expression$/.test(object.type) && this.isData(object));
  }

  /** Whether a function of the language that is given these has no effect. */
  #takes(given: readonly SyntaxNode[], method: string): boolean {
    const place = callbackAt.get(method);
    return given.every((part, i) => i === place ? this.#isCallback(part) : this.#isIterable(part));
  }

  /** A function that has no effect, or no function. */
  #isCallback(given: SyntaxNode): boolean {
    const found = this.#function(given);
    if (found) return this.body(found);
    const variable = variableOf(this.module, withoutTypes(given));
    if (variable === null) return this.isData(given);
    if (!variable || !this.#isTop(variable)) {
      return isNoFunction(this.module, given) && this.isData(given);
    }
    this.needs.add(`use ${variable.name}`);
    return true;
  }

  /** Data, or an iterator that nobody else has. */
  #isIterable(node: SyntaxNode): boolean {
    this.needs.add("language");
    return isIterator(node) ? this.free(node) : this.isData(node);
  }
}
