import { samplerContract } from "../contracts/sampler_contract.ts";
import { samplers } from "./samplers.ts";

samplerContract(samplers.Baseline, { fills: "nothing", neighbours: 0 });
samplerContract(samplers.Over, { fills: "exactly", neighbours: 0 });
samplerContract(samplers.SMOTE, { fills: "exactly", neighbours: 5 });
samplerContract(samplers.ADASYN, { fills: "about", neighbours: 5 });
samplerContract(samplers.BorderlineSMOTE, { fills: "exactly", neighbours: 5 });
