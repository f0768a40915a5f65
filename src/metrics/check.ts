/** Checks that every metric makes of its arrays. */

/** Throws if two arrays that go together differ in length, or are empty. */
export function checkPaired(
  yTrue: ArrayLike<number>,
  given: ArrayLike<unknown>,
  what: string,
  perRow = 1,
  truth = "labels",
): void {
  if (yTrue.length === 0) throw new RangeError("Cannot score 0 rows; give at least one");
  if (given.length !== yTrue.length * perRow) {
    throw new RangeError(
      `Cannot score ${yTrue.length} ${truth} against ${given.length} ${what}; give ${
        perRow === 1 ? "one" : perRow
      } for each ${truth.slice(0, -1)}`,
    );
  }
}

/**
 * Throws if a probability is none: below 0, above 1 or NaN.
 *
 * @param rows Number of rows, for the message.
 */
export function checkProbabilities(probabilities: ArrayLike<number>, rows: number): void {
  for (let at = 0; at < probabilities.length; at++) {
    if (probabilities[at] >= 0 && probabilities[at] <= 1) continue;
    throw new RangeError(
      `Cannot score the probability ${probabilities[at]} of row ${
        at % rows
      }; give numbers in [0, 1]`,
    );
  }
}

/** Throws if a label of two classes is neither 0 nor 1. */
export function checkBinary(labels: ArrayLike<number>): void {
  for (let row = 0; row < labels.length; row++) {
    if (labels[row] === 0 || labels[row] === 1) continue;
    throw new RangeError(
      `Cannot score the label ${labels[row]} of row ${row}; give 1 for the positive class, else 0`,
    );
  }
}

/** Throws if weights do not fit the rows, one is not a finite number of 0 or more, or all are 0. */
export function checkWeights(
  yTrue: ArrayLike<number>,
  sampleWeight: ArrayLike<number> | undefined,
): void {
  if (sampleWeight === undefined) return;
  checkPaired(yTrue, sampleWeight, "weights");
  let sum = 0;
  for (let i = 0; i < sampleWeight.length; i++) {
    if (!(sampleWeight[i] >= 0 && sampleWeight[i] < Infinity)) {
      throw new RangeError(
        `Cannot weigh row ${i} with ${sampleWeight[i]}; give finite weights of 0 or more`,
      );
    }
    sum += sampleWeight[i];
  }
  if (sum === 0) throw new RangeError("Cannot weigh all rows with 0; give one a weight above 0");
}
