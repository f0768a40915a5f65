/** Writes the table that stands in for the public one of diabetes to the path it is given. */

import { pimaTable } from "./tables.ts";

await Deno.writeTextFile(Deno.args[0], pimaTable(500));
