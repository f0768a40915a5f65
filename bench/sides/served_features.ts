/** What readers over HTTP are started with and ask for; no model is served. */

import { spending } from "./entities.ts";
import { writeCommands } from "./server_commands.ts";
import { sideArguments } from "./side.ts";

const { folder, rows } = sideArguments();
await Deno.mkdir(`${folder}/models`, { recursive: true });
await writeCommands(folder, ["--access-log", "info"]);
const ids = Array.from({ length: rows }, (_, at) => `customer-${at * 7919 % rows}`);
await Deno.writeTextFile(
  `${folder}/asked.json`,
  JSON.stringify({ view: spending.name, features: Object.keys(spending.features), ids }),
);
