import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { redactPersonalData } from "../../src/advisor/mod.ts";
import { ibanValid, luhnValid, verhoeffValid } from "../../src/advisor/guardrails/checksums.ts";
import { impersonal, personal } from "./cases.ts";

Deno.test("personal data: every kind is taken out, however it is written", () => {
  assert(personal.length >= 30);
  const faults = personal.filter(([text, kinds, gone]) => {
    const redacted = redactPersonalData(text);
    return redacted.found.join() !== kinds.join() ||
      gone.some((part) => redacted.text.includes(part));
  }).map(([text]) => [text, redactPersonalData(text)]);
  assertEquals(faults, []);
});

Deno.test("personal data: amounts, dates, sections and wrong check digits stay", () => {
  const changed = impersonal.filter((text) => redactPersonalData(text).text !== text);
  assertEquals(changed, []);
});

Deno.test("personal data: what a source names may stay, and what was taken out stays out", () => {
  const text = "Write to help@bank.example or to me@home.example";
  assertEquals(
    redactPersonalData(text, "Complaints: help@bank.example").text,
    "Write to help@bank.example or to [EMAIL]",
  );
  for (const [text] of personal) {
    const once = redactPersonalData(text).text;
    assertEquals(redactPersonalData(once), { text: once, found: [] });
  }
});

/** Digits with the check digit that makes them valid. */
const checked = (valid: (digits: string) => boolean) =>
  fc.stringMatching(/^[0-9]{5,18}$/).map((digits) =>
    Array.from({ length: 10 }, (_, digit) => digits + digit).find(valid)!
  );

Deno.test("check digits: one digit is right, and each slip of one digit is found", () => {
  for (const valid of [verhoeffValid, luhnValid]) {
    fc.assert(
      fc.property(checked(valid), fc.nat(), fc.integer({ min: 1, max: 9 }), (digits, at, by) => {
        const place = at % digits.length;
        const other = (Number(digits[place]) + by) % 10;
        assert(valid(digits));
        assert(!valid(digits.slice(0, place) + other + digits.slice(place + 1)));
      }),
    );
  }
});

Deno.test("check digits: Verhoeff finds each swap of neighbours, as Luhn does but for 09 and 90", () => {
  fc.assert(fc.property(checked(verhoeffValid), fc.nat(), (digits, at) => {
    const place = at % (digits.length - 1);
    const [a, b] = [digits[place], digits[place + 1]];
    const swapped = digits.slice(0, place) + b + a + digits.slice(place + 2);
    assertEquals(verhoeffValid(swapped), a === b);
  }));
});

// Examples that the schemes' own descriptions give.
Deno.test("check digits: published numbers are right", () => {
  assertEquals(
    ["236", "12345"].map((digits) =>
      Array.from({ length: 10 }, (_, digit) => digits + digit).filter(verhoeffValid)
    ),
    [["2363"], ["123451"]],
  );
  assert(
    ["4111111111111111", "378282246310005", "5555555555554444", "79927398713"].every(luhnValid),
  );
  const ibans = [
    "GB82WEST12345698765432",
    "DE89370400440532013000",
    "FR1420041010050500013M02606",
    "NO9386011117947",
    "SA0380000000608010167519",
    "CH9300762011623852957",
  ];
  assertEquals(ibans.filter((iban) => !ibanValid(iban)), []);
  // Right modulo 97, but of no length that the country has.
  assertEquals(["", "GB", "XX82WEST12345698765432", "DE8937040044053201300"].filter(ibanValid), []);
});
