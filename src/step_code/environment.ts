/** Which variables of the environment code reads. */

import { fixedName, isNode, literalText, type SyntaxNode, withoutTypes } from "../syntax/mod.ts";

/** Finds `Deno.env.get("…")`, `process.env.…` and what else mentions the environment. */
export class EnvironmentReads {
  /** The names that are written out; `*` for any others, also for one that changes them. */
  readonly names = new Set<string>();
  /** Mentions of the environment of which the name is known. */
  readonly #named = new Set<unknown>();

  /** Takes a node, each before what it consists of. */
  visit(node: SyntaxNode): void {
    if (node.type === "CallExpression") {
      const { type, object, property, computed } = withoutTypes(node.callee as SyntaxNode);
      const name = literalText((node.arguments as unknown[])[0]);
      const isRead = /^(get|has)$/.test(fixedName(property, computed) ?? "");
      if (type === "MemberExpression" && isRead) this.#found(object, name);
    } else if (isEnvironment(node)) {
      if (!this.#named.has(node)) this.names.add("*");
    } else if (node.type === "MemberExpression" && rootName(node.object) === "process") {
      this.#found(node.object, fixedName(node.property, node.computed));
    }
  }

  #found(given: unknown, name: string | undefined): void {
    const object = isNode(given) ? withoutTypes(given) : undefined;
    if (name === undefined || !isEnvironment(object)) return;
    this.names.add(name);
    this.#named.add(object);
  }
}

/** `Deno.env` or `process.env`. */
function isEnvironment(node: unknown): boolean {
  return isNode(node) && node.type === "MemberExpression" &&
    fixedName(node.property, node.computed) === "env" && /^(Deno|process)$/.test(rootName(node)!);
}

function rootName(given: unknown): string | undefined {
  const node = isNode(given) ? withoutTypes(given) : undefined;
  if (node?.type !== "MemberExpression") return undefined;
  return String(withoutTypes(node.object as SyntaxNode).name);
}
