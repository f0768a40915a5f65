/** Arrays that workers read without a copy. */

/** `values` over shared memory: as they are where they lie there already, else copied. */
export function shared<T extends Int32Array | Float32Array>(values: T): T {
  if (values.buffer instanceof SharedArrayBuffer) return values;
  const buffer = new SharedArrayBuffer(values.byteLength);
  const copy = values instanceof Int32Array ? new Int32Array(buffer) : new Float32Array(buffer);
  copy.set(values);
  return copy as T;
}
