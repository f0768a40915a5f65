/** Where the ticks of an axis are and what they say. */

import { readable } from "../figure.ts";

/** Round numbers within a range, about `wanted` of them, no closer than `least`. */
export function roundTicks(low: number, high: number, wanted: number, least = 0): number[] {
  if (!(high > low)) return [low];
  const rough = Math.max(least, (high - low) / Math.max(1, wanted));
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((factor) => factor * power).find((step) => step >= rough)!;
  const first = Math.ceil(low / step - 1e-9);
  const last = Math.floor(high / step + 1e-9);
  // Steps are counted: adding them up would add up their rounding errors too.
  return Array.from(
    { length: last - first + 1 },
    (_, i) => Number(((first + i) * step).toPrecision(12)),
  );
}

/**
 * A number in one of d3's formats, as far as figures use them: `.1%`, `.3f`,
 * `+.2f`, `,`, `~s`; readable without one.
 */
export function formatted(value: number, format = ""): string {
  const [, sign = "", digits = "", kind = ""] = /^(\+?),?~?\.?(\d*)([%fdgs]?)$/.exec(format) ?? [];
  const plus = sign !== "" && value >= 0 ? "+" : "";
  const decimals = digits === "" ? undefined : Number(digits);
  if (kind === "%") return `${plus}${(100 * value).toFixed(decimals ?? 0)}%`;
  if (kind === "f" && decimals !== undefined) return plus + value.toFixed(decimals);
  return plus + (Math.abs(value) >= 10_000 ? short(value) : readable(value));
}

/** 12,500 as `12.5k`: tick labels stay narrow. */
function short(value: number): string {
  const [size, unit] = Math.abs(value) >= 1e9
    ? [1e9, "B"]
    : Math.abs(value) >= 1e6
    ? [1e6, "M"]
    : [1e3, "k"];
  return `${Number((value / size).toPrecision(4))}${unit}`;
}
