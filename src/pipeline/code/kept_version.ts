/** Which facts and kept code may be used. */

/** Counts up when the same source may have other facts, or reach other code, than before. */
const FACTS_VERSION = 4;

/** The version that kept facts and kept code must have. */
export const KEPT_VERSION = `${Deno.version.deno} ${FACTS_VERSION}`;
