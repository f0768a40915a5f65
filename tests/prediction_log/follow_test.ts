/** Reading on in the log: each line once, wherever a piece of the file ends. */

import { assert, assertEquals } from "@std/assert";
import { join } from "@std/path";
import { LineCursor, Literal } from "../../src/prediction_log/line_cursor.ts";
import { type LogPosition, newLines, requestIdOf } from "../../src/prediction_log/mod.ts";
import { recordOf } from "./records.ts";

/** Ids of all requests since a position, and where to go on. */
async function idsSince(folder: string, position: LogPosition) {
  const ids: string[] = [];
  let [malformed, pieces] = [0, 0];
  for await (const piece of newLines(folder, position)) {
    for (const columns of piece.predictions) {
      for (let row = 0; row < columns.rows; row++) ids.push(requestIdOf(columns, row));
    }
    position = piece.position;
    malformed += piece.malformed;
    pieces++;
  }
  return { ids, malformed, pieces, position };
}

Deno.test("log since: lines across the ends of pieces, and longer than pieces, are read once", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const path = join(folder, "predictions_20261121T101500_4711_0.jsonl");
    const line = (id: number, length: number) =>
      `${
        JSON.stringify(recordOf({ request_id: `r-${id}`, inputs: { text: "ä".repeat(length) } }))
      }\n`;
    // Lengths that share no factor with the length of a piece, and some beyond it.
    const lines = Array.from(
      { length: 3000 },
      (_, i) => line(i, i % 1000 === 500 ? 200_000 + i : i % 313),
    );
    const last = line(3000, 40);
    await Deno.writeTextFile(path, lines.join("") + last.slice(0, 90));
    const first = await idsSince(folder, {});
    assertEquals(first.ids, lines.map((_, i) => `r-${i}`));
    assert(first.pieces > 5, `${first.pieces} pieces`);
    await Deno.writeTextFile(path, last.slice(90), { append: true });
    const then = await idsSince(folder, first.position);
    assertEquals([then.ids, first.malformed, then.malformed], [["r-3000"], 0, 0]);
    assertEquals((await idsSince(folder, then.position)).pieces, 0);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("log since: bytes of any length are told from those that differ in one place, and from their beginning", () => {
  const text = '"inputs":{"age":';
  for (let length = 0; length <= text.length; length++) {
    const literal = new Literal(text.slice(0, length));
    const passes = (bytes: Uint8Array) => {
      const cursor = new LineCursor();
      cursor.start(bytes, 3);
      return cursor.passes(literal) && cursor.at === 3 + length;
    };
    const bytes = new TextEncoder().encode(`---${text.slice(0, length)}`);
    assert(passes(bytes));
    for (let at = 3; at < bytes.length; at++) {
      assert(!passes(bytes.with(at, bytes[at] + 1)), `${length} bytes, other at ${at - 3}`);
    }
    if (length > 0) assert(!passes(bytes.subarray(0, -1)), `${length - 1} of ${length} bytes`);
  }
});
