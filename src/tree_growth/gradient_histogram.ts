/** Sums of packed gradients by code. */

/**
 * Adds the packed gradients of `rows[start]` to `rows[end − 1]` to the code that
 * each row has in each slot.
 *
 * @param codes Codes, row-major, shape [rows × slots].
 * @param packed Packed gradient and hessian by row.
 */
export type AddToHistogram = (
  histogram: Float64Array,
  codes: Uint8Array,
  packed: Float64Array,
  rows: Int32Array,
  start: number,
  end: number,
) => void;

/** Kernels by layout: the fits of a search share rows, and a new function is slow at first. */
const kernels = /* @__MEMO__ */ new Map<string, AddToHistogram>();
const mostKernels = 64;

/** Slots of one generated function: the compiler gives up on very long ones. */
const slotsOfFunction = 64;

/**
 * The kernel for a layout, in which boosting spends most of its time. It is
 * written out slot by slot with each slot's place as a constant, which a loop
 * over slots takes about 1.5 times as long for:
 *
 * ```text
 * const at = row * 3, both = packed[row];
 * histogram[0 + codes[at + 0]] += both;
 * histogram[256 + codes[at + 1]] += both;
 * histogram[300 + codes[at + 2]] += both;
 * ```
 *
 * @param offsets First place of each slot in a histogram, and their number.
 */
export function histogramKernel(offsets: Int32Array): AddToHistogram {
  const layout = offsets.join();
  let kernel = kernels.get(layout);
  if (kernel === undefined) {
    if (kernels.size === mostKernels) kernels.clear();
    kernels.set(layout, kernel = makeKernel(offsets));
  }
  return kernel;
}

function makeKernel(offsets: Int32Array): AddToHistogram {
  const slots = offsets.length - 1;
  const parts: AddToHistogram[] = [];
  for (let from = 0; from < slots; from += slotsOfFunction) {
    const places = [...offsets.subarray(from, Math.min(from + slotsOfFunction, slots))];
    const body = places.map((place, s) => `histogram[${place} + codes[at + ${s}]] += both;`);
    parts.push(
      /* @__FOLLOWED__: its text is made here */ new Function(
        ...["histogram", "codes", "packed", "rows", "start", "end"],
        `for (let i = start; i < end; i++) {
          const row = rows[i], at = row * ${slots} + ${from}, both = packed[row];
          ${body.join("\n")}
        }`,
      ) as AddToHistogram,
    );
  }
  if (parts.length === 1) return parts[0];
  return (...args) => parts.forEach((part) => part(...args));
}
