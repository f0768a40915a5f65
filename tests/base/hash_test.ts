import { assertEquals, assertRejects } from "@std/assert";
import { digestOf, sha256, sha256File } from "../../src/base/mod.ts";

// The examples of FIPS 180-4 and its million-letter test.
const ABC = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
const EMPTY = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
const MILLION = "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0";

Deno.test("sha256: the published digests, for text and bytes", () => {
  assertEquals(sha256("abc"), ABC);
  assertEquals(sha256(Uint8Array.of(97, 98, 99)), ABC);
  assertEquals(sha256(""), EMPTY);
});

Deno.test("digestOf: the published digests, for text and bytes", async () => {
  assertEquals(await digestOf("abc"), ABC);
  assertEquals(await digestOf(Uint8Array.of(97, 98, 99)), ABC);
  assertEquals(await digestOf(""), EMPTY);
});

Deno.test("sha256File: the published digests, over several reads too", async () => {
  const path = await Deno.makeTempFile();
  try {
    assertEquals(await sha256File(path), EMPTY);
    await Deno.writeTextFile(path, "a".repeat(1_000_000));
    assertEquals(await sha256File(path), MILLION);
    // More than one of the pieces that it reads in.
    const long = new Uint8Array((1 << 20) * 2 + 5).fill(7);
    await Deno.writeFile(path, long);
    assertEquals(await sha256File(path), sha256(long));
  } finally {
    await Deno.remove(path);
  }
  await assertRejects(() => sha256File(path), Deno.errors.NotFound);
});
