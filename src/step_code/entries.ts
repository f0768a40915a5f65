/** Objects of which each entry counts for itself. */

import { type CodePart, codePart } from "./code_part.ts";
import { variableOf } from "./names.ts";
import {
  below,
  fixedName,
  type ParsedModule,
  type SyntaxNode,
  withoutTypes,
} from "../syntax/mod.ts";
import { readPart } from "./part.ts";

/** The entries of an object that is written out. */
export interface Entries {
  /** What is written there, by key. */
  readonly own: Readonly<Record<string, { readonly code: CodePart; readonly at: number }>>;
  /** Names of the objects that it begins with, as in `{ ...first, ...second, own: 1 }`. */
  readonly from: readonly string[];
}

/** The entries of a value; undefined if they are not certain, or may use each other. */
export function entriesOf(module: ParsedModule, value: SyntaxNode): Entries | undefined {
  const node = withoutTypes(value);
  if (node.type !== "ObjectExpression") return undefined;
  const own: Record<string, { code: CodePart; at: number }> = {};
  const from: string[] = [];
  let mentions = 0;
  for (const property of node.properties as SyntaxNode[]) {
    if (property.type === "SpreadElement") {
      const variable = variableOf(module, property.argument);
      if (variable?.scope !== module.scope || Object.keys(own).length > 0) return undefined;
      from.push(variable.name);
      continue;
    }
    const name = fixedName(property.key, property.computed);
    const usesOthers = below(property).some(({ type }) => /^(This|Super)/.test(type));
    if (name === undefined || name === "__proto__" || Object.hasOwn(own, name) || usesOthers) {
      return undefined;
    }
    const code = codePart(readPart(module, [property]));
    mentions += code.names.length;
    own[name] = { code, at: Number(property.start) };
  }
  return mentions + from.length > 0 ? { own, from } : undefined; // else there is nothing to reach
}
