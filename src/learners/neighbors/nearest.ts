/** The rows that lie nearest to others. */

/** Rows to look among. */
export interface KeptRows {
  /** Whole numbers row by row, shape [rows × features]. */
  readonly places: Float32Array;
  /** Number of features of a row. */
  readonly features: number;
}

/**
 * The `k` nearest rows of each asked one by the square of the distance, of equally near ones the
 * earlier: what ONNX's `TopK` gives.
 *
 * @param asked Whole numbers row by row, shape [asked rows × features].
 * @returns Nearest first, shape [asked rows × k].
 */
export function nearestRows(
  { places, features }: KeptRows,
  asked: Float64Array,
  k: number,
): Int32Array {
  const rows = places.length / features;
  const count = asked.length / features;
  const nearest = new Int32Array(count * k);
  const distances = new Float64Array(k);
  for (let i = 0; i < count; i++) {
    const found = nearest.subarray(i * k, (i + 1) * k);
    distances.fill(Infinity);
    for (let row = 0; row < rows; row++) {
      const furthest = distances[k - 1];
      let distance = 0;
      for (let a = i * features, b = row * features, end = a + features; a < end; a++, b++) {
        const step = asked[a] - places[b];
        distance += step * step;
      }
      if (!(distance < furthest)) continue;
      let at = k - 1;
      for (; at > 0 && distances[at - 1] > distance; at--) {
        distances[at] = distances[at - 1];
        found[at] = found[at - 1];
      }
      distances[at] = distance;
      found[at] = row;
    }
  }
  return nearest;
}
