/** All regressions, held to the contract. */

import {
  elasticNet,
  extraTreesRegressor,
  gradientBoostingRegressor,
  kNeighborsRegressor,
  linearRegression,
  randomForestRegressor,
} from "../../src/learners/mod.ts";
import { regressorContract } from "../contracts/regressor_contract.ts";

for (const alpha of [0, 1]) {
  const line = linearRegression({ alpha });
  regressorContract({ regressor: line, withoutChance: line });
}

for (
  const boosting of [
    gradientBoostingRegressor({ nEstimators: 10 }),
    gradientBoostingRegressor({ nEstimators: 10, loss: "huber", alpha: 1000 }),
    gradientBoostingRegressor({
      ...{ nEstimators: 30, growth: "leafwise", minDataInLeaf: 1 },
      monotone: [1, 0, 0, 0],
    }),
  ]
) regressorContract({ regressor: boosting, withoutChance: boosting });

regressorContract({
  regressor: randomForestRegressor({ nEstimators: 20 }),
  withoutChance: randomForestRegressor({ nEstimators: 1, bootstrap: false }),
});

regressorContract({
  regressor: extraTreesRegressor({ nEstimators: 40 }),
  withoutChance: randomForestRegressor({ nEstimators: 1, bootstrap: false }),
});

regressorContract({
  regressor: kNeighborsRegressor(),
  withoutChance: kNeighborsRegressor(),
  blind: true,
  weightsDiffer: "as many rows are asked, whatever they weigh",
});

const net = elasticNet({ alpha: 1e-3 });
regressorContract({ regressor: net, withoutChance: net });
