/** Secrets in files and in a real OpenBao: every way in, what expires, what is away. */

import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import { join } from "@std/path";
import { readSecret, ServiceError, UsageError, withSecrets } from "../../src/base/mod.ts";
import { parseSecretReference } from "../../src/base/secret_reference.ts";
import { vaultSettings } from "../../src/base/vault/settings.ts";
import { Vault } from "../../src/base/vault/vault.ts";
import { certify, openssl } from "../serve/certificate.ts";
import { freePort } from "../free_port.ts";
import { waitUntil } from "../wait_until.ts";
import { Bao, baoProgram, rootToken } from "./bao.ts";

const ignore = baoProgram === undefined;

const environment = (values: Record<string, string>) => (name: string) => values[name];

/** A Vault that is asked anew each time. */
const open = (values: Record<string, string>, patienceMs = 0) =>
  new Vault(vaultSettings(environment(values)), { freshMs: 0, patienceMs });

Deno.test("secrets: a reference has a mount, a path and a field, or is refused unshown", () => {
  assertEquals(parseSecretReference("vault:kv/a/b?version=3#c.d", "X"), {
    ...{ kind: "vault", mount: "kv", path: "a/b", field: "c.d", version: 3 },
  });
  assertEquals(parseSecretReference("file:///run/x", "X"), { kind: "file", path: "/run/x" });
  assertEquals(parseSecretReference("file:keys/x", "X"), { kind: "file", path: "keys/x" });
  for (
    const text of ["vault:hunter2", "vault:kv/../sys#a", "vault:kv//a#b", "vault:a#b", "file:"]
  ) {
    const error = assertThrows(() => parseSecretReference(text, "X"), UsageError, "in X");
    assert(!error.message.includes(text), error.message);
  }
});

Deno.test("secrets: a file is read each time, one that is missing is named", async () => {
  const path = await Deno.makeTempFile();
  try {
    for (const text of ["first-secret", "second-secret"]) {
      await Deno.writeTextFile(path, `${text}\n`);
      const env = await withSecrets(environment({ A: `file:${path}`, B: "plain" }), ["A", "B"]);
      assertEquals([env("A"), env("B")], [text, "plain"]);
    }
  } finally {
    await Deno.remove(path);
  }
  await assertRejects(() => readSecret(`file:${path}`, "A"), UsageError, `file:${path} for A`);
  await assertRejects(
    () => readSecret("vault:secret/a#b", "A", () => undefined),
    UsageError,
    "VAULT_ADDR is not set",
  );
});

Deno.test({ name: "secrets: OpenBao tells fields, and why it does not", ignore }, async () => {
  await using bao = await Bao.start();
  await bao.put("loans/mlflow", { password: "open-sesame", keys: ["one", "two"], deep: { a: 1 } });
  await bao.put("gone", { a: "b" });
  await bao.ask("DELETE", "secret/data/gone");
  await bao.put("loans/mlflow", { password: "open-barley", keys: ["one", "two"], deep: { a: 1 } });
  const env = environment({ BAO_ADDR: bao.url, BAO_TOKEN: rootToken });
  const read = (text: string) => readSecret(`vault:${text}`, "A", env);
  assertEquals(await read("secret/loans/mlflow#password"), "open-barley");
  assertEquals(await read("secret/loans/mlflow?version=1#password"), "open-sesame");
  assertEquals(await read("secret/loans/mlflow#keys"), "one,two");
  for (
    const [text, reason] of [
      ["secret/loans/other#password", "there is no such secret"],
      ["nowhere/loans#password", "there is no engine at this mount"],
      ["secret/loans/mlflow#user", 'the secret has no field "user"'],
      ["secret/loans/mlflow#deep", 'the field "deep" is no text'],
      ["secret/gone#a", "this version of the secret was deleted"],
    ]
  ) {
    const error = await assertRejects(() => read(text), ServiceError, reason);
    assert(error.next !== undefined, text);
  }
  const stranger = environment({ VAULT_ADDR: bao.url, VAULT_TOKEN: "not-a-token-at-all" });
  const error = await assertRejects(
    () => readSecret("vault:secret/loans/mlflow#password", "A", stranger),
    ServiceError,
    "the token is not valid or not allowed to",
  );
  assert(!`${error.message}${error.next}`.includes("not-a-token"), error.message);
});

/** Lets a role of AppRole read `secret/a`. */
async function allow(bao: Bao, limits: Record<string, unknown>) {
  const policy = 'path "secret/data/a" { capabilities = ["read"] }';
  await bao.ask("PUT", "sys/policies/acl/reader", { policy });
  await bao.ask("POST", "sys/auth/approle", { type: "approle" });
  await bao.ask("POST", "auth/approle/role/r", { token_policies: "reader", ...limits });
  const role = (await bao.ask("GET", "auth/approle/role/r/role-id")).data as { role_id: string };
  const made = (await bao.ask("POST", "auth/approle/role/r/secret-id")).data as {
    secret_id: string;
  };
  return { roleId: role.role_id, secretId: made.secret_id };
}

const accessors = async (bao: Bao) =>
  ((await bao.ask("LIST", "auth/token/accessors")).data as { keys: string[] }).keys;

Deno.test(
  { name: "OpenBao: a lease is renewed, and begun anew where it ended", ignore },
  async () => {
    await using bao = await Bao.start();
    await bao.put("a", { b: "value" });
    const { roleId, secretId } = await allow(bao, { token_ttl: "2s", token_max_ttl: "1h" });
    const file = await Deno.makeTempFile();
    await Deno.writeTextFile(file, `${secretId}\n`);
    const settings = { VAULT_ADDR: bao.url, VAULT_ROLE_ID: roleId };
    using vault = open({ ...settings, VAULT_SECRET_ID_FILE: file });
    assertEquals((await vault.read("secret", "a")).b, "value");
    const [ours, ...others] = (await Promise.all((await accessors(bao)).map(async (accessor) => {
      const { data } = await bao.ask("POST", "auth/token/lookup-accessor", { accessor });
      return data as { accessor: string; path: string };
    }))).filter(({ path }) => path === "auth/approle/login");
    assertEquals(others, []);
    // Longer than the lease: without renewing, the token would be gone.
    const end = performance.now() + 3500;
    await waitUntil(() => performance.now() > end, "the first lease would have ended");
    assert((await accessors(bao)).includes(ours.accessor), "the same token, renewed");
    await bao.ask("POST", "auth/token/revoke-accessor", { accessor: ours.accessor });
    assertEquals((await vault.read("secret", "a")).b, "value", "logged in again");
    await bao.put("a", { b: "changed" });
    assertEquals((await vault.read("secret", "a")).b, "changed");

    using stranger = open({ ...settings, VAULT_SECRET_ID: "not-the-secret-id" });
    const error = await assertRejects(() => stranger.read("secret", "a"), Error, "by approle");
    assert(!error.message.includes("not-the-secret-id"), error.message);
    await assertRejects(() => vault.read("secret", "b"), Error, "not allowed to");
    await Deno.remove(file);
  },
);

Deno.test(
  { name: "OpenBao: a token without a renewable lease says that it ended", ignore },
  async () => {
    await using bao = await Bao.start();
    await bao.put("a", { b: "value" });
    await allow(bao, {});
    const { auth } = await bao.ask("POST", "auth/token/create", {
      ...{ policies: ["reader"], ttl: "1s", renewable: false },
    }) as { auth: { client_token: string } };
    using vault = open({ VAULT_ADDR: bao.url, VAULT_TOKEN: auth.client_token });
    assertEquals((await vault.read("secret", "a")).b, "value");
    await waitUntil(
      () => vault.read("secret", "a").then(() => false, () => true),
      "the token has expired",
    );
    await assertRejects(() => vault.read("secret", "a"), Error, "the token is not valid");
    assert(vault.trouble?.includes("the token is not valid"), vault.trouble);
  },
);

Deno.test({
  name: "OpenBao: a pod logs in by its service account (needs openssl)",
  ignore: ignore || !openssl,
}, async () => {
  await using bao = await Bao.start();
  await bao.put("a", { b: "value" });
  await allow(bao, {});
  const folder = await Deno.makeTempDir();
  await certify(folder, "cluster");
  // The cluster's part, which OpenBao asks whose token it was given.
  await using cluster = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen: () => {} }, async (
    request,
  ) => {
    const { spec } = await request.json() as { spec: { token: string } };
    const name = JSON.parse(atob(spec.token.split(".")[1])).sub as string;
    return Response.json({
      ...{ apiVersion: "authentication.k8s.io/v1", kind: "TokenReview" },
      status: { authenticated: true, user: { username: name, uid: "u", groups: [] } },
    }, { status: 201 });
  });
  await bao.ask("POST", "sys/auth/kubernetes", { type: "kubernetes" });
  await bao.ask("POST", "auth/kubernetes/config", {
    kubernetes_host: `http://127.0.0.1:${cluster.addr.port}`,
    kubernetes_ca_cert: await Deno.readTextFile(join(folder, "cert.pem")),
    disable_local_ca_jwt: true,
    token_reviewer_jwt: "",
  });
  await bao.ask("POST", "auth/kubernetes/role/dinoflow", {
    bound_service_account_names: "dinoflow",
    bound_service_account_namespaces: "loans",
    token_policies: "reader",
  });
  const file = join(folder, "token");
  const jwt = (account: string) => {
    const part = (value: unknown) =>
      btoa(JSON.stringify(value)).replaceAll("=", "").replaceAll("+", "-").replaceAll("/", "_");
    const sub = `system:serviceaccount:loans:${account}`;
    const about = { namespace: "loans", serviceaccount: { name: account, uid: "u" } };
    return `${part({ alg: "RS256" })}.${
      part({ sub, iss: "kubernetes/serviceaccount", "kubernetes.io": about })
    }.c2lnbmF0dXJl`;
  };
  const settings = {
    ...{ VAULT_ADDR: bao.url, VAULT_K8S_ROLE: "dinoflow", VAULT_K8S_JWT_FILE: file },
  };
  await Deno.writeTextFile(file, jwt("dinoflow"));
  using vault = open(settings);
  assertEquals((await vault.read("secret", "a")).b, "value");
  await Deno.writeTextFile(file, jwt("somebody"));
  using stranger = open(settings);
  await assertRejects(() => stranger.read("secret", "a"), Error, "by kubernetes");
  await Deno.remove(folder, { recursive: true });
});

Deno.test(
  { name: "OpenBao: it may be sealed, away at first, or away later", ignore },
  async () => {
    const port = freePort();
    const settings = { VAULT_ADDR: `http://127.0.0.1:${port}`, VAULT_TOKEN: rootToken };
    using hasty = open(settings);
    await assertRejects(() => hasty.read("secret", "a"), ServiceError, "does not answer");

    using vault = open(settings, 60_000);
    const reading = vault.read("secret", "a").catch((error) => error);
    await using bao = await Bao.start(port);
    // Up without the secret: that is an answer, and is not waited out.
    assert(/no such secret/.test((await reading as Error).message), String(await reading));
    await bao.put("a", { b: "value" });
    assertEquals((await vault.read("secret", "a")).b, "value");
    assertEquals(vault.trouble, undefined);

    await bao.seal();
    await assertRejects(() => hasty.read("secret", "a"), ServiceError, "is sealed");
    assertEquals((await vault.read("secret", "a")).b, "value", "as it last was");
    assert(vault.trouble?.includes("is sealed"), vault.trouble);
    await bao.unseal();
    await bao.put("a", { b: "changed" });
    assertEquals((await vault.read("secret", "a")).b, "changed");
    assertEquals(vault.trouble, undefined);

    await bao.kill();
    assertEquals((await vault.read("secret", "a")).b, "changed");
    assert(vault.trouble?.includes("does not answer"), vault.trouble);
    await bao.begin();
    await bao.put("a", { b: "of another" });
    assertEquals((await vault.read("secret", "a")).b, "of another");
    assertEquals(vault.trouble, undefined);
  },
);
