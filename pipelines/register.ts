/** Puts trained models where servers find them by name: MLflow's registry and its aliases. */

import { pipeline } from "../src/pipeline/mod.ts";
import { checkRequest, registerParams } from "./registration/params.ts";
import { chooseVersion, pointAlias } from "./registration/registration.ts";

export default pipeline("register", {
  description: "Register a model with an MLflow server, or move an alias to a version of it",
  params: registerParams,
  // Each run is a wish of its own: asking twice makes two versions.
  cache: false,
}, ({ step, params }) => {
  checkRequest(params);
  const registered = step("version", {}, (_, { log }) => chooseVersion(params, log));
  step("alias", { registered }, ({ registered }, { log }) => pointAlias(params, registered, log));
});
