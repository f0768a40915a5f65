/** The raw columns of the Credit Score Classification data, as a CSV file holds them. */

/** Names of the raw columns in the order of the file. */
export const rawColumns = [
  "Customer_ID",
  "ID",
  "Month",
  "Name",
  "Age",
  "SSN",
  "Occupation",
  "Annual_Income",
  "Monthly_Inhand_Salary",
  "Num_Bank_Accounts",
  "Num_Credit_Card",
  "Interest_Rate",
  "Num_of_Loan",
  "Type_of_Loan",
  "Delay_from_due_date",
  "Num_of_Delayed_Payment",
  "Changed_Credit_Limit",
  "Num_Credit_Inquiries",
  "Credit_Mix",
  "Outstanding_Debt",
  "Credit_Utilization_Ratio",
  "Credit_History_Age",
  "Payment_of_Min_Amount",
  "Total_EMI_per_month",
  "Amount_invested_monthly",
  "Payment_Behaviour",
  "Monthly_Balance",
  "Credit_Score",
] as const;

/** Name of a raw column. */
export type RawColumnName = typeof rawColumns[number];

/** One customer's month as text; empty text where a value is missing. */
export type RawRow = Record<RawColumnName, string>;
