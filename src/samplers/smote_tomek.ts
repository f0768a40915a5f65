/** Over-sampling by SMOTE, then cleaning if classes touch. */

import type { Sampler } from "./contract.ts";
import { selected } from "./selection.ts";
import { smoteNamed, type SmoteOptions } from "./smote.ts";
import { linkedRows } from "./tomek_links.ts";

/**
 * Fills the smaller classes up with SMOTE, then leaves out both rows of every
 * Tomek link.
 *
 * The sampler throws {@link DataError} where SMOTE does.
 *
 * Source: Batista, Bazzan and Monard, 2003; imbalanced-learn `SMOTETomek`.
 *
 * @throws {UsageError} if a number of neighbours is not a whole number of 1 or more.
 */
export function smoteTomek(options: SmoteOptions = {}): Sampler {
  const name = "SMOTETomek";
  const over = smoteNamed(name, options);
  return {
    name,
    async sample(data, random, how = {}) {
      const filled = await over.sample(data, random, how);
      const linked = await linkedRows(filled, how);
      const cleaned = selected(filled, (row) => linked[row] === 0);
      return {
        ...cleaned,
        sourceIndices: cleaned.sourceIndices.map((row) => filled.sourceIndices[row]),
      };
    },
  };
}
