/** How ONNX's operators write trees: what those that write them and those that read them share. */

/** Modes of nodes of the older `TreeEnsembleRegressor` operator. */
export const classicModes = { split: "BRANCH_LEQ", equal: "BRANCH_EQ", leaf: "LEAF" } as const;

/** How an inner node tests its column, as the operator numbers it. */
export const branches = { atMost: 0, member: 6 } as const;

/** The operator's attributes: inner nodes and leaves apart, leaves with one target each. */
export interface TreeNodes {
  /** Inner node where each tree starts. */
  readonly roots: Int32Array;
  /** Column tested at each inner node. */
  readonly featureIds: Int32Array;
  /** How each inner node tests it; see {@link branches}. */
  readonly modes: Uint8Array;
  /** Threshold of each inner node, 0 if it asks for a set. */
  readonly splits: Float32Array;
  /** Members of the set of each node that asks for one, each set ended by NaN; in the order of nodes. */
  readonly members: Float32Array;
  /** 1 if a missing value follows the true branch. */
  readonly missingTrue: Uint8Array;
  /** Inner node, or leaf where `trueLeafs` is 1, of a value up to the threshold. */
  readonly trueIds: Int32Array;
  /** 1 if the true branch is a leaf. */
  readonly trueLeafs: Uint8Array;
  /** Inner node, or leaf where `falseLeafs` is 1, of a value above the threshold. */
  readonly falseIds: Int32Array;
  /** 1 if the false branch is a leaf. */
  readonly falseLeafs: Uint8Array;
  /**
   * Share of a node's training weight that follows the true branch, 0 where no
   * training row came. From the roots down it tells how popular each node is,
   * leaves included; explanations need it.
   */
  readonly trueShares: Float32Array;
  /** Score that each leaf adds to. */
  readonly leafTargets: Int32Array;
  /** What each leaf adds. */
  readonly leafWeights: Float32Array;
}
