/** The code that a step reaches. */

/**
 * The code that a step reaches: a digest for each file, of the declarations in it that are
 * reached, in their order, and of what their names stand for. What the pipeline's modules do
 * when they are loaded counts for every step, and so does the order in which they do it.
 */
export type ReachedCode = Readonly<Record<string, string>>;

/** What a step mentions in its own pipeline. */
export interface StepCode {
  /** The step's own code and all that it reaches. */
  readonly code: ReachedCode;
  /** The parameters that it mentions; `*` for all. */
  readonly params: readonly string[];
  /** All parameters that the wiring mentions: it may read others in ways that are not seen. */
  readonly mentioned: readonly string[];
  /** Whether it loads code when it runs, by `import(…)` or in a worker. */
  readonly loads?: boolean;
  /** The files that it reads by `import("…")`, as paths from the root. */
  readonly imports?: readonly string[];
  /** Variables of modules and of the global object that it mentions and functions change. */
  readonly state?: { readonly mentions: readonly string[]; readonly changes: readonly string[] };
  /** The environment variables that it reads. */
  readonly env?: readonly string[];
  /** What of the code cannot be followed, as `file: what`; such a step runs every time. */
  readonly unknown?: readonly string[];
  /** The same for the list that a fan-out runs over. */
  readonly items?: { readonly code: ReachedCode; readonly params: readonly string[] };
}

/** Stands in a step's code for the order in which modules have their effects. */
export const LOAD_ORDER = "(load order)";

/** Counts up when the same source may have other facts, or reach other code, than before. */
const FACTS_VERSION = 11;

/** The version that kept facts and kept code must have. */
export const KEPT_VERSION = `${Deno.version.deno} ${FACTS_VERSION}`;
