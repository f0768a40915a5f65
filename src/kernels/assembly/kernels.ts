/**
 * Inner loops in AssemblyScript, for `deno task kernels`. Places are bytes; loads and stores are not
 * checked, callers hold to the lengths that `kernels.ts` says.
 */

export { bestLeft, bestScore, scanSplits, subtract } from "./splits";
export { orderBits, strikeLeaves, walkSets, walkTree } from "./walk";
export { multiply } from "./products";
