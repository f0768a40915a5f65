/** Holidays against days that are known, and features of periods. */

import { assert, assertEquals, assertThrows } from "@std/assert";
import { DataError, UsageError } from "../../src/base/mod.ts";
import {
  calendarFeatures,
  holidayCountries,
  holidaysBetween,
  holidayYears,
  movingHolidays,
} from "../../src/calendar/mod.ts";

const named = (country: string, first: string, last: string, region?: string) =>
  holidaysBetween({ country, region }, first, last).map(({ date, name }) => `${date} ${name}`);

Deno.test("holidays: Hindu, Islamic and lunar days of India are on their dates", () => {
  // From the gazette's lists of the years.
  const days = named("IN", "2024-01-01", "2025-12-31");
  for (
    const [date, name] of [
      ["2024-01-26", "Republic Day"],
      ["2024-08-15", "Independence Day"],
      ["2024-10-02", "Gandhi"],
      ["2024-10-31", "Diwali"],
      ["2025-10-20", "Diwali"],
      ["2024-03-25", "Holi"],
      ["2025-03-14", "Holi"],
      ["2024-04-11", "Eid"],
      ["2025-03-31", "Eid"],
      ["2024-05-23", "Buddha"],
      ["2024-12-25", "Christmas"],
    ]
  ) assert(days.some((day) => day.startsWith(date) && day.includes(name)), `${name} on ${date}`);
});

Deno.test("holidays: feasts of India are there in each year, whether offices close or not", () => {
  const [first, last] = holidayYears("IN");
  const days = named("IN", `${first}-01-01`, `${last}-12-31`);
  for (const feast of ["Diwali", "Holi", "Dussehra", "Eid al-Fitr", "Maha Shivaratri"]) {
    for (let year = first; year <= last; year++) {
      assert(
        days.some((day) => day.startsWith(`${year}`) && day.endsWith(feast)),
        `${feast} ${year}`,
      );
    }
  }
});

Deno.test("holidays: regions have days of their own", () => {
  const of = (region?: string) => named("IN", "2025-01-01", "2025-12-31", region);
  // Pongal and Onam, Maharashtra Day.
  assert(of("TN").length > of().length && of("KL").length > of().length);
  assert(of("MH").some((day) => day.startsWith("2025-05-01")));
  assert(!of().some((day) => day.startsWith("2025-05-01")));
  assertEquals(of("KL").filter((day) => !of().includes(day)).length, of("KL").length - of().length);
});

Deno.test("holidays: those of other countries", () => {
  assert(named("US", "2026-11-26", "2026-11-26")[0].includes("Thanksgiving"));
  assert(named("GB", "2026-12-25", "2026-12-25")[0].includes("Christmas"));
  assert(named("DE", "2026-10-03", "2026-10-03").length === 1);
  for (const country of Object.keys(holidayCountries)) {
    const [first, last] = holidayYears(country);
    assert(first <= 2010 && last >= 2030, country);
    for (let year = first; year <= last; year++) {
      const days = named(country, `${year}-01-01`, `${year}-12-31`);
      assert(days.length >= 3, `${country} ${year}`);
      assertEquals(days, days.toSorted((a, b) => a.slice(0, 10) < b.slice(0, 10) ? -1 : 0));
    }
  }
});

Deno.test("holidays: what the table does not have is refused by name", () => {
  const [first, last] = holidayYears("IN");
  const refused = (place: [string, string?], from: string, to: string, message: string) =>
    assertThrows(
      () => holidaysBetween({ country: place[0], region: place[1] }, from, to),
      message.includes(" in 2") || message.includes('"') ? DataError : UsageError,
      message,
    );
  const next = String(last + 1);
  refused(["IN"], `${last}-12-01`, `${next}-01-05`, `Cannot tell the holidays of India in ${next}`);
  refused(["IN"], `${first - 1}-12-31`, `${first}-01-05`, `of India in ${first - 1}`);
  refused(["XX"], "2024-01-01", "2024-01-02", "Cannot tell the holidays of XX");
  refused(["IN", "ZZ"], "2024-01-01", "2024-01-02", "region ZZ of India");
  refused(["IN"], "yesterday", "2024-01-02", 'Cannot tell the holidays of "yesterday"');
});

Deno.test("calendar features: of days and of months", () => {
  const days = calendarFeatures(
    ["2024-10-29", "2024-10-30", "2024-10-31", "2024-11-01", "2024-11-02"],
    "2024-11-03",
    { country: "IN" },
  );
  const of = (rows: typeof days, name: string) =>
    rows.rows.map((row) => row[rows.names.indexOf(name)]);
  assertEquals(of(days, "weekday"), [2, 3, 4, 5, 6]);
  assertEquals(of(days, "holidays"), [0, 0, 1, 0, 0]);
  assertEquals(of(days, "until"), [2, 1, 0, 7, 7]);
  assertEquals(of(days, "since"), [7, 7, 0, 1, 2]);
  assertEquals(of(days, "Diwali"), [0, 0, 1, 0, 0]);
  const months = calendarFeatures(["2023-10-01", "2023-11-01", "2023-12-01"], "2024-01-01", {
    country: "IN",
  });
  assertEquals(of(months, "days"), [31, 30, 31]);
  assertEquals(of(months, "weekends"), [9, 8, 10]);
  // 12 November 2023; of 2024 it is in October.
  assertEquals(of(months, "Diwali"), [0, 1, 0]);
  assertEquals(of(calendarFeatures(["2024-10-01"], "2024-11-01", { country: "IN" }), "Diwali"), [
    1,
  ]);
  assert(movingHolidays({ country: "IN" }).includes("Diwali"));
  assertEquals(calendarFeatures(["2024-02-01"], "2024-03-01").names.length, 5);
});

Deno.test("calendar features: the last days of the table have no days after them", () => {
  const [first, last] = holidayYears("US");
  const place = { country: "US" };
  assertEquals(calendarFeatures([`${last}-12-31`], `${last + 1}-01-01`, place).rows.length, 1);
  assertEquals(calendarFeatures([`${first}-01-01`], `${first}-01-02`, place).rows.length, 1);
  assertThrows(
    () => calendarFeatures([`${last + 1}-01-01`], `${last + 1}-01-02`, place),
    DataError,
    `in ${last + 1}`,
  );
});
