/** All classifiers, held to the contract. */

import {
  calibrated,
  extraTrees,
  gradientBoosting,
  kNeighbors,
  linearSvm,
  logisticRegression,
  randomForest,
} from "../../src/learners/mod.ts";
import { learnerContract } from "../contracts/learner_contract.ts";

learnerContract({
  learner: randomForest({ nEstimators: 20 }),
  withoutChance: randomForest({ nEstimators: 1, bootstrap: false, maxFeatures: "all" }),
  vital: "threshold",
});

learnerContract({
  learner: extraTrees({ nEstimators: 40 }),
  withoutChance: randomForest({ nEstimators: 1, bootstrap: false, maxFeatures: "all" }),
  vital: "threshold",
});

const boosting = gradientBoosting({ nEstimators: 10 });
learnerContract({ learner: boosting, withoutChance: boosting, vital: "threshold" });

const leafwise = gradientBoosting({ nEstimators: 20, numLeaves: 8, minDataInLeaf: 1 });
learnerContract({
  learner: gradientBoosting({
    ...{ nEstimators: 30, numLeaves: 8, minDataInLeaf: 1 },
    ...{ subsample: 0.8, colsample: 0.8 },
  }),
  withoutChance: leafwise,
  vital: "threshold",
});

// Few steps keep 300 classes quick.
const logistic = logisticRegression({ maxIter: 40 });
learnerContract({
  learner: logistic,
  withoutChance: logisticRegression({ C: 1e6 }),
  vital: "coefficients",
});

learnerContract({
  learner: linearSvm(),
  withoutChance: linearSvm({ C: 100, tol: 1e-6, maxIter: 10_000 }),
  vital: "coefficients",
  // One plane parts a class from all others around it only if it lies outermost.
  mostClasses: 5,
});

learnerContract({
  learner: kNeighbors({ nNeighbors: 9 }),
  withoutChance: kNeighbors({ nNeighbors: 9 }),
  vital: "places",
  blind: true,
  weightsDiffer: "as many rows are asked, whatever they weigh",
});

const weightsDiffer = "a row is held out in one fold, its repetitions in several";
learnerContract({
  learner: calibrated(logistic, { folds: 3 }),
  withoutChance: calibrated(logisticRegression({ C: 1e6 }), { folds: 3 }),
  vital: "base",
  weightsDiffer,
});

const forest = calibrated(randomForest({ nEstimators: 10 }), { method: "isotonic", folds: 3 });
learnerContract({
  learner: forest,
  withoutChance: calibrated(
    randomForest({ nEstimators: 1, bootstrap: false, maxFeatures: "all" }),
    { folds: 3 },
  ),
  vital: "scores",
  weightsDiffer,
});
