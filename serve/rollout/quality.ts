/** How right a model was. */

import { accuracy, averageScores, confusionMatrix, logLoss } from "../../src/metrics/mod.ts";

/** A prediction whose true class is known. */
export interface Judged {
  /** The predicted class. */
  readonly prediction: string;
  /** Probability of each class. */
  readonly probabilities: Readonly<Record<string, number>>;
  /** The true class: one that has a probability. */
  readonly label: string;
}

/** Quality over some predictions. */
export interface Quality {
  /** How many predictions. */
  readonly feedback: number;
  /** Share that was right. */
  readonly accuracy: number;
  /** Mean F1 score of the classes that were seen. */
  readonly macro_f1: number;
  /** Mean −ln of the probability of the true class. */
  readonly log_loss: number;
}

/** The quality over predictions of one model; undefined where there are none. */
export function qualityOf(judged: readonly Judged[]): Quality | undefined {
  if (judged.length === 0) return undefined;
  const classes = Object.keys(judged[0].probabilities);
  const codes = (pick: (one: Judged) => string) => judged.map((one) => classes.indexOf(pick(one)));
  const truth = codes(({ label }) => label);
  const matrix = confusionMatrix(truth, codes(({ prediction }) => prediction), classes.length);
  const probabilities = classes.flatMap((name) => judged.map((one) => one.probabilities[name]));
  return {
    feedback: judged.length,
    accuracy: accuracy(matrix),
    macro_f1: averageScores(matrix, "macro").f1,
    log_loss: logLoss(truth, probabilities, classes.length),
  };
}
