/** Which share of texts a model does not know, against a plain computation in Python. */

import { assert, assertEquals } from "@std/assert";
import {
  clean,
  type CleanData,
  type ColumnSpec,
  driftViews,
  featureSet,
  fit,
  freeText,
  tokens,
  unknownIn,
} from "../../src/features/mod.ts";
import { publicRuns, withoutDigits } from "../../src/text/mod.ts";

type Shares = readonly (number | null)[];
interface Fixture extends Readonly<Record<"freeText" | "tokens", Record<string, Shares>>> {
  readonly texts: readonly string[];
  readonly groups: readonly number[];
  readonly unseen: readonly string[];
}

const fixture: Fixture = JSON.parse(
  await Deno.readTextFile(new URL("fixtures/unknown.json", import.meta.url)),
);

function assertShares(found: ArrayLike<number>, expected: Shares): void {
  assertEquals(found.length, expected.length);
  expected.forEach((share, row) => {
    if (share === null) assert(Number.isNaN(found[row]), `row ${row}: ${found[row]}`);
    // A quotient in Float32.
    else assert(Math.abs(found[row] - share) < 1e-6, `row ${row}: ${found[row]}, not ${share}`);
  });
}

for (const spec of [freeText({ bits: 24 }), tokens()] as ColumnSpec<"freeText" | "tokens">[]) {
  Deno.test(`unknown terms of ${spec.kind}: as Python counts them, and as in a masked log`, () => {
    const columns = { text: spec };
    const set = featureSet({ target: { column: "y", classes: ["a", "b"] }, columns });
    const read = (texts: readonly string[], state?: ReturnType<typeof fit>) =>
      clean(set, { rows: texts.length, columns: { text: texts } }, { target: "none", state });
    const view = (data: CleanData, learned?: Uint8Array) => {
      const found = driftViews(columns, data, state, learned)[unknownIn("text")];
      if (found.kind !== "number") throw new TypeError("shares are numbers");
      return found;
    };
    const shares = (data: CleanData, learned?: Uint8Array) => view(data, learned).values;
    const { texts, groups, unseen } = fixture;
    const { learned, grouped, asked, designEffect } = fixture[spec.kind];
    const data = read(texts);
    const state = fit(set, data);
    const every = new Uint8Array(texts.length).fill(1);
    assertShares(shares(data, every), learned);
    assertShares([view(data, every).designEffect!], designEffect);
    // Rows that it did not learn from are as any other.
    assertShares(
      shares(read([...texts, ...unseen]), Uint8Array.from([...every, ...unseen.map(() => 0)])),
      [...learned, ...asked],
    );
    const shared = new Int32Array(new SharedArrayBuffer(4 * groups.length));
    shared.set(groups);
    assertShares(shares({ ...data, groups: shared }, every), grouped);
    assertShares(shares(read(unseen, state)), asked);
    assertEquals(driftViews(columns, data)[unknownIn("text")], undefined);
    const masked = [...texts, ...unseen].map(withoutDigits);
    assertEquals(shares(read(masked, state)), shares(read([...texts, ...unseen], state)));
  });
}

Deno.test("public runs: what masking leaves alone, the same before and after it", () => {
  const text = "Pay ₹1,500 to (asha@okbank) today, see www.bank.example\nor http://x.y ２ and go";
  assertEquals(publicRuns(text), ["Pay", "to", "today, see", "or", "and go"]);
  assertEquals(publicRuns(withoutDigits(text)), publicRuns(text));
  assertEquals(publicRuns(" 12 @ "), []);
});
