/** All statistics by their names. */

import { andersonDarling } from "./anderson_darling.ts";
import { chiSquareContingency } from "./chi_square_contingency.ts";
import { chiSquareFit } from "./chi_square_fit.ts";
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

/** Statistics of two samples of rising numbers. */
export const numberStatistics = {
  ks: kolmogorovSmirnov,
  wasserstein,
  ed: energyDistance,
  anderson: andersonDarling,
} as const satisfies Readonly<Record<string, Statistic<Float64Array>>>;

/** Statistics of the counts of the same categories or bins in two samples. */
export const countStatistics = {
  psi: populationStability,
  jensenshannon: jensenShannon,
  kl_div: kullbackLeibler,
  hellinger,
  chisquare: chiSquareFit,
  chi_square_contingency: chiSquareContingency,
  z: proportionsZ,
  fisher_exact: fisherExact,
} as const satisfies Readonly<Record<string, Statistic<Float64Array>>>;

/** Statistics of what a model cannot know: values that are missing, and new categories. */
export const gapStatistics = {
  missing_rate: missingRate,
  unseen_categories: unseenCategories,
} as const satisfies Readonly<Record<string, Statistic<Float64Array>>>;
