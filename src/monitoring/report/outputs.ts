/** Target, predicted class and probabilities: what the model says, before and now. */

import type { Section } from "../../report/mod.ts";
import type { DriftFindings } from "../findings.ts";
import { reasonOf } from "../verdict.ts";
import { distributionFigure } from "./columns.ts";
import { severityMark, short, testName } from "../words.ts";

/** The section; undefined if there is nothing to compare. */
export function outputSection({ outputs, reference }: DriftFindings): Section | undefined {
  if (outputs === undefined) return undefined;
  const heldOut = Object.values(reference.answers?.columns ?? {}).some((one) => "count" in one)
    ? " The reference is what the model said about training rows that were held out from it."
    : "";
  return {
    title: "Target and predictions",
    text: "A shift of the predictions without one of the columns is rare; a shift of the target " +
      `alone means that the world changed.${heldOut}`,
    table: {
      head: ["Output", "Drift", "Why", "Test", "Score", "Threshold"],
      rows: outputs.columns.map((column) => [
        column.column,
        severityMark(column),
        reasonOf(column),
        testName(column.test),
        short(column.score),
        short(column.threshold),
      ]),
    },
    figures: outputs.columns.flatMap(({ column, distribution }) =>
      distribution ? [distributionFigure(`${column}, reference and current`, distribution)] : []
    ),
  };
}
