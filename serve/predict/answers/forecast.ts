/** What comes next: month by month, with intervals, what it is made of, and in words. */

import { z } from "@hono/zod-openapi";
import { ModelError } from "../../../src/base/mod.ts";
import type { ForecastTask, ModelMetadata } from "../../../src/registry/mod.ts";
import {
  FEWEST_MONTHS,
  forecastSentence,
  levelName,
  loggedMonth,
  monthColumn,
  monthErrors,
  MOST_MONTHS_AHEAD,
  type SeriesBand,
  type SeriesForecast,
  type SeriesSpec,
} from "../../../src/series/mod.ts";
import { longestSeries } from "../../model/forecast_reader.ts";
import { forecastOfScores } from "../../model/forecast_values.ts";
import type { Scores } from "../../model/inference.ts";
import type { ParsedRecord } from "../../model/record_parser.ts";
import { noNumber } from "./classes.ts";
import type {
  AnswerPart,
  AnswerWriter,
  JudgedPrediction,
  Logged,
  OutputTensor,
  TaskAnswers,
} from "./contract.ts";
import { regressionAnswers } from "./regression.ts";
import { commonFields } from "./schema.ts";
import { ending } from "./warnings.ts";

const amounts = z.array(z.number()).min(1);

/** An answer of `POST /predict`. */
export const forecastAnswer = z.object({
  ...commonFields,
  prediction: z.number().openapi({
    description: "The first month's, as models of numbers call it",
  }),
  dates: z.array(z.string().regex(/^\d{4}-\d{2}$/)).min(1).openapi({
    description: "The months that are forecast",
  }),
  mean: amounts.openapi({ description: "What each is expected to come to" }),
  intervals: z.array(z.object({
    level: z.number().gt(0).lt(1),
    lower: amounts,
    upper: amounts,
  })).openapi({
    description: "Hold what comes in a share of `level` of all cases, as they did at earlier " +
      "times; empty where the past does not tell",
  }),
  components: z.object({ trend: amounts, season: amounts }).openapi({
    description: "What each month owes to the season, and all else: both add up to `mean`",
  }),
  currency: z.string().optional(),
  sentence: z.string().openapi({ description: "The same in words" }),
}).openapi("ForecastAnswer");

/** Models of series. */
export const seriesAnswers: TaskAnswers = {
  ...regressionAnswers,
  open: undefined,
  record: ({ series }) => recordOf(series!),
  writer(metadata, threshold) {
    if (threshold === undefined) return new ForecastWriter(metadata);
    throw new ModelError(`Cannot set a threshold of ${metadata.model_name}`, {
      next: "leave THRESHOLD out: forecasts have none",
    });
  },
  answer: forecastAnswer,
  quality: qualityOf,
};

class ForecastWriter implements AnswerWriter {
  readonly tensors: readonly OutputTensor[] = [
    { name: "prediction", datatype: "FP32", of: ({ scores }) => scores[0] },
  ];
  readonly #levels: readonly number[];
  readonly #currency: string | undefined;
  readonly #tail: string;

  constructor({ model_name, version, task, series }: ModelMetadata) {
    if (series === undefined) {
      throw new ModelError(`Cannot serve ${model_name}: its metadata tell no series`, {
        next: "train it again with this version",
      });
    }
    this.#levels = (task as ForecastTask).levels;
    this.#currency = series.currency?.is;
    this.#tail = `,"model_name":${JSON.stringify(model_name)},"model_version":${
      JSON.stringify(version)
    }`;
  }

  write(id: string, { scores }: Scores, latencyMs: number, record: ParsedRecord): string {
    const found = forecastOfScores(scores, this.#levels);
    const { months: dates, mean, bands, components } = found;
    const wrong = mean.find((value) => !Number.isFinite(value));
    if (wrong !== undefined) throw noNumber(wrong);
    const [entity, category] = record.values.map(String);
    const currency = this.#currency;
    const answer = {
      ...{ prediction: money(mean[0]), dates, mean: mean.map(money) },
      intervals: bands.map(({ level, lower, upper }) => (
        { level, lower: lower.map(money), upper: upper.map(money) }
      )),
      components: {
        trend: components.trend.map(money),
        season: components.season.map(money),
      },
      ...currency !== undefined && { currency },
      sentence: forecastSentence(found, { entity, category, currency }),
    };
    return `{"request_id":"${id}",${JSON.stringify(answer).slice(1, -1)},` +
      `"latency_ms":${latencyMs}${this.#tail}${ending(record.warnings)}`;
  }

  logged({ scores }: Scores): Logged {
    return monthOf(forecastOfScores(scores, this.#levels), 0);
  }

  parts({ scores }: Scores, { inputs }: ParsedRecord): AnswerPart[] {
    const found = forecastOfScores(scores, this.#levels);
    return found.months.map((part, h) => ({
      ...{ part, inputs: { ...inputs, [monthColumn]: `${part}-01` } },
      ...monthOf(found, h),
    }));
  }
}

/** A month, the ends of its intervals, how far ahead it is, and what errors are scaled by. */
function monthOf({ mean, bands, skipped, scale }: SeriesForecast, h: number): Logged {
  const ends = bands.flatMap(({ level, lower, upper }: SeriesBand) => [
    [`lower_${levelName(level)}`, lower[h]],
    [`upper_${levelName(level)}`, upper[h]],
  ]);
  return {
    prediction: mean[h],
    probabilities: { ...Object.fromEntries(ends), ahead: skipped + h + 1, scale },
  };
}

/** Eight digits, which are more than anybody knows of what comes. */
function money(value: number): number {
  return Number(value.toPrecision(8));
}

/** Errors of months that came, over all and by months ahead, and the share within each interval. */
function qualityOf(judged: readonly JudgedPrediction[]): Record<string, number> {
  const months = judged.map(({ prediction, label, probabilities = {} }) =>
    loggedMonth(Number(prediction), Number(label), probabilities)
  );
  const { overall, byAhead } = monthErrors(months);
  return {
    ...regressionAnswers.quality(judged),
    ...overall,
    ...Object.fromEntries(
      [...byAhead].flatMap(([ahead, errors]) =>
        Object.entries(errors).map(([name, value]) => [`${name}_ahead_${ahead}`, value])
      ),
    ),
  };
}

/** What a request says. */
function recordOf({ entity, category, currency, amount }: SeriesSpec) {
  const name = { type: ["string", "number", "null"], maxLength: 200 };
  const month = { type: "string", pattern: "^\\d{4}-(0[1-9]|1[0-2])(-01)?$" };
  const money = currency && {
    [currency.column]: { type: ["string", "null"], enum: [currency.is, null] },
  };
  return {
    type: "object",
    description: "Whose months are forecast, and how many",
    properties: {
      [entity]: { ...name, type: ["string", "number"], description: "whose they are" },
      ...category !== undefined && {
        [category]: { ...name, description: "their category; left out for the total" },
      },
      horizon: {
        ...{ type: ["integer", "null"], minimum: 1, maximum: MOST_MONTHS_AHEAD },
        description: "months that are answered; as many as in the training if left out",
      },
      [monthColumn]: {
        ...{ ...month, type: ["string", "null"] },
        description: "the first month that is answered; the one after the last known if left out",
      },
      ...money,
      history: {
        type: ["array", "null"],
        maxItems: longestSeries,
        items: {
          type: "object",
          properties: {
            ...{ [monthColumn]: month, [amount]: { type: ["number", "string"] }, ...money },
            ...category !== undefined && {
              [category]: { ...name, description: "the one that is asked for if left out" },
            },
          },
          required: [monthColumn, amount],
        },
        description: "months that are over, rising: they go before those that are stored; of a " +
          "total by category where it is to stay their sum. Of " +
          `whom or what was never seen, ${FEWEST_MONTHS} or more`,
      },
    },
    required: [entity],
    example: {
      [entity]: "somebody",
      horizon: 3,
      history: ["01", "02", "03", "04"].map((of, i) => (
        { [monthColumn]: `2026-${of}`, [amount]: 900 + 50 * i }
      )),
    },
  };
}
