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
function addLeaves(
  sums: usize,
  values: usize,
  a: usize,
  b: usize,
  c: usize,
  d: usize,
): void {
  let four = v128.load32_zero(values + (a >> 1));
  four = v128.load_lane<f32>(values + (b >> 1), four, 1);
  four = v128.load_lane<f32>(values + (c >> 1), four, 2);
  four = v128.load_lane<f32>(values + (d >> 1), four, 3);
  v128.store(sums, f32x4.add(v128.load(sums), four));
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
  for (let left = count; left > 0; left -= 16) {
    const p0 = firstPlaces(c1, c2, c3, c4, c5, c6, c7, splits);
    const p1 = firstPlaces(c1 + 16, c2 + 16, c3 + 16, c4 + 16, c5 + 16, c6 + 16, c7 + 16, splits);
    const p2 = firstPlaces(c1 + 32, c2 + 32, c3 + 32, c4 + 32, c5 + 32, c6 + 32, c7 + 32, splits);
    const p3 = firstPlaces(c1 + 48, c2 + 48, c3 + 48, c4 + 48, c5 + 48, c6 + 48, c7 + 48, splits);
    let a: usize = i32x4.extract_lane(p0, 0);
    let b: usize = i32x4.extract_lane(p0, 1);
    let c: usize = i32x4.extract_lane(p0, 2);
    let d: usize = i32x4.extract_lane(p0, 3);
    let e: usize = i32x4.extract_lane(p1, 0);
    let f: usize = i32x4.extract_lane(p1, 1);
    let g: usize = i32x4.extract_lane(p1, 2);
    let h: usize = i32x4.extract_lane(p1, 3);
    let i: usize = i32x4.extract_lane(p2, 0);
    let j: usize = i32x4.extract_lane(p2, 1);
    let k: usize = i32x4.extract_lane(p2, 2);
    let l: usize = i32x4.extract_lane(p2, 3);
    let m: usize = i32x4.extract_lane(p3, 0);
    let n: usize = i32x4.extract_lane(p3, 1);
    let o: usize = i32x4.extract_lane(p3, 2);
    let p: usize = i32x4.extract_lane(p3, 3);
    for (let level = depth - 3; level > 0; level--) {
      a = down(a, splits, block);
      b = down(b, splits, block + 4);
      c = down(c, splits, block + 8);
      d = down(d, splits, block + 12);
      e = down(e, splits, block + 16);
      f = down(f, splits, block + 20);
      g = down(g, splits, block + 24);
      h = down(h, splits, block + 28);
      i = down(i, splits, block + 32);
      j = down(j, splits, block + 36);
      k = down(k, splits, block + 40);
      l = down(l, splits, block + 44);
      m = down(m, splits, block + 48);
      n = down(n, splits, block + 52);
      o = down(o, splits, block + 56);
      p = down(p, splits, block + 60);
    }
    addLeaves(sums, values, a, b, c, d);
    addLeaves(sums + 16, values, e, f, g, h);
    addLeaves(sums + 32, values, i, j, k, l);
    addLeaves(sums + 48, values, m, n, o, p);
    block += 64;
    sums += 64;
    c1 += 64;
    c2 += 64;
    c3 += 64;
    c4 += 64;
    c5 += 64;
    c6 += 64;
    c7 += 64;
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
    addLeaves(sums, values, a, b, c, d);
    addLeaves(sums + 16, values, e, f, g, h);
    block += 32;
    sums += 32;
  }
}

// @ts-ignore: a decorator of AssemblyScript
@inline
function without(leaves: v128, column: usize, threshold: v128, below: v128): v128 {
  return v128.andnot(leaves, v128.and(i32x4.gt_s(v128.load(column), threshold), below));
}

/** What a set strikes off for four rows: it has a word for each value of its column. */
// @ts-ignore: a decorator of AssemblyScript
@inline
function struck(column: usize, words: usize): v128 {
  let four = v128.load32_zero(words + (<usize> load<i32>(column) << 2));
  four = v128.load_lane<i32>(words + (<usize> load<i32>(column, 4) << 2), four, 1);
  four = v128.load_lane<i32>(words + (<usize> load<i32>(column, 8) << 2), four, 2);
  return v128.load_lane<i32>(words + (<usize> load<i32>(column, 12) << 2), four, 3);
}

// @ts-ignore: a decorator of AssemblyScript
@inline
function addFirst(sums: usize, values: usize, leaves: v128): void {
  addLeaves(
    sums,
    values,
    <usize> ctz(i32x4.extract_lane(leaves, 0)) << 3,
    <usize> ctz(i32x4.extract_lane(leaves, 1)) << 3,
    <usize> ctz(i32x4.extract_lane(leaves, 2)) << 3,
    <usize> ctz(i32x4.extract_lane(leaves, 3)) << 3,
  );
}

/** See `strikeLeaves` of `Kernels`. */
export function strikeLeaves(
  splits: usize,
  values: usize,
  block: usize,
  count: i32,
  splitCount: i32,
  sums: usize,
): void {
  const end = splits + <usize> splitCount * 12;
  for (let left = count; left > 0; left -= 16) {
    let p0 = i32x4.splat(-1);
    let p1 = p0;
    let p2 = p0;
    let p3 = p0;
    for (let at = splits; at < end; at += 12) {
      const test = load<i32>(at);
      if (test & 1) {
        const column = block + <usize> test - 1;
        const words = <usize> load<i32>(at, 4);
        p0 = v128.andnot(p0, struck(column, words));
        p1 = v128.andnot(p1, struck(column + 16, words));
        p2 = v128.andnot(p2, struck(column + 32, words));
        p3 = v128.andnot(p3, struck(column + 48, words));
        continue;
      }
      const column = block + <usize> test;
      const threshold = v128.load32_splat(at, 4);
      const below = v128.load32_splat(at, 8);
      p0 = without(p0, column, threshold, below);
      p1 = without(p1, column + 16, threshold, below);
      p2 = without(p2, column + 32, threshold, below);
      p3 = without(p3, column + 48, threshold, below);
    }
    addFirst(sums, values, p0);
    addFirst(sums + 16, values, p1);
    addFirst(sums + 32, values, p2);
    addFirst(sums + 48, values, p3);
    block += 64;
    sums += 64;
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
