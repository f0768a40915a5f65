/** What a token is told by, as plain data that travels with a model. */

import { UsageError } from "../base/mod.ts";
import { type SpotterName, spotterNames } from "./spotters.ts";
import type { TokenSplit } from "./tokens.ts";
import { type WordAttribute, wordAttributes } from "./word_form.ts";

/** One template: an attribute, and at which tokens it is looked at. */
export interface TokenTemplate {
  /** What is looked at. */
  readonly of: WordAttribute;
  /** At which tokens, counted from the one that is told: −1 is the one before it. */
  readonly at: readonly number[];
}

/** How texts become the attributes of their tokens. */
export interface TokenRules {
  /** Where tokens are cut. */
  readonly split: TokenSplit;
  /** Attributes of single words. */
  readonly templates: readonly TokenTemplate[];
  /** Attributes of two neighbours or more: each list is looked at together. */
  readonly together: readonly (readonly { readonly of: WordAttribute; readonly at: number }[])[];
  /** Rules that find amounts, dates and account numbers. */
  readonly spot: readonly SpotterName[];
  /** Phrases by the name of their list; spelling by capitals does not count. */
  readonly lists: Readonly<Record<string, readonly string[]>>;
}

/** Tokens away from the one that is told. */
const FARTHEST = 5;

const one = (of: WordAttribute, at: number) => ({ of, at });

/** Templates that serve names in running text; 40 attributes for a token or so. */
export const usualTemplates: Pick<TokenRules, "templates" | "together"> = {
  templates: [
    { of: "word", at: [-2, -1, 0, 1, 2] },
    { of: "form", at: [-1, 0, 1] },
    { of: "prefix", at: [0] },
    { of: "suffix", at: [-1, 0, 1] },
    { of: "shape", at: [-2, -1, 0, 1, 2] },
    { of: "outline", at: [-1, 0, 1] },
    { of: "letters", at: [-2, -1, 0, 1, 2] },
  ],
  together: [
    [one("word", -1), one("word", 0)],
    [one("word", 0), one("word", 1)],
  ],
};

/**
 * The rules with their defaults filled in.
 *
 * @throws {UsageError} for an attribute, a rule or a distance that there is not.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * assertEquals(tokenRules({ split: "blanks" }).spot, []);
 * ```
 */
export function tokenRules(options: Partial<TokenRules> = {}): TokenRules {
  const { split = "words", spot = [], lists = {} } = options;
  const { templates = usualTemplates.templates, together = usualTemplates.together } = options;
  const wrong = (found: string, next: string) =>
    new UsageError(`Cannot tell tokens by these rules: ${found}`, { next });
  const looked = [
    ...templates.flatMap(({ of, at }) => at.map((distance) => one(of, distance))),
    ...together.flat(),
  ];
  if (looked.length === 0) throw wrong("there is no template", "give at least one, or none at all");
  for (const { of, at } of looked) {
    if (!wordAttributes.includes(of)) {
      throw wrong(`there is no attribute "${of}"`, `use one of ${wordAttributes.join(", ")}`);
    }
    if (!Number.isInteger(at) || Math.abs(at) > FARTHEST) {
      throw wrong(`"${of}" is looked at ${at} tokens away`, `stay within ${FARTHEST} tokens`);
    }
  }
  const strange = spot.find((name) => !spotterNames.includes(name));
  if (strange !== undefined) {
    throw wrong(`nothing spots "${strange}"`, `use one of ${spotterNames.join(", ")}`);
  }
  const empty = Object.entries(lists).find(([, phrases]) => phrases.length === 0);
  if (empty !== undefined) throw wrong(`the list "${empty[0]}" is empty`, "leave it out");
  return { split, templates, together, spot, lists };
}
