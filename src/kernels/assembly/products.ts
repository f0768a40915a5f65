/** Products of one vector with many in whole numbers, sixteen at a time. */

/** See `multiply` of `Kernels`. */
export function multiply(vectors: usize, query: usize, rows: i32, size: i32, out: usize): void {
  for (let row = 0; row < rows; row++) {
    let sums = i32x4.splat(0);
    let at = query;
    for (let left = size; left > 0; left -= 16) {
      const sixteen = v128.load(vectors);
      sums = i32x4.add(
        sums,
        i32x4.dot_i16x8_s(i16x8.extend_low_i8x16_s(sixteen), v128.load(at)),
      );
      sums = i32x4.add(
        sums,
        i32x4.dot_i16x8_s(i16x8.extend_high_i8x16_s(sixteen), v128.load(at, 16)),
      );
      vectors += 16;
      at += 32;
    }
    store<i32>(
      out,
      i32x4.extract_lane(sums, 0) + i32x4.extract_lane(sums, 1) + i32x4.extract_lane(sums, 2) +
        i32x4.extract_lane(sums, 3),
    );
    out += 4;
  }
}
