/** Where artifacts go, for each kind of address a server may give. */

import { assertEquals, assertThrows } from "@std/assert";
import { ServiceError } from "../../src/base/mod.ts";
import { artifactRoute, isOwnMachine } from "../../src/tracking/artifact_upload.ts";
import { HttpClient } from "../../src/tracking/http_client.ts";
import { RestStore } from "../../src/tracking/rest_store.ts";
import { connectionSettings } from "../../src/tracking/settings.ts";

Deno.test("artifacts: the proxy is found below the server's prefix, or on the host it names", () => {
  const proxy = "api/2.0/mlflow-artifacts/artifacts/1/r/artifacts";
  for (
    const [uri, url] of [
      ["mlflow-artifacts:/1/r/artifacts", `https://host/team/${proxy}`],
      ["mlflow-artifacts:///1/r/artifacts", `https://host/team/${proxy}`],
      ["mlflow-artifacts://other:80/1/r/artifacts", `https://other:80/${proxy}`],
    ]
  ) {
    assertEquals(artifactRoute(uri, "https://host/team"), { kind: "proxy", url });
  }
});

Deno.test("artifacts: a path that climbs out of the artifacts is refused, however it is written", () => {
  for (const path of ["../x", "1/../../x", "1/%2e%2e/x", "1/..%2fx", "1\\\\..\\\\x", "1/%"]) {
    const uri = `mlflow-artifacts:/${path}`;
    assertThrows(
      () => artifactRoute(uri, "http://host"),
      ServiceError,
      "leaves the artifacts",
      uri,
    );
  }
});

Deno.test("artifacts: credentials go to the tracking server's own origin only", async () => {
  const heard: (string | null)[] = [];
  const listen = () =>
    Deno.serve({ hostname: "127.0.0.1", port: 0, onListen() {} }, ({ headers }) => {
      heard.push(headers.get("authorization"));
      return new Response("{}");
    });
  await using own = listen();
  await using other = listen();
  const uri = `http://127.0.0.1:${own.addr.port}`;
  const env = (name: string) => name === "MLFLOW_TRACKING_TOKEN" ? "secret" : undefined;
  const client = new HttpClient(connectionSettings(uri, env));
  await client.receive({ method: "GET", path: "/x" });
  const { url } = artifactRoute(`mlflow-artifacts://127.0.0.1:${other.addr.port}/x`, uri) as {
    url: string;
  };
  await client.receive({ method: "GET", path: url });
  assertEquals(heard, ["Bearer secret", null]);
});

Deno.test("artifacts: files and paths are this machine's, cloud storage is the server's alone", () => {
  assertEquals(artifactRoute("file:///a%20b", "http://host"), { kind: "disk", path: "/a b" });
  assertEquals(artifactRoute("./mlruns/1", "http://host"), { kind: "disk", path: "./mlruns/1" });
  for (const uri of ["s3://bucket/1", "gs://bucket/1", "wasbs://x@y/1", "dbfs:/x"]) {
    assertThrows(() => artifactRoute(uri, "http://host"), ServiceError, uri);
  }
});

Deno.test("artifacts: another machine's folder is written here, with one warning", async () => {
  const folder = await Deno.makeTempDir();
  const warnings: string[] = [];
  const remote = "http://mlflow.example:5000";
  assertEquals([isOwnMachine(remote), isOwnMachine("http://127.0.0.1:5000")], [false, true]);
  const store = new RestStore(new HttpClient(connectionSettings(remote, () => undefined)), {
    onWarning: (message) => warnings.push(message),
  });
  const run = {
    id: "r",
    experiment: { id: "1", name: "credit", artifactLocation: folder },
    location: store.location,
    artifactUri: folder,
  };
  for (const name of ["a.txt", "b.txt"]) await store.writeArtifact(run, name, new Uint8Array(2));
  assertEquals((await Deno.readFile(`${folder}/b.txt`)).length, 2);
  assertEquals(warnings.length, 1);
  await Deno.remove(folder, { recursive: true });
});
