/** What knowledge must reach to be published, and how it compares with what is. */

/** A figure with what it had to reach. */
export interface KnowledgeGate {
  /** What is measured. */
  readonly metric: string;
  /** What was reached. */
  readonly value: number;
  /** Least value. */
  readonly min: number;
  /** Where the least value comes from. */
  readonly because: string;
}

/** Exit code of a run whose knowledge is not published. */
export const NOT_PUBLISHED = 3;

/** Figures that must not become worse, where both sides have them. */
const compared = ["recall_at_5", "mrr"];

/** The gates of new knowledge: the parameters' and, of what is published, those of its own figures. */
export function knowledgeGates(
  metrics: Readonly<Record<string, number>>,
  least: Readonly<Record<string, number>>,
  published: Readonly<Record<string, number>> | undefined,
  tolerance: number,
): KnowledgeGate[] {
  const asked = Object.entries(least).map(([metric, min]) => ({
    ...{ metric, value: metrics[metric] ?? NaN, min, because: "parameter" },
  }));
  if (published === undefined) return asked;
  const better = [
    ...compared,
    ...Object.keys(published).filter((name) => name.startsWith("answers_")),
  ]
    .filter((name) => name in published && name in metrics)
    .map((metric) => ({
      ...{ metric, value: metrics[metric], min: published[metric] - tolerance },
      because: `published: ${published[metric].toFixed(4)}`,
    }));
  return [...asked, ...better];
}

/** The gates that were missed, one clause each; NaN misses. */
export function missedGates(gates: readonly KnowledgeGate[]): string[] {
  return gates.filter(({ value, min }) => !(value >= min)).map(({ metric, value, min, because }) =>
    `${metric} is ${value.toFixed(4)}, wanted at least ${min.toFixed(4)} (${because})`
  );
}
