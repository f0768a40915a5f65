/** All regressions, held to the contract. */

import {
  gradientBoostingRegressor,
  linearRegression,
  randomForestRegressor,
} from "../../src/learners/mod.ts";
import { regressorContract } from "../contracts/regressor_contract.ts";

for (const alpha of [0, 1]) {
  const line = linearRegression({ alpha });
  regressorContract({ regressor: line, withoutChance: line });
}

const boosting = gradientBoostingRegressor({ nEstimators: 10 });
regressorContract({ regressor: boosting, withoutChance: boosting });

regressorContract({
  regressor: randomForestRegressor({ nEstimators: 20 }),
  withoutChance: randomForestRegressor({ nEstimators: 1, bootstrap: false }),
});
