/** The months of one customer: what changes, and the credit score of each. */

import type { Random } from "../../src/base/mod.ts";
import type { Customer } from "./customer.ts";
import { normalQuantile } from "./normal.ts";
import type { RawRow } from "./raw_row.ts";

/** Months that the data covers. */
export const months = [
  "January",
  "February",
  "March",
  "April",
  "May",
  "June",
  "July",
  "August",
] as const;

/** Share of a month's score that comes from the month, not from the customer. */
const MONTH_SHARE = 0.22;
/** How much of the last month's mood stays. */
const MOOD_STAYS = 0.4;
/** Standard normal numbers that part the classes: 29 % Poor, 53 % Standard, 18 % Good. */
const CLASS_CUTS = [normalQuantile(0.29), normalQuantile(0.82)];

/** Ways to spend, and what each leaves of the month's salary besides a tenth of it. */
const behaviours = [
  { name: "High_spent_Large_value_payments", left: 240, weight: 0.14, wealth: 0.18 },
  { name: "High_spent_Medium_value_payments", left: 250, weight: 0.17, wealth: 0.1 },
  { name: "High_spent_Small_value_payments", left: 260, weight: 0.115, wealth: 0.02 },
  { name: "Low_spent_Large_value_payments", left: 270, weight: 0.115, wealth: 0 },
  { name: "Low_spent_Medium_value_payments", left: 280, weight: 0.15, wealth: 0 },
  { name: "Low_spent_Small_value_payments", left: 290, weight: 0.3, wealth: -0.24 },
] as const;

/** The rows of one customer, January to August, before any dirt. */
export function monthsOf(customer: Customer, index: number, random: Random): RawRow[] {
  let mood = random.normal();
  let limitChange = customer.creditLimitChange;
  let inquiries = customer.inquiries;
  return months.map((month, m) => {
    if (m > 0) mood = MOOD_STAYS * mood + Math.sqrt(1 - MOOD_STAYS ** 2) * random.normal();
    if (random.next() < 0.12) limitChange += random.uniform(-3, 3);
    if (random.next() < 0.06) inquiries += 1;
    const { monthlySalary: salary, installments } = customer;
    const behaviour = drawBehaviour(salary, random);
    const left = 0.1 * salary + behaviour.left - installments;
    const invested = Math.min(salary * 0.045 * Math.exp(random.normal(0, 0.7)), left * 0.9);
    const score = Math.sqrt(1 - MONTH_SHARE) * customer.standing + Math.sqrt(MONTH_SHARE) * mood;
    return {
      Customer_ID: `CUS_0x${(0x1000 + index).toString(16)}`,
      ID: `0x${(0x1602 + index * months.length + m).toString(16)}`,
      Month: month,
      Name: `Customer ${String(index + 1).padStart(5, "0")}`,
      Age: String(customer.age + (m >= customer.birthMonth ? 1 : 0)),
      SSN: madeUpNumber(index),
      Occupation: customer.occupation,
      Annual_Income: customer.annualIncome.toFixed(2),
      Monthly_Inhand_Salary: salary.toFixed(6),
      Num_Bank_Accounts: String(customer.bankAccounts),
      Num_Credit_Card: String(customer.creditCards),
      Interest_Rate: String(customer.interestRate),
      Num_of_Loan: String(customer.loans),
      Type_of_Loan: listed(customer.loanTypes),
      Delay_from_due_date: String(Math.round(customer.delayDays - 1.5 * mood + random.normal())),
      Num_of_Delayed_Payment: String(
        Math.max(0, Math.round(customer.delayedPayments - mood + random.normal())),
      ),
      Changed_Credit_Limit: limitChange.toFixed(2),
      Num_Credit_Inquiries: inquiries.toFixed(1),
      Credit_Mix: customer.tier,
      Outstanding_Debt: customer.outstandingDebt.toFixed(2),
      Credit_Utilization_Ratio: (random.uniform(23.5, 40.5) + random.normal(0, 1.2)).toFixed(6),
      Credit_History_Age: duration(customer.historyMonths + m),
      Payment_of_Min_Amount: customer.paysMinimum ? "Yes" : "No",
      Total_EMI_per_month: installments.toFixed(6),
      Amount_invested_monthly: invested.toFixed(6),
      Payment_Behaviour: behaviour.name,
      Monthly_Balance: (left - invested).toFixed(6),
      Credit_Score: score < CLASS_CUTS[0] ? "Poor" : score < CLASS_CUTS[1] ? "Standard" : "Good",
    };
  });
}

/** Those who earn more spend more: the weights tilt with the logarithm of the salary. */
function drawBehaviour(salary: number, random: Random): typeof behaviours[number] {
  const wealth = Math.max(-1, Math.min(1, Math.log(salary / 3000) / 1.5));
  const weights = behaviours.map(({ weight, wealth: tilt }) =>
    Math.max(0.02, weight + tilt * wealth / 2)
  );
  let at = random.next() * weights.reduce((sum, weight) => sum + weight);
  const drawn = behaviours.find((_, i) => (at -= weights[i]) < 0);
  return drawn ?? behaviours[behaviours.length - 1];
}

/** A social security number that cannot exist: the area 000 is never given out. */
function madeUpNumber(index: number): string {
  const digits = String(index % 1_000_000).padStart(6, "0");
  return `000-${digits.slice(0, 2)}-${digits.slice(2)}`;
}

function listed(items: readonly string[]): string {
  const last = items.length - 1;
  return items.map((item, i) => i === last && last > 0 ? `and ${item}` : item).join(", ");
}

function duration(inMonths: number): string {
  return `${Math.floor(inMonths / 12)} Years and ${inMonths % 12} Months`;
}
