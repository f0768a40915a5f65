/** All statistics by their names. */

import { andersonDarling } from "./anderson_darling.ts";
import { chiSquareContingency } from "./chi_square_contingency.ts";
import { chiSquareFit } from "./chi_square_fit.ts";
import { ofCounts, ofRising } from "./checked.ts";
import type { Statistic } from "./contract.ts";
import { energyDistance } from "./energy_distance.ts";
import { fisherExact } from "./fisher_exact.ts";
import { hellinger } from "./hellinger.ts";
import { jensenShannon } from "./jensen_shannon.ts";
import { kolmogorovSmirnov } from "./kolmogorov_smirnov.ts";
import { kullbackLeibler } from "./kullback_leibler.ts";
import { missingRate } from "./missing_rate.ts";
import { populationStability } from "./population_stability.ts";
import { proportionsZ } from "./proportions_z.ts";
import { unseenCategories } from "./unseen_categories.ts";
import { wasserstein } from "./wasserstein.ts";

/** Statistics of two samples of rising numbers; any others are a RangeError. */
export const numberStatistics = {
  ks: ofRising(kolmogorovSmirnov),
  wasserstein: ofRising(wasserstein),
  ed: ofRising(energyDistance),
  anderson: ofRising(andersonDarling),
} as const satisfies Readonly<Record<string, Statistic<Float64Array>>>;

/** Statistics of the counts of the same categories or bins in two samples; others are a RangeError. */
export const countStatistics = {
  psi: ofCounts(populationStability),
  jensenshannon: ofCounts(jensenShannon),
  kl_div: ofCounts(kullbackLeibler),
  hellinger: ofCounts(hellinger),
  chisquare: ofCounts(chiSquareFit),
  chi_square_contingency: ofCounts(chiSquareContingency),
  z: ofCounts(proportionsZ),
  fisher_exact: ofCounts(fisherExact),
} as const satisfies Readonly<Record<string, Statistic<Float64Array>>>;

/** Statistics of what a model cannot know: values that are missing, and new categories. */
export const gapStatistics = {
  missing_rate: ofCounts(missingRate),
  unseen_categories: ofCounts(unseenCategories),
} as const satisfies Readonly<Record<string, Statistic<Float64Array>>>;

/** Statistics that can be asked for by name. */
export type StatisticName = keyof typeof numberStatistics | keyof typeof countStatistics;
