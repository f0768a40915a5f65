/**
 * Inner loops in WebAssembly SIMD, with plain loops beside them where they are used: what both give
 * is the same to the bit.
 *
 * @module
 */

export {
  firstLevels,
  kernelMemory,
  Kernels,
  mostStruck,
  productLanes,
  rowsTogether,
  type ScanOptions,
  type SharedKernelMemory,
} from "./kernels.ts";
