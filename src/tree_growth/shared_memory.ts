/** Arrays that threads read without a copy. */

/** `values` over shared memory: as they are where they lie there already, else copied. */
export function shared<T extends Int32Array | Float32Array | Uint8Array>(values: T): T {
  if (values.buffer instanceof SharedArrayBuffer) return values;
  const bytes = new Uint8Array(new SharedArrayBuffer(values.byteLength));
  bytes.set(new Uint8Array(values.buffer, values.byteOffset, values.byteLength));
  const Copy = values.constructor as new (buffer: SharedArrayBuffer) => T;
  return new Copy(bytes.buffer);
}
