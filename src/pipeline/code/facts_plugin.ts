/**
 * Deno's own parser as a reader of code: a lint rule that reports what it finds in
 * each file as its message, so that no second TypeScript parser is needed.
 */

import type { SyntaxNode } from "./syntax.ts";

/** A plugin whose only rule, `facts`, reports what `read` finds in a file, as JSON. */
export function factsPlugin(
  name: string,
  read: (program: SyntaxNode) => unknown,
): Deno.lint.Plugin {
  return {
    name,
    rules: {
      facts: {
        create: (context) => ({
          Program(node) {
            const facts = read(node as unknown as SyntaxNode);
            context.report({ node, message: JSON.stringify(facts) });
          },
        }),
      },
    },
  };
}
