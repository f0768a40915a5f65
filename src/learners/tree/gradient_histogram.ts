/** Sums of packed gradients by code. */

/** Codes of rows, those of all slots in one range: small where they fit. */
export type RowCodes = Uint16Array<SharedArrayBuffer> | Uint32Array<SharedArrayBuffer>;

/**
 * Adds the packed gradients of `rows[start]` to `rows[end − 1]` to each code
 * that a row has. This is where boosting spends most of its time: eight slots at
 * a time, which halves it.
 *
 * @param codes Codes, row-major, shape [rows × slots].
 * @param packed Packed gradient and hessian by row.
 */
export function addToHistogram(
  histogram: Float64Array,
  codes: RowCodes,
  slots: number,
  packed: Float64Array,
  rows: Int32Array,
  start: number,
  end: number,
): void {
  const whole = slots - slots % 8;
  for (let i = start; i < end; i++) {
    const row = rows[i];
    const both = packed[row];
    let at = row * slots;
    const last = at + slots;
    for (const stop = at + whole; at < stop; at += 8) {
      histogram[codes[at]] += both;
      histogram[codes[at + 1]] += both;
      histogram[codes[at + 2]] += both;
      histogram[codes[at + 3]] += both;
      histogram[codes[at + 4]] += both;
      histogram[codes[at + 5]] += both;
      histogram[codes[at + 6]] += both;
      histogram[codes[at + 7]] += both;
    }
    for (; at < last; at++) histogram[codes[at]] += both;
  }
}
