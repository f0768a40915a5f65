/** What the arguments of a call of the builder are. */

import { fixedName, isNode, type SyntaxNode } from "../syntax/mod.ts";

/** The methods of the builder that make something. */
export const builderMethods: ReadonlySet<string> = new Set(["step", "each", "file", "resource"]);

/** Which arguments of a builder call are the step's code, which its list, and which neither. */
export function roles(
  method: string,
  given: SyntaxNode[],
): { code: SyntaxNode[]; items?: SyntaxNode; beside: SyntaxNode[] } {
  if (method === "file") return { code: [], beside: given };
  if (method === "resource") return { code: given.slice(1), beside: [] };
  const rest = given.slice(method === "each" ? 2 : 1);
  const [inputs, run, options] = rest.length === 1 ? [undefined, rest[0]] : rest;
  const code = [run, ...decidingOptions(options)].filter(isNode);
  const beside = [inputs, options].filter(isNode);
  return method === "each" ? { code, items: given[1], beside } : { code, beside };
}

/** The options that change a result; all options if they are not written out. */
function decidingOptions(options: SyntaxNode | undefined): SyntaxNode[] {
  if (options === undefined) return [];
  if (options.type !== "ObjectExpression") return [options];
  return (options.properties as SyntaxNode[]).filter(({ type, key, computed }) =>
    type !== "Property" || /^(output|permissions)$/.test(fixedName(key, computed) ?? "output")
  );
}
