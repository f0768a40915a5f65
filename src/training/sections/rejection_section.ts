/** Which answers are accepted: a threshold on how sure a model of several classes is. */

import { expectedCalibrationError } from "../../metrics/mod.ts";
import type { Rejection } from "../../registry/mod.ts";
import { lineFigure, type Section } from "../../report/mod.ts";
import type { OutOfFold } from "../held_out.ts";
import type { LeastPrecision } from "../threshold.ts";

/** Held-out rows by how sure the model is of them. */
interface Confidence {
  /** Highest probability of each row, falling. */
  readonly confidence: Float64Array;
  /** 1 if the row's most probable class is its own, else 0, in the same order. */
  readonly right: Int32Array;
}

/**
 * The least threshold from which on answers are right often enough, on held-out
 * rows; where none is enough, the one that is right most often.
 */
export function rejection(
  held: OutOfFold,
  { precision }: LeastPrecision,
): { readonly rejection: Rejection; readonly metrics: Readonly<Record<string, number>> } {
  const { confidence, right } = confidences(held);
  const rows = right.length;
  let hits = 0;
  let best = { threshold: 1, coverage: 0, precision: 0 };
  for (let i = 0; i < rows; i++) {
    hits += right[i];
    // Rows that are equally sure are accepted together.
    if (i + 1 < rows && confidence[i + 1] === confidence[i]) continue;
    const found = { threshold: confidence[i], coverage: (i + 1) / rows, precision: hits / (i + 1) };
    if (found.precision >= precision || found.precision > best.precision) best = found;
  }
  return {
    rejection: { ...best, wanted: precision },
    metrics: {
      rejection_coverage: best.coverage,
      rejection_precision: best.precision,
      confidence_ece: expectedCalibrationError(right, Float32Array.from(confidence)),
    },
  };
}

/** How the share of right answers grows as less sure ones are not accepted; none without a wish. */
export function rejectionSection(
  held: OutOfFold,
  { rejection: chosen, metrics }: {
    readonly rejection?: Rejection;
    readonly metrics: Readonly<Record<string, number>>;
  },
): Section[] {
  if (chosen === undefined) return [];
  const { right } = confidences(held);
  const coverage: number[] = [];
  const precision: number[] = [];
  let hits = 0;
  right.forEach((one, i) => {
    hits += one;
    coverage.push((i + 1) / right.length);
    precision.push(hits / (i + 1));
  });
  const reached = chosen.precision >= chosen.wanted
    ? ""
    : ` No threshold reaches the ${percent(chosen.wanted)} that were asked for.`;
  return [{
    title: "Accepted answers",
    text: `An answer is accepted from a probability of ${chosen.threshold.toFixed(4)} on: of ` +
      `held-out rows ${percent(chosen.coverage)} were, and ${percent(chosen.precision)} of those ` +
      `were right.${reached} Probabilities are ${
        (100 * metrics.confidence_ece).toFixed(1)
      } points ` +
      "off how often the most probable class is right. What lies below is left to a person; 1 − " +
      "probability is the score of what is out of scope.",
    figures: [lineFigure(
      "Share of right answers by the share that is accepted",
      { x: "Accepted", y: "Right" },
      [{ label: "Held-out rows", x: coverage, y: precision }],
    )],
  }];
}

function confidences({ labels, probabilities }: OutOfFold): Confidence {
  const rows = labels.length;
  const highest = new Float64Array(rows).fill(-1);
  const code = new Int32Array(rows);
  probabilities.forEach((value, at) => {
    const row = at % rows;
    if (value > highest[row]) {
      highest[row] = value;
      code[row] = Math.floor(at / rows);
    }
  });
  const order = Int32Array.from(labels.keys()).sort((a, b) => highest[b] - highest[a] || a - b);
  return {
    confidence: Float64Array.from(order, (row) => highest[row]),
    right: order.map((row) => Number(code[row] === labels[row])),
  };
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}
