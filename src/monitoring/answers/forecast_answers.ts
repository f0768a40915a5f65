/** Answers of forecasts: what a month comes to, with an interval of its own. */

import { decodeForecasts, Forecaster, levelName, predictMonths } from "../../series/mod.ts";
import type { ForecastTask } from "../../registry/mod.ts";
import type { WatchedModel } from "../model/watched_model.ts";
import type { AnswerKind } from "./contract.ts";
import { answersOfNumbers, numberAnswers, numberOf } from "./number_answers.ts";
import type { RowIntervals } from "./number_quality.ts";

/** Answers that name what a month comes to. */
export const forecastAnswers: AnswerKind = {
  kept: numberAnswers.kept,
  logged({ predictions, probabilities, labels }, model, groups) {
    const [level] = levelsOf(model);
    const ends = (side: string) => probabilities[`${side}_${levelName(level)}`];
    const [lower, upper] = [ends("lower"), ends("upper")];
    return answersOfNumbers(
      Float64Array.from(predictions, Number),
      labels && Float64Array.from(labels, numberOf),
      groups,
      lower && upper && { coverage: level, lower, upper },
    );
  },
  async predicted({ rows, inputs }, truth, model, groups) {
    const forecaster = new Forecaster(decodeForecasts(await Deno.readFile(model.path)));
    const { mean, lower, upper } = predictMonths(forecaster, inputs(0, rows), rows);
    const [coverage] = levelsOf(model);
    const intervals: RowIntervals = { coverage, lower, upper };
    return answersOfNumbers(mean, truth && Float64Array.from(truth, numberOf), groups, intervals);
  },
};

function levelsOf({ metadata }: WatchedModel): readonly number[] {
  return (metadata.task as ForecastTask).levels;
}
