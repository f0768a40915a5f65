/** Statistics that refuse what they cannot measure, which could keep a loop going for ever. */

import type { Statistic } from "./contract.ts";

/** The same statistic, of finite rising numbers alone. */
export function ofRising(statistic: Statistic<Float64Array>): Statistic<Float64Array> {
  return checked(statistic, (values) => {
    for (let i = 0; i < values.length; i++) {
      if (Number.isFinite(values[i]) && !(values[i] < values[i - 1])) continue;
      throw new RangeError(
        `Cannot measure numbers that are not finite and rising: ${values[i]} at ${i}`,
      );
    }
  });
}

/** The same statistic, of finite counts from 0 on alone. */
export function ofCounts(statistic: Statistic<Float64Array>): Statistic<Float64Array> {
  return checked(statistic, (counts) => {
    for (let i = 0; i < counts.length; i++) {
      if (Number.isFinite(counts[i]) && counts[i] >= 0) continue;
      throw new RangeError(`Cannot measure counts that are no counts: ${counts[i]} at ${i}`);
    }
  });
}

function checked(
  statistic: Statistic<Float64Array>,
  check: (values: Float64Array) => void,
): Statistic<Float64Array> {
  return {
    ...statistic,
    measure(reference, current) {
      check(reference);
      check(current);
      return statistic.measure(reference, current);
    },
  };
}
