/** The tools that reckon; they need nothing but what they are told. */

import { budgetSplit, debtRatio, depositGrowth, percentOf, savingsPlan } from "./budget.ts";
import { affordableLoan, debtPayoff, loanPayment } from "./loan.ts";
import type { AnyTool } from "./tool.ts";

/** All of them. */
export const arithmeticTools: readonly AnyTool[] = [
  ...[loanPayment, affordableLoan, debtPayoff],
  ...[budgetSplit, savingsPlan, depositGrowth, debtRatio, percentOf],
];
