/** ONNX Runtime's own time for one record, which no server can be faster than; prints JSON. */

import { quantileSorted } from "../../src/base/mod.ts";
import { openModel } from "../../src/onnx_runtime/mod.ts";
import type { AskedRecord } from "./served_model.ts";

const CALLS = 5000;

const { folder }: { folder: string } = JSON.parse(Deno.args[0]);
const asked: AskedRecord[] = JSON.parse(await Deno.readTextFile(`${folder}/asked.json`));
const model = await openModel(`${folder}/model.onnx`);
const frame = model.frame(1);
const times = new Float64Array(CALLS);
for (let call = 0; call < CALLS; call++) {
  const { record } = asked[call % asked.length];
  model.inputs.forEach(({ name }, at) => frame.columns[at][0] = record[name]);
  const startedAt = performance.now();
  await frame.predict();
  times[call] = 1000 * (performance.now() - startedAt);
}
await model.close();
const line = JSON.stringify({ p50_us: quantileSorted(times.sort(), 0.5) });
Deno.stdout.writeSync(new TextEncoder().encode(`${line}\n`));
