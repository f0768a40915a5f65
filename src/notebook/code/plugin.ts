/** The linter's plugin that reads cells. */

import { factsPlugin } from "../../pipeline/code/facts_plugin.ts";
import { readCellFacts } from "./scope.ts";

export default factsPlugin("dinoflow-notebook", readCellFacts);
