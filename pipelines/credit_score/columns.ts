/** What is known of each raw column: the one declaration behind training, export and serving. */

import { featureSet, multiHot, number, oneHot, ordinal } from "../../src/features/mod.ts";
import type { SchemaAdditions } from "../../src/validation/mod.ts";
import { yearsAndMonths } from "./years_and_months.ts";

/**
 * The features of the credit score model.
 *
 * Ranges are what a value can mean, not what most values are: the published
 * file has ages of −500 and 7580 and 1,400 credit cards, and all that lies
 * outside a range is missing. Counts end well above what was seen in clean rows
 * (11 bank accounts, 11 cards, 9 loans, 28 delayed payments, 17 inquiries) and
 * well below the smallest absurd ones.
 *
 * ID, Name and SSN tell who, not how somebody pays. Month only tells which of
 * the eight rows it is; a model must also work in September.
 */
export const creditFeatures = /* @__PURE__ */ featureSet({
  target: { column: "Credit_Score", classes: ["Poor", "Standard", "Good"] },
  group: "Customer_ID",
  ignore: ["ID", "Month", "Name", "SSN"],
  columns: {
    // Whoever signs a contract is 14 or older; the oldest people are near 100.
    Age: number({ min: 14, max: 100, description: "Age in years" }),
    Occupation: oneHot({ missing: ["_______"], description: "Occupation" }),
    // Clean incomes end at 180,000; 24,000,000 are typing errors.
    Annual_Income: number({ min: 0, max: 250_000, description: "Income in dollars a year" }),
    Monthly_Inhand_Salary: number({
      min: 0,
      max: 25_000,
      description: "Salary after tax in dollars a month",
    }),
    Num_Bank_Accounts: number({ min: 0, max: 20, description: "Number of bank accounts" }),
    Num_Credit_Card: number({ min: 0, max: 20, description: "Number of credit cards" }),
    // Clean rates end at 34 %; a legal credit costs less than 50 %.
    Interest_Rate: number({ min: 0, max: 50, description: "Interest rate in percent" }),
    // −100 stands for an unknown number.
    Num_of_Loan: number({ min: 0, max: 15, description: "Number of loans" }),
    Type_of_Loan: /* @__PURE__ */ multiHot({
      conjunction: "and",
      description: "Types of the loans",
    }),
    // Negative: paid before the due date. No absurd values are known.
    Delay_from_due_date: number({
      min: -30,
      max: 120,
      description: "Average delay of payments in days",
    }),
    Num_of_Delayed_Payment: number({
      min: 0,
      max: 50,
      description: "Number of delayed payments",
    }),
    // A limit can be lowered; more than doubled or below nothing it cannot be.
    Changed_Credit_Limit: number({
      min: -100,
      max: 100,
      description: "Change of the credit limit in percent",
    }),
    Num_Credit_Inquiries: number({ min: 0, max: 50, description: "Number of credit inquiries" }),
    Credit_Mix: ordinal(["Bad", "Standard", "Good"], {
      missing: ["_"],
      description: "Mix of credits",
    }),
    Outstanding_Debt: number({ min: 0, max: 100_000, description: "Debt in dollars" }),
    Credit_Utilization_Ratio: number({
      min: 0,
      max: 100,
      description: "Used share of the credit limit in percent",
    }),
    // At most 80 years, an adult life.
    Credit_History_Age: /* @__PURE__ */ yearsAndMonths({
      min: 0,
      max: 960,
      description: "Age of the oldest credit",
    }),
    Payment_of_Min_Amount: oneHot({
      missing: ["NM"],
      description: "Whether only the minimum amount is paid",
    }),
    // Installments above 2,000 a month belong to no salary of the file: true
    // ones end near 1,800 and the absurd ones are spread evenly to 82,000.
    Total_EMI_per_month: number({
      min: 0,
      max: 2000,
      description: "Installments of all loans in dollars a month",
    }),
    // __10000__ stands for an unknown amount.
    Amount_invested_monthly: number({
      min: 0,
      max: 9999,
      description: "Investments in dollars a month",
    }),
    Payment_Behaviour: oneHot({ missing: ["!@9#%8"], description: "How money is spent" }),
    // __-333333333333333333333333333__ stands for an unknown balance.
    Monthly_Balance: number({
      min: -10_000,
      max: 10_000,
      description: "What is left at the end of the month in dollars",
    }),
  },
});

/** What rows must be beside what the features read; markers and absurd values are cleaned. */
export const creditRules: SchemaAdditions = {
  columns: { Customer_ID: { missing: 0.01 } },
  relations: [
    { left: "Monthly_Inhand_Salary", is: "<=", right: "Annual_Income", except: 0.01 },
  ],
};
