/** Targets or weights of some rows. */

/** The values of `rows`, in their order. */
export function pick<T extends Int32Array | Float32Array | Float64Array>(
  values: T,
  rows: Int32Array,
): T {
  const picked = values.slice(0, rows.length) as T;
  for (let i = 0; i < rows.length; i++) picked[i] = values[rows[i]];
  return picked;
}
