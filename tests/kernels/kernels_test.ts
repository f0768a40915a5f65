import { assert, assertEquals } from "@std/assert";
import { Random } from "../../src/base/mod.ts";
import { compileKernels, moduleOf } from "../../src/kernels/build.ts";
import { kernelMemory, Kernels, type ScanOptions } from "../../src/kernels/mod.ts";

/** Bytes of a unit of the gradient; see `src/tree_growth/packed_gradients.ts`. */
const unit = 2 ** 27;

/** What the scans promise, by a loop that looks at one place after the other. */
function scanned(
  places: readonly (readonly [at: number, packed: number])[],
  rises: boolean,
  { sum, leastHessian, lambda, alpha }: ScanOptions,
  best: number,
  wins: boolean,
) {
  const parts = (packed: number) => {
    const gradient = Math.floor(packed / unit);
    return [gradient, packed - gradient * unit];
  };
  const squared = (gradient: number) => Math.max(Math.abs(gradient) - alpha, 0) ** 2;
  let found: { at: number; score: number; left: number } | undefined;
  let near = 0;
  for (const [at, packed] of places) {
    near += packed;
    const [g, h] = parts(near);
    const [otherG, otherH] = [parts(sum)[0] - g, parts(sum)[1] - h];
    if (h < leastHessian || otherH < leastHessian) continue;
    const [a, b] = [h + lambda, otherH + lambda];
    const score = Math.fround((squared(g) * b + squared(otherG) * a) / (a * b));
    if (score > best || (score === best && wins && !found)) {
      best = score;
      found = { at, score, left: rises ? near : sum - near };
    }
  }
  return found;
}

Deno.test("kernels: scans find what a loop finds, to the bit, of equal splits the first", () => {
  const random = new Random(11);
  const memory = kernelMemory(8 * 600)!;
  const values = new Float64Array(memory.buffer);
  const kernels = new Kernels(memory);
  let found = 0;
  for (let round = 0; round < 4000; round++) {
    const from = random.int(20);
    const to = from + 1 + random.int(random.int(4) === 0 ? 500 : 12);
    const [few, coarse] = [random.int(2) === 0, random.int(2) === 0];
    for (let at = from; at < to; at++) {
      const empty = few && random.int(4) > 0;
      const gradient = coarse ? random.int(5) - 2 : random.int(200_001) - 100_000;
      values[at] = empty ? 0 : gradient * unit + 1 + random.int(coarse ? 3 : 5000);
    }
    const missing = random.int(2) * (5 * unit + 3);
    const scan: ScanOptions = {
      sum: values.subarray(from, to).reduce((sum, packed) => sum + packed, missing),
      leastHessian: 1 + random.int(coarse ? 4 : 4000),
      lambda: [0, 1, 37.5][random.int(3)],
      alpha: [0, 1.5][random.int(2)],
    };
    const places = Array.from(
      { length: to - from },
      (_, i) => [from + i, values[from + i]] as const,
    );
    const before = [-Infinity, 0, 1e3][random.int(3)];
    const equal = scanned(places, true, scan, -Infinity, false)?.score;
    const best = equal !== undefined && random.int(4) === 0 ? equal : before;
    const wins = random.int(2) === 0;
    for (const rises of [true, false]) {
      const wanted = scanned(rises ? places : places.toReversed(), rises, scan, best, wins);
      const at = kernels.scan(values, from, to, scan, best, wins, rises);
      const told = `round ${round}, ${rises ? "rising" : "falling"}`;
      assertEquals(at, wanted?.at ?? -1, told);
      if (!wanted) continue;
      found++;
      assertEquals({ score: kernels.score, left: kernels.left }, {
        ...{ score: wanted.score, left: wanted.left },
      }, told);
    }
  }
  assert(found > 2000, `${found} of 8000 scans found a split`);
});

Deno.test("kernels: subtract takes away each of any number of values and no other", () => {
  const memory = kernelMemory(8 * 40)!;
  const values = new Float64Array(memory.buffer, 0, 40);
  const kernels = new Kernels(memory);
  for (let length = 0; length < 20; length++) {
    values.forEach((_, i) => values[i] = i * i);
    kernels.subtract(values.subarray(1, 1 + length), values.subarray(20, 20 + length));
    values.forEach((value, i) => {
      const taken = i >= 1 && i < 1 + length ? (i + 19) ** 2 : 0;
      assertEquals(value, i * i - taken);
    });
  }
});

Deno.test("kernels: what no memory can hold is left to plain loops", () => {
  assertEquals(kernelMemory(2 ** 33), undefined);
});

Deno.test({
  name: "kernels: the bytes that are committed are those of the source (--full)",
  ignore: !Deno.args.includes("--full"),
  async fn() {
    const committed = new URL("../../src/kernels/kernel_bytes.ts", import.meta.url);
    assertEquals(moduleOf(await compileKernels()), await Deno.readTextFile(committed));
  },
});
