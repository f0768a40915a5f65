/** Addresses of modules as code writes them. */

import { isNode, literalText, type SyntaxNode } from "../syntax/mod.ts";

/** What `new URL("…", import.meta.url)` or `import.meta.resolve("…")` names; undefined for others. */
export function moduleUrl(node: unknown): { readonly address?: string } | undefined {
  if (!isNode(node) || !isNode(node.callee)) return undefined;
  const given = node.arguments as unknown[];
  const names = node.type === "NewExpression" && node.callee.name === "URL"
    ? isMeta(given[1], "url")
    : node.type === "CallExpression" && isMeta(node.callee, "resolve");
  return names ? { address: literalText(given[0]) } : undefined;
}

/** Whether an address is that of a folder, which holds no code by itself. */
export function namesFolder(address: string): boolean {
  return /(^|\/)\.{0,2}$/.test(address);
}

function isMeta(node: unknown, property: string): boolean {
  return isNode(node) && node.type === "MemberExpression" &&
    (node.object as SyntaxNode).type === "MetaProperty" &&
    (node.property as SyntaxNode).name === property;
}
