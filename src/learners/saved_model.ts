/** Fitted models as JSON. */

import { ModelError } from "../base/mod.ts";
import { type PackedEnsemble, packEnsemble, unpackEnsemble } from "../trees/mod.ts";
import type {
  BagPlanes,
  Calibrator,
  Classifier,
  LinearClassifier,
  LinearRegressor,
  NeighborClassifier,
  NeighborRegressor,
  RegressionModel,
} from "./contract.ts";

/** Marks the JSON form, so that another file is refused by name. */
const format = "dinoflow-model-1";

type Model = Classifier | RegressionModel;

/** A model as JSON holds it: arrays of Float64 as lists, trees packed, a model in a model likewise. */
type Saved<Field> = Field extends Float64Array | Float32Array | Int32Array ? readonly number[]
  : Field extends readonly BagPlanes[] ? readonly Saved<BagPlanes>[]
  : Field extends BagPlanes ? { readonly [Name in keyof Field]: Saved<Field[Name]> }
  : Field extends Model ? { readonly [Name in keyof Field]: Saved<Field[Name]> }
  : Field extends { readonly roots: Int32Array } ? PackedEnsemble
  : Field;

/** The model as JSON text, which {@link loadModel} turns back into the same model to the bit. */
export function saveModel(model: Classifier | RegressionModel): string {
  return JSON.stringify({ format, ...toSaved(model) });
}

/**
 * The classifier that {@link saveModel} saved.
 *
 * @throws {ModelError} if the text is not such a model or is damaged.
 */
export function loadModel(json: string): Classifier {
  const model = parse(json);
  if (!("task" in model)) return model;
  throw refused("the model is a regression", "load it with loadRegression");
}

/**
 * The regression that {@link saveModel} saved.
 *
 * @throws {ModelError} if the text is not such a model or is damaged.
 */
export function loadRegression(json: string): RegressionModel {
  const model = parse(json);
  if ("task" in model) return model;
  throw refused("the model is a classifier", "load it with loadModel");
}

function parse(json: string): Model {
  let cause: unknown;
  try {
    const saved = JSON.parse(json) as (Saved<Model> & { format?: unknown }) | null;
    if (saved?.format === format) {
      const { format: _, ...fields } = saved;
      return fromSaved(fields as Saved<Model>);
    }
  } catch (error) {
    if (error instanceof ModelError) throw error;
    cause = error;
  }
  throw refused(`the text is not a ${format} in JSON`, "give what saveModel wrote", cause);
}

function refused(found: string, next: string, cause?: unknown): ModelError {
  return new ModelError(`Cannot load the model: ${found}`, { next, cause });
}

function toSaved(model: Model): Saved<Model> {
  const featureImportances = [...model.featureImportances];
  switch (model.kind) {
    case "RandomForest":
    case "ExtraTrees":
    case "Dummy":
    case "GradientBoosting": {
      // Predictions out of the bag tell about the fit: as many numbers as there were rows.
      const { outOfBag: _, ...kept } = model as typeof model & { readonly outOfBag?: unknown };
      return { ...kept, featureImportances, trees: packEnsemble(model.trees) };
    }
    case "LogisticRegression":
    case "LinearSvm":
    case "ElasticNet":
    case "LinearRegression":
      return {
        ...model,
        featureImportances,
        centre: [...model.centre],
        coefficients: [...model.coefficients],
        intercepts: [...model.intercepts],
        ...savedBags(model),
      } as Saved<LinearClassifier> | Saved<LinearRegressor>;
    case "KNeighbors": {
      const { centre, scale, places, weights } = model;
      const said = "task" in model
        ? { targets: [...model.targets] }
        : { labels: [...model.labels] };
      return {
        ...{ ...model, ...said, featureImportances },
        ...{ centre: [...centre], scale: [...scale], places: [...places], weights: [...weights] },
      } as Saved<NeighborClassifier> | Saved<NeighborRegressor>;
    }
    case "Calibrated":
      return {
        ...model,
        featureImportances,
        base: toSaved(model.base) as Saved<typeof model.base>,
      };
  }
}

function fromSaved(saved: Saved<Model>): Model {
  const featureImportances = numbers(saved, "featureImportances");
  switch (saved.kind) {
    case "RandomForest":
    case "ExtraTrees":
    case "Dummy":
    case "GradientBoosting":
      return { ...saved, featureImportances, trees: unpackEnsemble(saved.trees) };
    case "LogisticRegression":
    case "LinearSvm":
    case "ElasticNet":
    case "LinearRegression": {
      const planes = {
        centre: numbers(saved, "centre"),
        coefficients: numbers(saved, "coefficients"),
        intercepts: numbers(saved, "intercepts"),
      };
      const { centre, coefficients, intercepts } = planes;
      if (coefficients.length !== centre.length * intercepts.length) {
        throw new TypeError("Coefficients, features and scores do not fit together");
      }
      const bags = loadedBags(saved, intercepts.length);
      return { ...saved, featureImportances, ...planes, ...bags } as
        | LinearClassifier
        | LinearRegressor;
    }
    case "KNeighbors":
      return loadedNeighbors(saved, featureImportances);
    case "Calibrated": {
      const base = fromSaved(saved.base);
      if (base.kind === "Calibrated" || "task" in base) break;
      saved.calibrators.forEach(checkCalibrator);
      return { ...saved, featureImportances, base };
    }
  }
  throw new TypeError("Not a kind of model");
}

function savedBags(model: LinearClassifier | LinearRegressor): { bags?: Saved<BagPlanes>[] } {
  if (!("bags" in model) || model.bags === undefined) return {};
  return { bags: model.bags.map((bag) => ({ ...bag, coefficients: [...bag.coefficients] })) };
}

function loadedBags(saved: object, outputs: number): { bags?: BagPlanes[] } {
  if (!("bags" in saved)) return {};
  const bags = (saved.bags as Saved<BagPlanes>[]).map((bag): BagPlanes => {
    const coefficients = Float32Array.from(numbers(bag, "coefficients"));
    if (coefficients.length !== bag.terms * outputs) {
      throw new TypeError("Coefficients, terms and scores do not fit together");
    }
    return { ...bag, coefficients };
  });
  return { bags };
}

function loadedNeighbors(
  saved: Saved<NeighborClassifier> | Saved<NeighborRegressor>,
  featureImportances: Float64Array,
): NeighborClassifier | NeighborRegressor {
  const rows = {
    featureImportances,
    centre: numbers(saved, "centre"),
    scale: numbers(saved, "scale"),
    places: Float32Array.from(numbers(saved, "places")),
    weights: Float32Array.from(numbers(saved, "weights")),
  };
  const check = (said: ArrayLike<number>, known: boolean) => {
    const { length } = rows.weights;
    const { neighbors } = saved;
    const fits = said.length === length && rows.places.length === length * rows.centre.length &&
      rows.scale.length === rows.centre.length && neighbors >= 1 && neighbors <= length;
    if (!fits || !known) throw new TypeError("Rows, features and neighbours do not fit together");
  };
  if ("task" in saved) {
    const targets = numbers(saved, "targets");
    check(targets, true);
    return { ...saved, ...rows, targets };
  }
  const labels = Int32Array.from(numbers(saved, "labels"));
  check(labels, labels.every((label) => label >= 0 && label < saved.classes));
  return { ...saved, ...rows, labels };
}

function checkCalibrator(calibrator: Calibrator): void {
  if (calibrator.method === "sigmoid") {
    if (Number.isFinite(calibrator.slope) && Number.isFinite(calibrator.intercept)) return;
    throw new TypeError("A curve has no slope or intercept");
  }
  if (numbers(calibrator, "scores").length !== numbers(calibrator, "probabilities").length) {
    throw new TypeError("Scores and probabilities do not fit together");
  }
}

function numbers<Name extends string>(
  saved: { readonly [name in Name]: readonly number[] },
  name: Name,
): Float64Array {
  const values: unknown = saved[name];
  if (Array.isArray(values) && values.every(Number.isFinite)) return Float64Array.from(values);
  throw new TypeError(`"${name}" is not a list of numbers`);
}
