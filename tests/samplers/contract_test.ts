import { samplerContract } from "../contracts/sampler_contract.ts";
import { samplers } from "./samplers.ts";

samplerContract(samplers.Baseline, { outcome: "same", neighbours: 0, chance: false });
samplerContract(samplers.Over, { outcome: "filled", neighbours: 0, chance: true });
samplerContract(samplers.SMOTE, { outcome: "filled", neighbours: 5, chance: true });
samplerContract(samplers.ADASYN, { outcome: "about filled", neighbours: 5, chance: true });
samplerContract(samplers.BorderlineSMOTE, { outcome: "filled", neighbours: 5, chance: true });
samplerContract(samplers.SMOTENC, { outcome: "filled", neighbours: 5, chance: true });
samplerContract(samplers.SMOTEN, { outcome: "filled", neighbours: 5, chance: true });
samplerContract(samplers.SMOTETomek, {
  outcome: "filled and cleaned",
  neighbours: 5,
  chance: true,
});
samplerContract(samplers.Under, { outcome: "cut", neighbours: 0, chance: true });
samplerContract(samplers.TomekLinks, { outcome: "cleaned", neighbours: "any", chance: false });
samplerContract(samplers.ENN, { outcome: "cleaned", neighbours: "any", chance: false });
