/** Reads a wiring function: which code and which parameters each step of it mentions. */

import { type Freedom, freedomOf } from "./effects.ts";
import { type CodePart, codePart } from "./code_part.ts";
import { libraries, makers, readers } from "./language.ts";
import { builderMethods, roles } from "./builder_call.ts";
import { constantValue, importedFrom, rootOf, variableOf } from "./names.ts";
import {
  below,
  childrenOf,
  declaredIn,
  fixedName,
  hasDefaults,
  isFunction,
  isNode,
  literalText,
  type ParsedModule,
  type SyntaxNode,
  type Variable,
  withoutTypes,
} from "../syntax/mod.ts";
import { type Cut, readPart, type Wiring } from "./part.ts";
import type { NodeFacts, PipelineFacts, WiringCode } from "./pipeline_facts.ts";
import { isBare } from "./specifier.ts";
import { madeBy, makesByItself, variablesChangedBy } from "./state.ts";

/** Reads `pipeline(name, options, build)`; undefined if a value is something else. */
export function readPipeline(
  module: ParsedModule,
  declaration: SyntaxNode,
): PipelineFacts | undefined {
  if (declaration.type !== "CallExpression") return undefined;
  const build = functionOf(module, (declaration.arguments as SyntaxNode[])[2]);
  return build && new WiringReader(module, build).read();
}

/** A function that is written out, or that a constant or declaration of the module names. */
function functionOf(module: ParsedModule, given: unknown): SyntaxNode | undefined {
  if (!isNode(given)) return undefined;
  const node = withoutTypes(given);
  const found = constantValue(variableOf(module, node)) ?? node;
  return isFunction(found) ? found : undefined;
}

class WiringReader {
  /** Methods of the builder by the variable that holds them. */
  readonly #methods = new Map<Variable, string>();
  readonly #params = new Set<Variable>();
  readonly #taken = new Map<Variable, string>();
  readonly #variables = new Map<Variable, number>();
  #builder: Variable | undefined;
  /** Whether the builder goes ways that cannot be followed. */
  #escaped = false;
  /** Whether steps are made whose names are not written out. */
  #dynamic = false;
  readonly #nodes: NodeFacts[] = [];
  readonly #rest: WiringCode[] = [];
  readonly #wiring: Wiring;
  /** Variables of the wiring of which others may have, or have had, what they hold. */
  readonly #changed = new Set<Variable>();

  constructor(private readonly module: ParsedModule, private readonly build: SyntaxNode) {
    const scope = module.scopeOf(build);
    const collect = (inner: NonNullable<typeof scope>) => {
      for (const variable of inner.variables) {
        if (variable.name === "arguments" && variable.defs.length === 0) {
          this.#escaped ||= variable.references.length > 0;
        } else this.#variables.set(variable, this.#variables.size);
      }
      for (const child of inner.childScopes) {
        if (child.variableScope === scope!.variableScope) collect(child);
      }
    };
    if (scope) collect(scope);
    const [builder, ...more] = build.params as SyntaxNode[];
    if (more.length > 0) this.#escaped = true;
    if (builder) this.#takeBuilder(builder);
    this.#followBuilder();
    this.#findChanged(build.body as SyntaxNode);
    this.#wiring = {
      variables: this.#variables,
      taken: this.#taken,
      isParams: (node) => this.#isParams(node),
      shared: this.#sharedVariables(),
    };
  }

  read(): PipelineFacts {
    const all = readPart(this.module, [this.build], this.#wiring);
    const whole = codePart({ ...all, params: ["*"] });
    const body = this.build.body as SyntaxNode;
    if (body.type === "BlockStatement") {
      for (const statement of body.body as SyntaxNode[]) this.#statement(statement);
    } else this.#add(body);
    for (const parameter of this.build.params as SyntaxNode[]) {
      if (hasDefaults(parameter)) this.#add(parameter, [], false);
    }
    // Behind an early return, a name that is not written out may be any other's.
    const early = this.#dynamic &&
      childrenOf(body).some((node) => node.type !== "ReturnStatement" && returns(node));
    const followed = !this.#escaped && !early;
    return {
      nodes: followed ? this.#nodes : [],
      rest: followed ? this.#rest : [],
      dynamic: this.#dynamic,
      mentioned: all.params,
      whole,
    };
  }

  #statement(node: SyntaxNode): void {
    switch (node.type) {
      case "VariableDeclaration":
        for (const declarator of node.declarations as SyntaxNode[]) {
          if (this.#takes(declarator) && !hasDefaults(declarator.id as SyntaxNode)) continue;
          const load = /using/.test(String(node.kind)) ? false : undefined;
          this.#add(declarator, declaredIn(declarator), load);
        }
        return;
      case "FunctionDeclaration":
      case "ClassDeclaration":
        return this.#add(node, declaredIn(node));
      case "ExpressionStatement":
        return this.#add(node.expression as SyntaxNode);
      case "ReturnStatement":
        return isNode(node.argument) ? this.#add(node.argument) : undefined;
      default:
        return this.#add(node, [], false);
    }
  }

  /** Takes code with a handle in place of each builder call. */
  #add(given: SyntaxNode, declared: SyntaxNode[] = [], load?: false): void {
    const node = withoutTypes(given);
    const direct = this.#directCall(node);
    const judged: SyntaxNode[] = direct ? [] : [node];
    const unfollowed = new Set<SyntaxNode>();
    let certain = true;
    const cut: Cut = (part) => {
      if (unfollowed.has(part)) return undefined;
      if (isFunction(part) || isLoop(part)) {
        for (const inner of below(part)) unfollowed.add(inner);
        return undefined;
      }
      const found = this.#builderCall(part);
      if (found === undefined) {
        if (this.#method(part) !== undefined) certain = false;
        return undefined;
      }
      const { name, method, code, items, beside } = found;
      this.#nodes.push({
        ...{ name, code: this.#part(code), at: Number(part.start), certain: part === direct },
        ...items !== undefined && { items: this.#part([items]) },
      });
      judged.push(
        ...beside,
        ...[...code, items].filter(isNode).filter((part) => !isFunction(part)),
      );
      if (part !== direct) certain = false; // it is made as what is around it says
      return `handle:${method}:${name}`;
    };
    let code = readPart(this.module, [node], this.#wiring, cut);
    const free = this.#judge(judged);
    // What a call is given may do something: then it counts for more than the step.
    if (direct && (!free || free.length > 0)) {
      code = readPart(this.module, [code.text, ...judged], this.#wiring, cut);
    }
    for (const call of unfollowed) {
      if (this.#method(call) === undefined) continue;
      const name = this.#builderCall(call)?.name;
      if (name === undefined) this.#dynamic = true;
      else this.#nodes.push({ name, code: codePart(code), at: Number(call.start), certain: false });
    }
    const locals = declared.flatMap((name) => {
      const variable = this.#variableOf(name);
      return variable ? [this.#variables.get(variable)!] : [];
    });
    const freedom = load ?? (certain && free);
    if (locals.length === 0 && freedom && freedom.length === 0) return;
    const at = node.type === "FunctionDeclaration" ? -1 : Number(node.start);
    const value = node.type === "VariableDeclarator" && isNode(node.init) ? node.init : undefined;
    const makers = value ? madeBy(this.module, value) : [];
    this.#rest.push({
      ...{ code: codePart(code), at, locals, load: freedom },
      ...value && makesByItself(this.module, value) && { makes: true },
      ...makers.length > 0 && { makers },
    });
  }

  #judge(nodes: readonly SyntaxNode[]): Freedom {
    return freedomOf(this.module, nodes, {
      isParams: (node) => this.#isParams(node),
      isChanged: (variable) => this.#changed.has(variable) && !this.#taken.has(variable),
    });
  }

  /** Notes what is handed on, as what holds it may then be changed by others. */
  #findChanged(node: SyntaxNode): void {
    const { type } = node;
    let read: unknown[] = [];
    if (/^(Binary|Unary|Spread|Template|ForOf|ForIn|If|Switch|While|Expression)/.test(type)) {
      read = childrenOf(node);
      if (node.operator === "delete") read = [];
    } else if (type === "MemberExpression") read = [node.object, node.property];
    else if (type === "CallExpression" || type === "NewExpression") {
      const callee = withoutTypes(node.callee as SyntaxNode);
      const { object, property, computed } = callee as SyntaxNode & { object?: SyntaxNode };
      const root = object ?? callee;
      const known = variableOf(this.module, root) === null &&
        (makers.has(String(root.name)) || libraries.has(String(root.name)));
      const isReader = object !== undefined && readers.has(fixedName(property, computed) ?? "");
      const given = node.arguments as unknown[];
      read = [
        ...isReader || !object ? [callee] : [],
        ...known && !/^(assign|define)/.test(String(fixedName(property, computed))) ||
            this.#method(node) !== undefined
          ? given
          : [],
      ];
    }
    for (const child of childrenOf(node)) {
      const held = withoutTypes(child);
      const isName = held.type === "Identifier" || held.type === "MemberExpression";
      if (isName && !read.includes(child)) {
        const variable = variableOf(this.module, rootOf(held));
        if (variable) this.#changed.add(variable);
      }
      this.#findChanged(child);
    }
  }

  /** A call of the builder that says which step it makes. */
  #builderCall(node: SyntaxNode) {
    const method = this.#method(node);
    if (method === undefined) return undefined;
    const given = node.arguments as SyntaxNode[];
    const name = literalText(given[0]);
    if (name === undefined || given.some(({ type }) => type === "SpreadElement")) {
      this.#dynamic = true;
      return undefined;
    }
    return { name, method, ...roles(method, given) };
  }

  /** The call that a statement is, or that gives the variable that it declares. */
  #directCall(node: SyntaxNode): SyntaxNode | undefined {
    const value = node.type === "VariableDeclarator" ? node.init : node;
    if (!isNode(value)) return undefined;
    const call = withoutTypes(value);
    return this.#method(call) === undefined ? undefined : call;
  }

  #part(nodes: readonly unknown[]): CodePart {
    return codePart(readPart(this.module, nodes, this.#wiring));
  }

  /** The variable that an identifier declares. */
  #variableOf(identifier: SyntaxNode): Variable | undefined {
    return this.#variables.keys().find(({ defs }) =>
      defs.some(({ name }) => name.range[0] === identifier.start)
    );
  }

  #takeBuilder(pattern: SyntaxNode): void {
    if (pattern.type === "Identifier") {
      this.#builder = this.#variableOf(pattern);
      return;
    }
    if (pattern.type !== "ObjectPattern") return void (this.#escaped = true);
    for (const { type, key, computed, value } of pattern.properties as SyntaxNode[]) {
      const name = type === "Property" ? fixedName(key, computed) : undefined;
      const target = value as SyntaxNode;
      if (name === "params") this.#takeParams(target);
      else if (name !== undefined && builderMethods.has(name) && target.type === "Identifier") {
        this.#methods.set(this.#variableOf(target)!, name);
      } else this.#escaped = true;
    }
  }

  /** Variables that hold the parameters, or single ones. */
  #takeParams(pattern: SyntaxNode): void {
    if (pattern.type === "Identifier") {
      this.#params.add(this.#variableOf(pattern)!);
      return;
    }
    const properties = pattern.type === "ObjectPattern" ? pattern.properties as SyntaxNode[] : [];
    if (pattern.type !== "ObjectPattern") this.#escaped = true;
    for (const { type, key, computed, value } of properties) {
      const name = type === "Property" ? fixedName(key, computed) : undefined;
      for (const target of declaredIn(type === "Property" ? value : pattern)) {
        const variable = this.#variableOf(target);
        if (variable && !this.#taken.has(variable)) this.#taken.set(variable, name ?? "*");
      }
    }
  }

  /** Whether a variable is declared to be the builder, the parameters, or parts of these. */
  #takes({ id, init }: SyntaxNode): boolean {
    if (!isNode(init)) return false;
    const given = withoutTypes(init);
    const builder = this.#resolved(given) === this.#builder && this.#builder !== undefined;
    return builder && (id as SyntaxNode).type === "ObjectPattern" || this.#isParams(given);
  }

  /** Follows the builder and the parameters into other variables. */
  #followBuilder(): void {
    for (const node of below(this.build.body as SyntaxNode)) {
      if (node.type !== "VariableDeclarator" || !this.#takes(node)) continue;
      const pattern = node.id as SyntaxNode;
      if (this.#isParams(withoutTypes(node.init as SyntaxNode))) this.#takeParams(pattern);
      else this.#takeBuilder(pattern);
    }
    const all = below(this.build);
    for (const variable of [...this.#methods.keys(), this.#builder]) {
      if (variable && !this.#onlyCalled(variable, all)) this.#escaped = true;
    }
  }

  /** Whether each mention of a method is a call of it, and each of the builder a member of it. */
  #onlyCalled(variable: Variable, all: readonly SyntaxNode[]): boolean {
    let others = variable.references.filter(({ init }) => !init).length;
    for (const node of all) {
      let use: unknown;
      if (node.type === "VariableDeclarator" && this.#takes(node)) use = node.init;
      else if (this.#method(node) !== undefined) {
        const callee = withoutTypes(node.callee as SyntaxNode);
        use = callee.type === "MemberExpression" ? callee.object : callee;
      } else if (variable === this.#builder && this.#isParams(node)) use = node.object;
      if (isNode(use) && this.#resolved(withoutTypes(use)) === variable) others--;
    }
    return others <= 0;
  }

  #resolved(node: unknown): Variable | undefined {
    if (!isNode(node) || node.type !== "Identifier") return undefined;
    return this.module.reference(node)?.resolved ?? undefined;
  }

  #method(node: SyntaxNode): string | undefined {
    if (node.type !== "CallExpression") return undefined;
    const callee = withoutTypes(node.callee as SyntaxNode);
    const variable = this.#resolved(callee);
    if (variable) return this.#methods.get(variable);
    if (callee.type !== "MemberExpression" || this.#builder === undefined) return undefined;
    if (this.#resolved(callee.object) !== this.#builder) return undefined;
    const name = fixedName(callee.property, callee.computed);
    return name !== undefined && builderMethods.has(name) ? name : undefined;
  }

  #isParams(given: SyntaxNode): boolean {
    const node = withoutTypes(given);
    const variable = this.#resolved(node);
    if (variable) return this.#params.has(variable);
    return node.type === "MemberExpression" && this.#builder !== undefined &&
      this.#resolved(node.object) === this.#builder &&
      fixedName(node.property, node.computed) === "params";
  }

  /** Whether a name is of a package: there, `z.set(…)` is a function of it and changes nothing. */
  #isOfPackage(variable: Variable): boolean {
    const origin = importedFrom(variable);
    return origin !== undefined && isBare(literalText(origin.source)!);
  }

  /** Variables that functions inside of the wiring change: what one step does another may see. */
  #sharedVariables(): Set<Variable> {
    const shared = new Set<Variable>();
    const visit = (node: SyntaxNode, inside: boolean): void => {
      for (const { variable } of inside ? variablesChangedBy(this.module, node) : []) {
        const isOutside = variable &&
          (this.#variables.has(variable) || variable.scope === this.module.scope);
        if (isOutside && !this.#isOfPackage(variable)) shared.add(variable);
      }
      for (const child of childrenOf(node)) visit(child, inside || isFunction(child));
    };
    visit(this.build.body as SyntaxNode, isFunction(this.build.body));
    return shared;
  }
}

function isLoop({ type }: SyntaxNode): boolean {
  return /^(For\w*|While|DoWhile)Statement$/.test(type);
}

function returns(node: SyntaxNode): boolean {
  return !isFunction(node) && (node.type === "ReturnStatement" || childrenOf(node).some(returns));
}
