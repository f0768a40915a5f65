/** The linter's plugin that reads modules for the fingerprint. */

import { readFacts } from "./facts.ts";
import { factsPlugin } from "./facts_plugin.ts";

export default factsPlugin("dinoflow", readFacts);
