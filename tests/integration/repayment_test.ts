/** From a declared view to a prediction by id: the example, as the page shows it. */

import { assert, assertEquals } from "@std/assert";
import { join } from "@std/path";
import { parseMetadata } from "../../src/registry/mod.ts";
import { Project } from "./project.ts";
import { ServerProcess } from "../serve/server_process.ts";

Deno.test("repayment: trained on what was known, materialised, served by the customer's id", async () => {
  await using project = await Project.create(["serve"]);
  const pipeline = async (...args: string[]) => {
    const { code, stdout, stderr } = await project.task("pipeline", args);
    assertEquals(code, 0, stderr);
    return stdout + stderr;
  };
  const trained = await pipeline("repayment", "--param", "folds=2", "--param", "rounds=5");
  assert(/payments: \d+ of 1200 rows had values at their moment/.test(trained), trained);
  const models = join(project.path, "models");
  const store = join(models, "log", "online.db");
  const bring = () => pipeline("repayment_features", "--param", `store=${store}`);
  assert((await bring()).includes("1200 entities written"));
  assert((await bring()).includes("0 new rows, 0 entities written"));

  const file = (await project.names("models")).find((name) => name.endsWith("_metadata.json"))!;
  const metadata = parseMetadata(JSON.parse(await Deno.readTextFile(join(models, file))));
  assertEquals(metadata.feature_views?.map(({ name }) => name), ["payments"]);

  const flags = ["--model", "repayment", "--feature-store", store];
  await using server = new ServerProcess(models, flags);
  const { url } = await server.logged("listening") as { url: string };
  const predict = async (record: Record<string, unknown>) => {
    const response = await fetch(`${url}/predict`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(record),
    });
    assertEquals(response.status, 200, await response.clone().text());
    return await response.json();
  };
  const request = { amount: 1200, purpose: "car" };
  for (const customer of ["C0001", "C0042", "C1200"]) {
    const { values, expired } = await (await fetch(`${url}/features/payments/${customer}`)).json();
    assertEquals(expired, false);
    const [byId, whole] = [
      await predict({ ...request, customer }),
      await predict({ ...request, ...values }),
    ];
    assertEquals(byId.probabilities, whole.probabilities);
    assertEquals(byId.warnings, undefined);
  }
  assertEquals((await predict({ ...request, customer: "nobody" })).warnings.length, 1);
  assertEquals(await server.stop(), 0);
});
