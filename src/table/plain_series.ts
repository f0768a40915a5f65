/** The many types of Polars columns as the few that a table tells apart. */

import pl, { type Series } from "nodejs-polars";
import { DataError } from "../base/mod.ts";

/** A Polars column as one of few types. */
export interface PlainSeries {
  /** Name of the column. */
  readonly name: string;
  /** What it came as, whatever its texts may hold. */
  readonly native: "number" | "boolean" | "date" | "text";
  /** Float64, Bool, Datetime("ms") or Utf8. */
  readonly series: Series;
  /** Its values as exact texts, for whole numbers that Float64 cannot hold. */
  readonly exact?: () => Series;
  /** Whether its moments are days. */
  readonly days?: true;
}

const TEXTS = new Set(["String", "Utf8", "Categorical", "Enum", "Null"]);
const NESTED = new Set(["List", "Struct", "FixedSizeList", "Array", "Object"]);

/**
 * Reads a Polars column of any type.
 *
 * @param source Where the data came from, for error messages.
 * @throws {DataError} if it holds lists, structs, bytes, times of day or durations.
 */
export function plainSeries(series: Series, source: string): PlainSeries {
  const { name } = series;
  const type = typeOf(series);
  const plain = (native: PlainSeries["native"], own: Series) => ({ name, native, series: own });
  if (TEXTS.has(type)) return plain("text", series.cast(pl.Utf8));
  if (type === "Bool") return plain("boolean", series);
  if (type === "Date") return { ...plain("date", series.cast(pl.Datetime("ms"))), days: true };
  if (type === "Datetime") return plain("date", series.cast(pl.Datetime("ms")));
  if (NESTED.has(type)) {
    throw refused(
      source,
      name,
      `nested values (${type})`,
      "spread it over columns of text and numbers",
    );
  }
  if (type === "Time") throw refused(source, name, "times of day", "write them as text or numbers");
  if (type === "Duration") throw refused(source, name, "durations", "write them as numbers");
  let numbers: Series;
  try {
    numbers = series.cast(pl.Float64);
  } catch (cause) {
    throw refused(source, name, "bytes", "write it as text or numbers", cause);
  }
  // 32 bits and fewer have short decimals, as 0.1, which Float64 does not show.
  const short = type === "Float32" || type === "unknown";
  const own = plain("number", short ? series.cast(pl.Utf8).cast(pl.Float64) : numbers);
  const whole = type.startsWith("Int") || type.startsWith("UInt") || type === "Decimal";
  return whole ? { ...own, exact: () => series.cast(pl.Utf8) } : own;
}

/** Polars' name of a type; of Float16 and bytes its binding for JavaScript does not know one. */
function typeOf(series: Series): string {
  try {
    return series.dtype.variant;
  } catch {
    return "unknown";
  }
}

function refused(source: string, name: string, held: string, how: string, cause?: unknown) {
  return new DataError(`Cannot read ${source}: column "${name}" holds ${held}`, {
    next: `drop the column, or ${how}`,
    cause,
  });
}
