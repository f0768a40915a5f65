/** Answers of forecasts: what a month comes to, with an interval of its own. */

import {
  decodeForecasts,
  Forecaster,
  levelName,
  loggedMonth,
  type MonthErrors,
  monthErrors,
  predictMonths,
} from "../../series/mod.ts";
import type { ForecastTask } from "../../registry/mod.ts";
import type { Section } from "../../report/mod.ts";
import type { WatchedModel } from "../model/watched_model.ts";
import type { AnswerKind, Answers } from "./contract.ts";
import { answersOfNumbers, numberAnswers, numberOf } from "./number_answers.ts";
import type { RowIntervals } from "./number_quality.ts";

/** Answers that name what a month comes to. */
export const forecastAnswers: AnswerKind = {
  kept: numberAnswers.kept,
  logged({ predictions, probabilities, labels }, model, groups) {
    const [level] = levelsOf(model);
    const ends = (side: string) => probabilities[`${side}_${levelName(level)}`];
    const [lower, upper] = [ends("lower"), ends("upper")];
    const said = Float64Array.from(predictions, Number);
    const came = labels && Float64Array.from(labels, numberOf);
    const answers = answersOfNumbers(
      ...[said, came, groups] as const,
      lower && upper && { coverage: level, lower, upper },
    );
    return byMonthsAhead(answers, said, came, probabilities);
  },
  async predicted({ rows, inputs }, truth, model, groups) {
    const forecaster = new Forecaster(decodeForecasts(await Deno.readFile(model.path)));
    const { mean, lower, upper, ahead, scale } = predictMonths(forecaster, inputs(0, rows), rows);
    const [coverage] = levelsOf(model);
    const intervals: RowIntervals = { coverage, lower, upper };
    const came = truth && Float64Array.from(truth, numberOf);
    const name = levelName(coverage);
    const beside = { [`lower_${name}`]: lower, [`upper_${name}`]: upper, ahead, scale };
    return byMonthsAhead(answersOfNumbers(mean, came, groups, intervals), mean, came, beside);
  },
};

/** Answers that tell too how good they were by months ahead. */
function byMonthsAhead(
  answers: Answers,
  said: Float64Array,
  came: Float64Array | undefined,
  beside: Readonly<Record<string, ArrayLike<number>>>,
): Answers {
  return {
    ...answers,
    quality(slices, reference) {
      const quality = answers.quality(slices, reference);
      if (quality === undefined) return undefined;
      const known = [...said.keys()].filter((row) => Number.isFinite(came![row]));
      const errors = monthErrors(known.map((row) =>
        loggedMonth(
          said[row],
          came![row],
          Object.fromEntries(Object.entries(beside).map(([name, cells]) => [name, cells[row]])),
        )
      ));
      const { overall, byAhead } = errors;
      return {
        words: quality.words,
        sections: [...quality.sections, aheadSection(errors)],
        json: {
          ...quality.json,
          forecasts: { overall, by_months_ahead: Object.fromEntries(byAhead) },
        },
      };
    },
  };
}

function aheadSection({ overall, byAhead }: MonthErrors): Section {
  const names = Object.keys(overall);
  const title = (name: string) =>
    name.startsWith("coverage_")
      ? `Within the ${name.slice("coverage_".length).replace("_", ".")} % interval`
      : name.toUpperCase();
  const row = (head: string, errors: Readonly<Record<string, number>>) => [
    head,
    ...names.map((name) => errors[name] ?? NaN),
  ];
  return {
    title: "By months ahead",
    text: "Of months that came, by how long after the last known one they were. MASE is in units " +
      "of the mean error of saying the season before again, MAPE in percent.",
    table: {
      head: ["Months ahead", ...names.map(title)],
      rows: [
        ...[...byAhead].map(([ahead, errors]) => row(String(ahead), errors)),
        row("All", overall),
      ],
    },
  };
}

function levelsOf({ metadata }: WatchedModel): readonly number[] {
  return (metadata.task as ForecastTask).levels;
}
