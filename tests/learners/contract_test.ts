/** Both learners, held to the contract. */

import { gradientBoosting, randomForest } from "../../src/learners/mod.ts";
import { learnerContract } from "../contracts/learner_contract.ts";

learnerContract({
  learner: randomForest({ nEstimators: 20 }),
  withoutChance: randomForest({ nEstimators: 1, bootstrap: false, maxFeatures: "all" }),
});

const boosting = gradientBoosting({ nEstimators: 10 });
learnerContract({ learner: boosting, withoutChance: boosting });
