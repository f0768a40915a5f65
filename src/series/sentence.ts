/** A forecast in words. */

import type { SeriesForecast } from "./forecaster.ts";

const names = [
  ...["January", "February", "March", "April", "May", "June", "July", "August", "September"],
  ...["October", "November", "December"],
];

/**
 * One plain sentence on a forecast, two where it goes over several months.
 *
 * @param about Whose it is, in which category ("" for all), and the currency.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * const text = forecastSentence(
 *   {
 *     months: ["2026-01"],
 *     mean: [900],
 *     bands: [{ level: 0.8, lower: [800], upper: [1010] }],
 *     yearBefore: NaN,
 *   },
 *   { entity: "u7", category: "travel", currency: "INR" },
 * );
 * assertEquals(text, "u7 will spend about 900 INR on travel in January 2026, between 800 and " +
 *   "1,010 in 80 of 100 cases.");
 * ```
 */
export function forecastSentence(
  { months, mean, bands, yearBefore }: Pick<
    SeriesForecast,
    "months" | "mean" | "bands" | "yearBefore"
  >,
  { entity, category, currency }: {
    readonly entity: string;
    readonly category: string;
    readonly currency?: string;
  },
): string {
  const unit = currency === undefined ? "" : ` ${currency}`;
  const what = category === "" ? "" : ` on ${category}`;
  const [band] = bands;
  const range = band === undefined
    ? "; its past does not tell how sure that is."
    : `, between ${count(band.lower[0])} and ${count(band.upper[0])} in ` +
      `${Math.round(100 * band.level)} of 100 cases.`;
  const first = `${entity} will spend about ${count(mean[0])}${unit}${what} in ` +
    `${monthName(months[0])}${range}`;
  if (mean.length === 1) return first;
  const sum = mean.reduce((total, value) => total + value, 0);
  const change = mean.length === 12 && yearBefore > 0
    ? `, ${changeText(sum / yearBefore - 1)} the twelve months before`
    : "";
  return `${first} From then to ${monthName(months.at(-1)!)} it comes to about ` +
    `${count(sum)}${unit}${change}.`;
}

function monthName(month: string): string {
  const [year, number] = month.split("-");
  return `${names[Number(number) - 1]} ${year}`;
}

const count = (value: number) => Math.round(value).toLocaleString("en");

function changeText(share: number): string {
  const percent = Math.round(100 * Math.abs(share));
  if (percent === 0) return "as much as in";
  return `${percent} % ${share > 0 ? "more" : "less"} than in`;
}
