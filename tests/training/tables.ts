/** Made-up tables for whole trainings, the same each time. */

import { Random } from "../../src/base/mod.ts";

const rows = (count: number, row: (i: number) => (string | number)[]): string =>
  Array.from({ length: count }, (_, i) => row(i).join(",")).join("\n");

/** Loans as the public credit-risk table has them, some values missing. */
export function creditRiskTable(count = 400): string {
  const random = new Random(3);
  const pick = (all: readonly string[]) => all[random.int(all.length)];
  const header = "person_age,person_income,person_home_ownership,person_emp_length,loan_intent," +
    "loan_grade,loan_amnt,loan_int_rate,loan_percent_income,cb_person_default_on_file," +
    "cb_person_cred_hist_length,loan_status";
  return `${header}\n${
    rows(count, () => {
      const share = random.next();
      const rate = 5 + 15 * random.next();
      const risk = 4 * share + rate / 6 - 4.5 + random.next();
      return [
        18 + random.int(50),
        20_000 + random.int(90_000),
        pick(["RENT", "OWN", "MORTGAGE"]),
        random.next() < 0.1 ? "" : random.int(30),
        pick(["MEDICAL", "EDUCATION", "VENTURE"]),
        pick(["A", "B", "C", "D", "E", "F", "G"]),
        1000 + random.int(30_000),
        random.next() < 0.1 ? "" : rate.toFixed(2),
        share.toFixed(2),
        pick(["Y", "N"]),
        random.int(20),
        random.next() < 1 / (1 + Math.exp(-2 * risk)) ? 1 : 0,
      ];
    })
  }\n`;
}

/** Measurements as the public diabetes table has them, 0 if one was not taken. */
export function pimaTable(count = 300, positives = count): string {
  const random = new Random(5);
  let left = positives;
  const header = "Pregnancies,Glucose,BloodPressure,SkinThickness,Insulin,BMI," +
    "DiabetesPedigreeFunction,Age,Outcome";
  return `${header}\n${
    rows(count, () => {
      const glucose = 70 + random.int(120);
      const bmi = 20 + 25 * random.next();
      const isSick = glucose / 40 + bmi / 15 + random.next() > 6 && left-- > 0;
      return [
        random.int(10),
        glucose,
        50 + random.int(60),
        random.int(40),
        random.int(200),
        bmi.toFixed(1),
        random.next().toFixed(3),
        21 + random.int(50),
        Number(isSick),
      ];
    })
  }\n`;
}

/** Houses sold one a day. */
export function houseTable(count = 300): string {
  const random = new Random(7);
  return `sold,area,rooms,place,price\n${
    rows(count, (i) => {
      const area = 30 + random.int(150);
      const place = ["town", "village"][random.int(2)];
      const price = 3 * area + (place === "town" ? 100 : 0) + 20 * random.next();
      return [
        new Date(Date.UTC(2024, 0, 1 + i)).toISOString().slice(0, 10),
        random.next() < 0.1 ? "" : area,
        1 + random.int(6),
        place,
        i === 5 ? "" : price.toFixed(2),
      ];
    })
  }\n`;
}

/** Sales of 96 months that grow and repeat each year. */
export function salesTable(): string {
  const random = new Random(9);
  const sales = Array.from(
    { length: 108 },
    (_, i) => 100 + 2 * i + 20 * Math.sin(i * Math.PI / 6) + random.next(),
  );
  return `month,before,year_before,sales\n${
    rows(96, (k) => {
      const i = k + 12;
      const month = new Date(Date.UTC(2015, i)).toISOString().slice(0, 7);
      return [month, sales[i - 1], sales[i - 12], sales[i]];
    })
  }\n`;
}
