/** Which column tells what rows belong together, as those of one customer. */

import type { ColumnFacts } from "./column_facts.ts";

const named =
  /(?:^|[^a-z])(?:id|ids|uuid|guid|customer|client|patient|user|account|member|person|household|subject)(?:[^a-z]?(?:id|no|nr|number|key|code))?$/i;
/** Fewer different values are rather categories. */
const FEW = 20;

/**
 * The column that is named as one of customers and the like, and whose values
 * repeat; the one with the most values where there are several.
 */
export function guessGroup(columns: readonly ColumnFacts[]): string | undefined {
  return columns
    .filter(({ name, kind, distinct, rows, missing, whole, identifies }) =>
      named.test(name.replace(/([a-z])([A-Z])/g, "$1_$2")) && !identifies && missing === 0 &&
      (kind === "category" || kind === "number" && whole) && distinct >= FEW && distinct < rows
    )
    .sort((a, b) => b.distinct - a.distinct)[0]?.name;
}
