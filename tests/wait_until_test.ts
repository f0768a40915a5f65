import { assertEquals, assertRejects } from "@std/assert";
import { readUntil, waitUntil, within } from "./wait_until.ts";

Deno.test("waiting ends: what does not come is named", async () => {
  await assertRejects(
    () => waitUntil(() => false, "the moon is full", 0.02),
    Error,
    "Waited 0.02 s in vain until the moon is full",
  );
  await assertRejects(
    () => within(new Promise(() => {}), "nothing happens", 0.02),
    Error,
    "Waited 0.02 s in vain until nothing happens",
  );
  const stream = (parts: string[]) => ReadableStream.from(parts).getReader();
  await assertRejects(() => readUntil(stream(["on", "e"]), "two"), Error, 'without "two":\none');
  assertEquals(await readUntil(stream(["o", "ne, ", "two"]), "one"), "one, ");
});

Deno.test("waiting gives what comes, and no more than it waited for", async () => {
  let looks = 0;
  await waitUntil(() => ++looks === 3, "it was looked at three times");
  assertEquals(looks, 3);
  assertEquals(await within(Promise.resolve(7), "seven"), 7);
});
