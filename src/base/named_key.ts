/** Keys with their names. */

/**
 * The secret and the name in `NAME=KEY` or `KEY`; a base64 key ends in its `=`.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * const secret = "a-key-of-many-letters";
 * assertEquals(parseKey(`shop=${secret}`), { name: "shop", secret });
 * assertEquals(parseKey(secret), { secret });
 * ```
 */
export function parseKey(text: string): { readonly name?: string; readonly secret: string } {
  const found = /^([A-Za-z][\w.-]{0,31})=([^=].{15,})$/.exec(text);
  return found === null ? { secret: text } : { name: found[1], secret: found[2] };
}
