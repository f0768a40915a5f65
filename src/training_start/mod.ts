/**
 * A first training for data of the user's own: a look at them, and the texts of its files.
 *
 * @module
 */

import { UsageError } from "../base/mod.ts";
import type { StartData, StartedPipeline, StartRequest } from "../pipeline_cli/mod.ts";
import { lookAt } from "./data_look.ts";
import { trainingText } from "./pipeline_text.ts";
import { testText } from "./test_text.ts";

/** Columns that are told one by one. */
const TOLD = 20;

function shortened(lines: readonly string[]): string[] {
  const more = lines.length - TOLD;
  return more > 1 ? [...lines.slice(0, TOLD), `and ${more} columns more`] : [...lines];
}

/** Looks at the data and writes a training for them, with its test. */
export async function startTraining(
  { name, data, target, pipeline, test }: StartRequest & StartData,
): Promise<StartedPipeline> {
  if (name === "model") {
    throw new UsageError('Cannot name a training "model": its model would have that name', {
      next: "name it by what it predicts, as churn",
    });
  }
  const look = await lookAt(data, target);
  const left = look.columns.filter(({ kind }) => kind === undefined);
  const used = look.columns.length - left.length;
  return {
    pipeline: trainingText(look, { name, room: pipeline.room }),
    test: testText(look, { name, room: test.room, file: test.file }),
    notes: [
      `${look.rows} rows; ${used === 1 ? "1 column" : `${used} columns`} to learn ` +
      `${look.target} from, a ${look.task.kind === "value" ? "number" : "class"}`,
      ...look.task.kind === "value"
        ? []
        : look.task.spellings.map((said) => `${said}: write it one way in the data`),
      ...look.group === undefined ? [] : [`rows of one ${look.group} are kept together`],
      ...shortened(left.map(({ name, seen }) => `left out: ${name} (${seen})`)),
      ...shortened(
        look.columns.filter(({ kind, seen }) => kind !== undefined && seen !== "")
          .map(({ name, seen }) => `${name}: ${seen}`),
      ),
    ],
  };
}
