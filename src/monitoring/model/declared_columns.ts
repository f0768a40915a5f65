/** What a model's metadata say of its columns: how they were cleaned when it was trained. */

import {
  type ColumnSpec,
  type ColumnState,
  type FeatureSet,
  type FeatureState,
  kindNames,
  kindOf,
} from "../../features/mod.ts";
import type { InputColumn, ModelMetadata } from "../../registry/mod.ts";

/** The columns of a model as training knew them. */
export interface DeclaredColumns {
  /** Cleans rows as training did; its target is not to be read. */
  readonly set: FeatureSet;
  /** What was learned, each column as the set reads it. */
  readonly state: FeatureState;
  /** Column of the true values; undefined if the metadata do not name it. */
  readonly target?: string;
  /** Columns of free texts whose cleaning is not known: only rows can be held against rows. */
  readonly opaque: readonly string[];
  /** What the metadata lack, one sentence each. */
  readonly remarks: readonly string[];
}

/**
 * The declaration that travels with a model. Files of older versions have none:
 * theirs is read back from what the features learned, and where that does not
 * tell either, a column is taken as the file has it.
 */
export function declaredColumns(metadata: ModelMetadata): DeclaredColumns {
  const { task, declared_features: declared, feature_state, input_schema, class_labels } = metadata;
  if (declared !== undefined) {
    const target = declared.target.column;
    return { set: declared, state: feature_state, target, opaque: [], remarks: [] };
  }
  const inputs = new Map(input_schema.map((input) => [input.name, input]));
  const plain: string[] = [];
  const columns = Object.fromEntries(feature_state.columns.map((state): [string, ColumnSpec] => {
    if (kindNames.includes(state.kind)) return [state.name, kindOf(state).declared(state)];
    plain.push(state.name);
    return [state.name, plainSpec(inputs.get(state.name))];
  }));
  const read = feature_state.columns.map((state) => ({ ...state, kind: columns[state.name].kind }));
  const target = task.kind === "regression" || task.kind === "forecast" ? task.column : undefined;
  return {
    set: {
      target: { column: target ?? "", classes: class_labels },
      columns,
    },
    state: { ...feature_state, columns: read as ColumnState[] },
    target,
    opaque: plain.filter((name) => {
      const { kind, categories } = inputs.get(name) ?? {};
      return kind !== "number" && categories === undefined;
    }),
    remarks: [
      "The model's metadata are of an older version: how its columns are cleaned was read back " +
      `from what it learned; ${target === undefined ? "the column of the labels and " : ""}` +
      "which rows belong together is not known.",
      ...plain.length === 0
        ? []
        : [`Compared as the data have them, without cleaning: ${plain.join(", ")}.`],
    ],
  };
}

function plainSpec(input: InputColumn | undefined): ColumnSpec {
  return { kind: input?.kind === "number" ? "number" : "oneHot" };
}
