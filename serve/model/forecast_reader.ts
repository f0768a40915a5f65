/** From a request's record to what is asked of a forecast. */

import { DataError } from "../../src/base/mod.ts";
import type { FeatureView } from "../../src/feature_store/mod.ts";
import {
  FEWEST_MONTHS,
  type Forecaster,
  historyOf,
  monthAmount,
  monthColumn,
  monthNumber,
  monthOfTime,
  monthText,
  MOST_MONTHS_AHEAD,
  type SentMonth,
  storedHistoryFeature,
  wantedAmount,
} from "../../src/series/mod.ts";
import { type Fault, mostFaults } from "../http/problem.ts";
import { queryValues } from "./forecast_values.ts";
import type { RecordReader } from "./model_runtime.ts";
import type { ParsedRecord, ParserOptions } from "./record_parser.ts";
import { type Warning, warningOf } from "./understanding.ts";

/** Months that a request may send along. */
export const longestSeries = 600;

/** Characters of a name. */
const LONGEST_NAME = 200;

/** Tells of a field what was found and what is wanted. */
type Refuse = (path: string, detail: string) => void;

/** Reads records of whose, of what, how many months, and what came lately. */
export class ForecastReader implements RecordReader {
  readonly #known: ReadonlySet<string>;

  /** Takes what answers, what is done with other fields, and the views that add to records. */
  constructor(
    private readonly forecaster: Forecaster,
    private readonly options: ParserOptions,
    views: readonly FeatureView[],
  ) {
    const { entity, category, currency } = forecaster.file.spec;
    const names = [entity, category, currency?.column, monthColumn, "history", "horizon"];
    names.push(...views.flatMap(({ features }) => Object.keys(features)));
    this.#known = new Set(names.filter((name) => name !== undefined));
  }

  /** See {@linkcode RecordReader.knows}. */
  knows(name: string): boolean {
    return this.#known.has(name) || name === this.options.routingKey;
  }

  /** See {@linkcode RecordReader.parse}. */
  parse(record: unknown, at: string, faults: Fault[]): ParsedRecord | undefined {
    const before = faults.length;
    const refuse: Refuse = (path, detail) => {
      if (faults.length < mostFaults) faults.push({ pointer: `${at}${path}`, detail });
    };
    if (typeof record !== "object" || record === null || Array.isArray(record)) {
      refuse("", "it is no record: wanted an object");
      return undefined;
    }
    const fields = record as Readonly<Record<string, unknown>>;
    if (this.options.unknownFields === "refuse") {
      const others = Object.keys(fields).filter((name) => !this.knows(name));
      for (const name of others) {
        refuse(`/${escaped(name)}`, "the model reads no such field; leave it out");
      }
    }
    const { spec, horizon: usual } = this.forecaster.file;
    const entity = nameIn(fields, spec.entity, refuse) ?? "";
    if (entity === "" && faults.length === before) {
      refuse(`/${spec.entity}`, "nothing is there, wanted whose months these are");
    }
    const category = spec.category === undefined ? "" : nameIn(fields, spec.category, refuse) ?? "";
    this.#checkCurrency(fields, "", refuse);
    const horizon = fields.horizon ?? usual;
    const whole = typeof horizon === "number" && Number.isInteger(horizon) && horizon >= 1 &&
      horizon <= MOST_MONTHS_AHEAD;
    if (!whole) {
      refuse("/horizon", `wanted a whole number of months from 1 to ${MOST_MONTHS_AHEAD}`);
    }
    const sent = this.#history(fields.history, category, refuse);
    if (faults.length > before || sent === undefined || !whole) return undefined;
    const warnings: Warning[] = [];
    const history = [...storedMonths(fields[storedHistoryFeature], warnings), ...sent];
    const last = this.#last(entity, category, history, refuse);
    if (last === undefined) return undefined;
    const from = this.#from(fields[monthColumn], last, refuse);
    if (from === undefined) return undefined;
    if (from - last - 1 + horizon > MOST_MONTHS_AHEAD) {
      refuse(
        fields[monthColumn] == null ? "/horizon" : `/${monthColumn}`,
        `the last known month is ${monthText(last)}: wanted months at most ` +
          `${MOST_MONTHS_AHEAD} after it`,
      );
      return undefined;
    }
    this.#warn(entity, category, last, warnings);
    return {
      values: queryValues({ entity, category, horizon, from, history }),
      inputs: {
        [spec.entity]: entity,
        ...spec.category !== undefined && { [spec.category]: category === "" ? null : category },
        [monthColumn]: `${monthText(from)}-01`,
        horizon,
      },
      key: this.#routed(fields) ?? entity,
      group: entity,
      ...warnings.length > 0 && { warnings },
    };
  }

  #routed(fields: Readonly<Record<string, unknown>>): string | undefined {
    const { routingKey } = this.options;
    if (routingKey === undefined || !Object.hasOwn(fields, routingKey)) return undefined;
    return String(fields[routingKey] ?? "");
  }

  #checkCurrency(fields: Readonly<Record<string, unknown>>, at: string, refuse: Refuse): void {
    const { currency } = this.forecaster.file.spec;
    const name = currency?.column ?? "";
    const found = Object.hasOwn(fields, name) ? fields[name] : undefined;
    if (currency === undefined || found === undefined || found === null) return;
    if (found !== currency.is) {
      const shown = JSON.stringify(found).slice(0, 40);
      refuse(`${at}/${name}`, `found ${shown}, wanted amounts in ${currency.is}`);
    }
  }

  /** The months that were sent along; undefined if something is wrong with them. */
  #history(sent: unknown, asked: string, refuse: Refuse): SentMonth[] | undefined {
    if (sent === undefined || sent === null) return [];
    if (!Array.isArray(sent) || sent.length > longestSeries) {
      refuse("/history", `wanted a list of at most ${longestSeries} months`);
      return undefined;
    }
    const { amount: amountColumn, category: ofCategory, currency } = this.forecaster.file.spec;
    const known = new Set([monthColumn, amountColumn, ofCategory, currency?.column]);
    const present = monthOfTime(Date.now());
    const months: SentMonth[] = [];
    const latest = new Map<string, number>();
    for (const [i, entry] of sent.entries()) {
      const at = `/history/${i}`;
      if (typeof entry !== "object" || entry === null || Array.isArray(entry)) {
        refuse(at, `wanted an object of ${monthColumn} and ${amountColumn}`);
        continue;
      }
      const fields = entry as Readonly<Record<string, unknown>>;
      const strange = this.options.unknownFields === "refuse"
        ? Object.keys(fields).find((name) => !known.has(name))
        : undefined;
      if (strange !== undefined) refuse(`${at}/${escaped(strange)}`, "there is no such field");
      this.#checkCurrency(fields, at, refuse);
      const amount = monthAmount(fields[amountColumn]);
      if (amount === undefined) refuse(`${at}/${amountColumn}`, `wanted ${wantedAmount}`);
      const month = monthIn(fields[monthColumn]);
      const named = ofCategory === undefined
        ? undefined
        : nameIn(fields, ofCategory, (path, detail) => refuse(`${at}${path}`, detail));
      const category = named ?? asked;
      if (asked !== "" && category !== asked) {
        refuse(`${at}/${ofCategory}`, `found ${category}, asked is ${asked}: leave it out`);
      }
      const before = latest.get(category);
      if (month === undefined) refuse(`${at}/${monthColumn}`, "wanted a month, as 2026-01");
      else if (month > present) {
        refuse(`${at}/${monthColumn}`, `${monthText(month)} lies in the future`);
      } else if (month === present) {
        refuse(`${at}/${monthColumn}`, `${monthText(month)} is not over yet`);
      } else if (before !== undefined && month <= before) {
        const what = month === before ? "is there twice" : `comes after ${monthText(before)}`;
        refuse(`${at}/${monthColumn}`, `${monthText(month)} ${what}: wanted rising months`);
      }
      if (month === undefined || amount === undefined) continue;
      latest.set(category, month);
      months.push({ month, amount, category });
    }
    return months;
  }

  /** The last month that is known; undefined if nothing is. */
  #last(
    entity: string,
    category: string,
    history: readonly SentMonth[],
    refuse: Refuse,
  ): number | undefined {
    const { forecaster } = this;
    const { spec } = forecaster.file;
    try {
      const last = forecaster.lastOf(entity, category, history);
      if (last !== undefined) return last;
    } catch (error) {
      if (!(error instanceof DataError)) throw error;
      if (history.length >= FEWEST_MONTHS || forecaster.lastOf(entity, category) !== undefined) {
        refuse("/history", `${error.message}; ${error.next}`);
        return undefined;
      }
    }
    const known = forecaster.categoriesOf(entity);
    const few = `send ${FEWEST_MONTHS} months or more as history`;
    if (known === undefined) {
      refuse(`/${spec.entity}`, `never seen: nothing is known of it; ${few}`);
    } else {
      const others = known.length === 0 ? "" : `; known are ${known.join(", ")}`;
      refuse(`/${spec.category ?? spec.entity}`, `never seen of ${entity}${others}; or ${few}`);
    }
    return undefined;
  }

  /** The first month that is asked for; undefined if it cannot be. */
  #from(asked: unknown, last: number, refuse: Refuse): number | undefined {
    if (asked === undefined || asked === null) return last + 1;
    const month = monthIn(asked);
    if (month === undefined) refuse(`/${monthColumn}`, "wanted a month, as 2026-01");
    else if (month <= last) {
      refuse(
        `/${monthColumn}`,
        `${monthText(month)} is known already: wanted ${monthText(last + 1)} or later`,
      );
      return undefined;
    }
    return month;
  }

  #warn(entity: string, category: string, last: number, warnings: Warning[]): void {
    const { forecaster } = this;
    const { spec } = forecaster.file;
    if (forecaster.lastOf(entity, category) === undefined) {
      const done = "never seen: forecast from the months that were sent or stored alone, " +
        "by the method that most others have";
      warnings.push(
        forecaster.categoriesOf(entity) === undefined
          ? warningOf(spec.entity, entity, done)
          : warningOf(spec.category ?? spec.entity, category, done),
      );
    }
    const behind = monthOfTime(Date.now()) - last - 1;
    if (behind > 0) {
      const done = `${behind === 1 ? "a month has" : `${behind} months have`} passed since ` +
        `${monthText(last)}, the last one known: send them as history`;
      warnings.push(warningOf("history", monthText(last), done));
    }
  }
}

/** Months that the feature store keeps, without those that are not over by this clock. */
function storedMonths(text: unknown, warnings: Warning[]): SentMonth[] {
  if (typeof text !== "string") return [];
  const told = (done: string) => void warnings.push(warningOf(storedHistoryFeature, "", done));
  try {
    const present = monthOfTime(Date.now());
    const months = historyOf(text);
    const over = months.filter(({ month }) => month < present);
    if (over.length < months.length) {
      const count = months.length - over.length;
      told(`${count} of ${months.length} stored months are not over yet: taken as missing`);
    }
    return over;
  } catch (error) {
    if (!(error instanceof DataError)) throw error;
    told(`${error.message}: taken as missing`);
    return [];
  }
}

function nameIn(
  fields: Readonly<Record<string, unknown>>,
  name: string,
  refuse: Refuse,
): string | undefined {
  const found = Object.hasOwn(fields, name) ? fields[name] : undefined;
  if (found === undefined || found === null) return undefined;
  const text = typeof found === "number" ? String(found) : found;
  if (typeof text !== "string") refuse(`/${escaped(name)}`, "wanted text or nothing");
  else if (text.length > LONGEST_NAME) {
    refuse(`/${escaped(name)}`, `wanted at most ${LONGEST_NAME} characters`);
  } else return text.trim();
}

function monthIn(sent: unknown): number | undefined {
  return typeof sent === "string" ? monthNumber(sent.trim()) : undefined;
}

/** A number, or a text that is one. */
const escaped = (name: string) => name.replaceAll("~", "~0").replaceAll("/", "~1");
