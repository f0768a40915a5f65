/** Tokens, what they are told by, and what rules find. */

import { assert, assertEquals, assertThrows } from "@std/assert";
import { UsageError } from "../../src/base/mod.ts";
import {
  attributeIdCount,
  forgetfully,
  spotAccounts,
  spotDates,
  spotMoney,
  spottedValue,
  tokenHasher,
  tokenRules,
  tokensOf,
} from "../../src/text/mod.ts";

const cut = (text: string, split: "words" | "blanks" = "words") => {
  const { starts, ends } = tokensOf(text, split);
  return starts.map((start, i) => text.slice(start, ends[i]));
};

Deno.test("tokens: what is remembered of words is bounded, whatever comes of few or of long texts", () => {
  for (const length of [5, 2000]) {
    let made = 0;
    const next = forgetfully(() => {
      made++;
      return tokenHasher(tokenRules());
    });
    let most = 0;
    for (let i = 0; made < 3; i++) {
      const hasher = next();
      hasher.hash(`${"x".repeat(length)}${i} was paid`);
      most = Math.max(most, hasher.remembered);
    }
    // The limit, and what one text brings.
    assert(most > 4e6 && most < 5.2e6, `${most} characters`);
  }
});

Deno.test("tokens: letters, digits and signs apart, in any script, nothing of what nobody sees", () => {
  assertEquals(cut("A/c XX1234: ₹5,000.50"), [
    ...["A", "/", "c", "XX", "1234", ":", "₹", "5", ",", "000", ".", "50"],
  ]);
  assertEquals(cut("मैंने ₹500 दिए"), ["मैंने", "₹", "500", "दिए"]);
  assertEquals(cut("a\u0000b\u200ec\ud800d\t e"), ["a", "b", "c", "d", "e"]);
  assertEquals(cut("😀 ok"), ["😀", "ok"]);
  assertEquals(cut("N.Y. 5%", "blanks"), ["N.Y.", "5%"]);
  assertEquals(cut(""), []);
  assertEquals(cut("a ".repeat(50_000)).length, 5000); // the first 10,000 characters
});

Deno.test("tokens: ids do not depend on what was read before, and are within their range", () => {
  const rules = tokenRules({ spot: ["money"], lists: { shop: ["Blue Tokai"] } });
  const idsOf = (before: readonly string[], text: string) => {
    const hasher = tokenHasher(rules);
    for (const other of before) hasher.hash(other);
    const { groups } = hasher.hash(text);
    return groups.map((group) => [...hasher.attributes[group]]);
  };
  const text = "Paid ₹500 at blue tokai 😀 मैंने";
  const fresh = idsOf([], text);
  assertEquals(idsOf(["blue ₹5", text, "x".repeat(300)], text), fresh);
  assertEquals(fresh.flat().every((id) => id >= 0 && id < attributeIdCount), true);
});

Deno.test("tokens: rules and lists tell the tokens of what they find, and their neighbours", () => {
  const rules = tokenRules({
    ...{ templates: [], spot: ["money"], lists: { shop: ["Blue Tokai", "Blue"] } },
    together: [[{ of: "letters", at: 0 }]],
  });
  const hasher = tokenHasher(rules);
  const ownOf = (text: string) => {
    const { groups } = hasher.hash(text);
    return groups.map((group) => hasher.attributes[group].length);
  };
  // "always", the template, then marks: own, of the one before, of the one after.
  assertEquals(ownOf("so be it"), [2, 2, 2]);
  assertEquals(ownOf("at blue tokai now"), [3, 4, 4, 3]);
  assertEquals(ownOf("₹ 5"), [4, 4]);
});

Deno.test("money: rupees in lakhs and crores, signs and words on either side", () => {
  const read = (text: string) =>
    spotMoney(text).map(({ value: { amount, currency } }) => `${amount} ${currency}`);
  assertEquals(read("₹1,50,000 and Rs. 2.5 lakh and INR 3 crore"), [
    ...["150000 INR", "250000 INR", "30000000 INR"],
  ]);
  assertEquals(read("Rs.500/- or 300 rupees, 2 lakh rupees"), ["500 INR", "300 INR", "200000 INR"]);
  assertEquals(read("$1.2 million, €5, 40 USD"), ["1200000 USD", "5 EUR", "40 USD"]);
  assertEquals(read("₹1.1 lakh"), ["110000 INR"]);
  assertEquals(read("hours 5, 12 rsx, OTP 4821"), []);
  assertEquals(read("1.234,50 €, 12,5 EUR, €1.234.567, $1,234.50"), [
    ...["1234.5 EUR", "12.5 EUR", "1234567 EUR", "1234.5 USD"],
  ]);
  assertEquals(read("$5, 6 or $1.234; 2,5 million dollars"), ["5 USD", "1.234 USD", "2500000 USD"]);
  // Part of what is no number, or of another one, is no amount.
  assertEquals(read("$1,2,3 $1.2.3 $1e5 v1.2.3 usd Rs 1,000,00 1.2.3,4 €"), []);
  // A search that starts anew at each sign would take minutes here.
  assertEquals(read("1,".repeat(200_000) + "1.".repeat(200_000) + "9".repeat(200_000)), []);
  const text = "paid ₹ 1,200.50 now";
  const [{ start, end }] = spotMoney(text);
  assertEquals(text.slice(start, end), "₹ 1,200.50");
});

Deno.test("dates: the day first, months by name, no day that no calendar has", () => {
  const read = (text: string) => spotDates(text).map(({ value }) => value.date);
  assertEquals(read("12 March 2026; 5th Jan 2025; March 3, 2026; 2026-11-05"), [
    ...["2026-03-12", "2025-01-05", "2026-03-03", "2026-11-05"],
  ]);
  assertEquals(read("05/11/2026 and 5-1-26"), ["2026-11-05", "2026-01-05"]);
  assertEquals(read("29/02/2025, 31/04/2026, 2026-13-01"), []);
  assertEquals(read("29/02/2024"), ["2024-02-29"]);
  assertEquals(read("yesterday, last Friday, 12 March"), [null, null, null]);
  assertEquals(read("ratio 24/7, maybe 5"), []);
});

Deno.test("values: of a span that is read whole alone, and of numbers that hold all their digits", () => {
  assertEquals(spottedValue("money", "₹1,500 only"), { amount: 1500, currency: "INR" });
  for (
    const part of [
      "₹5\u200b00",
      "Rs 5 00",
      "₹500 to ₹600",
      "five",
      `₹${"1".repeat(400)}`,
      "₹12345678901234567",
    ]
  ) {
    assertEquals(spottedValue("money", part), undefined, part);
  }
  assertEquals(spottedValue("date", "05/11/2026"), { date: "2026-11-05" });
});

Deno.test("tokens: a long text ends before the word that the limit goes through", () => {
  const end = (text: string) => tokensOf(text, "words").ends.at(-1);
  const filler = (length: number) => "a ".repeat(length / 2);
  assertEquals(end(`${filler(9990)}Rs. 25,00,000 paid`), 9993);
  assertEquals(end(`${filler(9990)}Rs. 25,000 paid`), 10_000);
  assertEquals(end("漢".repeat(20_000)), 10_000);
  assertEquals(end(`a ${"x".repeat(20_000)}`), 10_000);
  assertEquals(end(`${filler(9998)}ab`), 10_000);
});

Deno.test("accounts: masked, in fours and whole", () => {
  const read = (text: string) => spotAccounts(text).map(({ value }) => value.number);
  assertEquals(read("A/c XX4521, **9876, 4111 1111 1111 1111"), [
    ...["XX4521", "XX9876", "4111111111111111"],
  ]);
  assertEquals(read("003401552317 at HDFC0001234"), ["003401552317", "HDFC0001234"]);
  assertEquals(read("OTP 482193 for ₹5,000"), []);
});

Deno.test("tokens: rules that cannot be are refused with what to do", () => {
  const wrong = (options: object) => () => tokenRules(options);
  assertThrows(wrong({ templates: [], together: [] }), UsageError, "there is no template");
  assertThrows(wrong({ templates: [{ of: "wort", at: [0] }] }), UsageError, 'no attribute "wort"');
  assertThrows(wrong({ templates: [{ of: "word", at: [9] }] }), UsageError, "9 tokens away");
  assertThrows(wrong({ spot: ["iban"] }), UsageError, 'nothing spots "iban"');
  assertThrows(wrong({ lists: { shop: [] } }), UsageError, 'list "shop" is empty');
});
