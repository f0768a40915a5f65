/** A model's training rows, for which the statistics in its metadata stand. */

import { answerKindOf } from "../answers/kinds.ts";
import type { WatchedModel } from "../model/watched_model.ts";
import type { Side } from "./side.ts";

/** The statistics that came with a model. */
export function trainingSide(model: WatchedModel): Side {
  const { reference_statistics: columns, reference_performance: kept, task } = model.metadata;
  const rows = Object.values(columns).map(({ count, missing }) => count + missing);
  return {
    name: `training data of ${model.name}`,
    // Items of lists are more than rows, so the target tells their number where it is known; that
    // of spans are the spans, of which a text has any number.
    sample: {
      rows: kept === undefined || kept.kind === "spans" ? Math.min(...rows) : kept.target.count,
      columns,
    },
    leftOut: [],
    unreadable: {},
    answers: answerKindOf(task)?.kept(model),
  };
}
