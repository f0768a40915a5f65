/** Answers one question about code in a process that may load the parser. */

import { answer } from "./ask_parser.ts";

const { module, question } = JSON.parse(await new Response(Deno.stdin.readable).text());
const found = await answer(module, question);
await new Blob([JSON.stringify(found)]).stream().pipeTo(Deno.stdout.writable);
