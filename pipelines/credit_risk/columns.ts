/** What is known of each column of a loan, and what is derived from them. */

import {
  classes,
  type ClassTarget,
  type FeatureSet,
  featureSet,
  number,
  oneHot,
  ordinal,
  ratio,
} from "../../src/features/mod.ts";
import type { SchemaAdditions } from "../../src/validation/mod.ts";

/** A loan; "1" is one that was not paid back. */
export const loanFeatures: FeatureSet<ClassTarget> = featureSet({
  target: classes("loan_status", ["0", "1"], { positive: "1" }),
  columns: {
    person_age: number({ min: 18, max: 100, missing: "keep", description: "Age in years" }),
    person_income: number({ min: 0, missing: "keep", description: "Income a year" }),
    person_home_ownership: oneHot({ missing: "category" }),
    person_emp_length: number({ min: 0, max: 60, missing: "keep", description: "Years employed" }),
    loan_intent: oneHot({ missing: "category" }),
    loan_grade: ordinal(["A", "B", "C", "D", "E", "F", "G"]),
    loan_amnt: number({ min: 0, missing: "keep" }),
    loan_int_rate: number({
      min: 0,
      max: 100,
      missing: "keep",
      description: "Interest rate in percent",
    }),
    loan_percent_income: number({
      min: 0,
      missing: "keep",
      description: "Loan as a share of income",
    }),
    cb_person_default_on_file: oneHot({ missing: "category" }),
    cb_person_cred_hist_length: number({ min: 0, max: 80, missing: "keep" }),
  },
  derived: {
    loan_to_income: ratio("loan_amnt", "person_income", { missing: "keep" }),
    employed_share: ratio("person_emp_length", "person_age", { missing: "keep" }),
    credit_history_share: ratio("cb_person_cred_hist_length", "person_age", { missing: "keep" }),
  },
});

/** What can only raise the risk (1), or only lower it (−1). */
export const riskDirections = {
  loan_percent_income: 1,
  loan_to_income: 1,
  loan_int_rate: 1,
  loan_grade: 1,
  person_income: -1,
} as const;

/** What loans must be beside what the features read; the public file has few rows that are not so. */
export const loanRules: SchemaAdditions = {
  columns: { person_income: { missing: 0.01 }, loan_amnt: { missing: 0.01 } },
  relations: [
    { left: "person_emp_length", is: "<", right: "person_age", except: 0.01 },
    { left: "cb_person_cred_hist_length", is: "<", right: "person_age", except: 0.01 },
    {
      left: { operation: "ratio", of: ["loan_amnt", "person_income"] },
      is: "=",
      right: "loan_percent_income",
      ...{ within: 0.011, except: 0.05, otherwise: "warning" },
    },
  ],
};
