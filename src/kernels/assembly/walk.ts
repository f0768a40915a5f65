/** Rows that walk down full trees: the first levels for four of them in one instruction. */

/** The bits of an infinite Float32; those of missing values are above, whatever their sign. */
const infinite: i32 = 0x7f800000;

// @ts-ignore: a decorator of AssemblyScript
@inline
function column(block: usize, splits: usize, node: usize): usize {
  return block + <usize> load<i32>(splits + (node << 3));
}

// @ts-ignore: a decorator of AssemblyScript
@inline
function threshold(splits: usize, node: usize): v128 {
  return v128.load32_splat(splits + (node << 3), 4);
}

// @ts-ignore: a decorator of AssemblyScript
@inline
function down(place: usize, splits: usize, row: usize): usize {
  const node = splits + place;
  const above = load<i32>(row + <usize> load<i32>(node)) > load<i32>(node, 4);
  return (place << 1) + ((<usize> above) << 3);
}

/** `down` of nodes that may ask for a set: both answers come from one look into the memory each. */
// @ts-ignore: a decorator of AssemblyScript
@inline
function downEither(place: usize, splits: usize, row: usize): usize {
  const node = splits + place;
  const test = load<i32>(node);
  const limit = load<i32>(node, 4);
  const asks = test & 1;
  const value = load<i32>(row + <usize> (test - asks));
  const word = load<i32>(select<usize>(<usize> limit + ((value >> 5) << 2), node, asks));
  const above = select<i32>(~(word >> (value & 31)) & 1, i32(value > limit), asks);
  return (place << 1) + ((<usize> above) << 3);
}

// @ts-ignore: a decorator of AssemblyScript
@inline
function addLeaf(sums: usize, values: usize, place: usize): void {
  store<f32>(sums, load<f32>(sums) + load<f32>(values + (place >> 1)));
}

/**
 * Places of four rows after three levels: all seven splits are tried, which is less than to look for
 * the three that count.
 */
// @ts-ignore: a decorator of AssemblyScript
@inline
function firstPlaces(
  c1: usize,
  c2: usize,
  c3: usize,
  c4: usize,
  c5: usize,
  c6: usize,
  c7: usize,
  splits: usize,
): v128 {
  // −1 for rows above the threshold.
  const s1 = i32x4.gt_s(v128.load(c1), threshold(splits, 1));
  const s2 = i32x4.gt_s(v128.load(c2), threshold(splits, 2));
  const s3 = i32x4.gt_s(v128.load(c3), threshold(splits, 3));
  const s4 = i32x4.gt_s(v128.load(c4), threshold(splits, 4));
  const s5 = i32x4.gt_s(v128.load(c5), threshold(splits, 5));
  const s6 = i32x4.gt_s(v128.load(c6), threshold(splits, 6));
  const s7 = i32x4.gt_s(v128.load(c7), threshold(splits, 7));
  const second = v128.bitselect(s3, s2, s1);
  const third = v128.bitselect(
    v128.bitselect(s7, s6, second),
    v128.bitselect(s5, s4, second),
    s1,
  );
  let places = i32x4.splat(64);
  places = i32x4.sub(places, i32x4.shl(s1, 5));
  places = i32x4.sub(places, i32x4.shl(second, 4));
  return i32x4.sub(places, i32x4.shl(third, 3));
}

/** See `walkTree` of `Kernels`. */
export function walkTree(
  splits: usize,
  values: usize,
  block: usize,
  count: i32,
  depth: i32,
  sums: usize,
): void {
  let c1 = column(block, splits, 1);
  let c2 = column(block, splits, 2);
  let c3 = column(block, splits, 3);
  let c4 = column(block, splits, 4);
  let c5 = column(block, splits, 5);
  let c6 = column(block, splits, 6);
  let c7 = column(block, splits, 7);
  for (let left = count; left > 0; left -= 8) {
    const low = firstPlaces(c1, c2, c3, c4, c5, c6, c7, splits);
    const high = firstPlaces(
      c1 + 16,
      c2 + 16,
      c3 + 16,
      c4 + 16,
      c5 + 16,
      c6 + 16,
      c7 + 16,
      splits,
    );
    let a: usize = i32x4.extract_lane(low, 0);
    let b: usize = i32x4.extract_lane(low, 1);
    let c: usize = i32x4.extract_lane(low, 2);
    let d: usize = i32x4.extract_lane(low, 3);
    let e: usize = i32x4.extract_lane(high, 0);
    let f: usize = i32x4.extract_lane(high, 1);
    let g: usize = i32x4.extract_lane(high, 2);
    let h: usize = i32x4.extract_lane(high, 3);
    // Eight rows side by side: the processor waits for the memory of all of them at once.
    for (let level = depth - 3; level > 0; level--) {
      a = down(a, splits, block);
      b = down(b, splits, block + 4);
      c = down(c, splits, block + 8);
      d = down(d, splits, block + 12);
      e = down(e, splits, block + 16);
      f = down(f, splits, block + 20);
      g = down(g, splits, block + 24);
      h = down(h, splits, block + 28);
    }
    addLeaf(sums, values, a);
    addLeaf(sums + 4, values, b);
    addLeaf(sums + 8, values, c);
    addLeaf(sums + 12, values, d);
    addLeaf(sums + 16, values, e);
    addLeaf(sums + 20, values, f);
    addLeaf(sums + 24, values, g);
    addLeaf(sums + 28, values, h);
    block += 32;
    sums += 32;
    c1 += 32;
    c2 += 32;
    c3 += 32;
    c4 += 32;
    c5 += 32;
    c6 += 32;
    c7 += 32;
  }
}

/** See `walkSets` of `Kernels`. */
export function walkSets(
  splits: usize,
  values: usize,
  block: usize,
  count: i32,
  depth: i32,
  sums: usize,
): void {
  for (let left = count; left > 0; left -= 8) {
    let a: usize = 8;
    let b: usize = 8;
    let c: usize = 8;
    let d: usize = 8;
    let e: usize = 8;
    let f: usize = 8;
    let g: usize = 8;
    let h: usize = 8;
    for (let level = depth; level > 0; level--) {
      a = downEither(a, splits, block);
      b = downEither(b, splits, block + 4);
      c = downEither(c, splits, block + 8);
      d = downEither(d, splits, block + 12);
      e = downEither(e, splits, block + 16);
      f = downEither(f, splits, block + 20);
      g = downEither(g, splits, block + 24);
      h = downEither(h, splits, block + 28);
    }
    addLeaf(sums, values, a);
    addLeaf(sums + 4, values, b);
    addLeaf(sums + 8, values, c);
    addLeaf(sums + 12, values, d);
    addLeaf(sums + 16, values, e);
    addLeaf(sums + 20, values, f);
    addLeaf(sums + 24, values, g);
    addLeaf(sums + 28, values, h);
    block += 32;
    sums += 32;
  }
}

/** See `orderBits` of `Kernels`. */
export function orderBits(from: usize, to: usize, missing: i32): void {
  for (; from < to; from += 16) {
    const bits = v128.load(from);
    const sign = i32x4.shr_s(bits, 31);
    const magnitude = v128.and(bits, i32x4.splat(0x7fffffff));
    // Negative numbers in two's complement, so that they rise.
    const ordered = i32x4.sub(v128.xor(magnitude, sign), sign);
    const misses = i32x4.gt_s(magnitude, i32x4.splat(infinite));
    v128.store(from, v128.bitselect(i32x4.splat(missing), ordered, misses));
  }
}
