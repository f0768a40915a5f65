/** The real Feast reads what was materialised here, and the other way round, in a real Redis. */

import { assert, assertEquals } from "@std/assert";
import { fromFileUrl, join } from "@std/path";
import { featureView } from "../../src/feature_store/mod.ts";
import { RedisStore } from "../../src/online_stores/mod.ts";
import { RedisLink } from "../../src/redis/mod.ts";
import { redisInstalled, RedisServer } from "../redis_server.ts";

const root = fromFileUrl(new URL("../..", import.meta.url));

/** In an environment with tests/python/requirements-feast.txt. */
const python = join(root, ".venv-feast/bin/python");

const installed = redisInstalled &&
  await Deno.stat(python).then(() => true, () => false);

const spending = featureView({
  name: "spending",
  entity: { name: "customer", kind: "text" },
  features: { payments: "integer", mean_payment: "number", channel: "text", late: "boolean" },
  source: "step",
});

const rows = [
  {
    id: "C 1",
    time: 1_700_000_000_123,
    payments: 3,
    mean_payment: 0.1,
    channel: "é🦕",
    late: true,
  },
  {
    id: "ü:2",
    time: 1_700_000_000_000,
    payments: -(2 ** 53 - 1),
    mean_payment: -1e300,
    channel: "",
    late: false,
  },
].map(({ id, time, ...values }) => ({ id, time, values }));

Deno.test({
  name: `feast: reads what was written here, and writes what is read here${
    installed ? "" : " (needs Feast)"
  }`,
  ignore: !installed,
  fn: async () => {
    const folder = await Deno.makeTempDir();
    try {
      await using server = await RedisServer.start();
      await using link = new RedisLink(server.url);
      await link.tried;
      const store = new RedisStore(link, "shop");
      const feast = async (verb: string, given: unknown) => {
        const { stdout, stderr, success } = await new Deno.Command(python, {
          args: [
            ...[`${root}tests/python/feast_redis.py`, verb, folder],
            ...[`127.0.0.1:${server.port}`, JSON.stringify(given)],
          ],
          env: { FEAST_USAGE: "False" },
        }).output();
        assert(success, new TextDecoder().decode(stderr));
        return new TextDecoder().decode(stdout);
      };

      await store.write(spending, rows);
      const read = await feast("read", [...rows.map(({ id }) => id), "nobody"]);
      assertEquals(JSON.parse(read.trim().split("\n").at(-1)!), {
        customer: ["C 1", "ü:2", "nobody"],
        payments: [3, -(2 ** 53 - 1), null],
        mean_payment: [0.1, -1e300, null],
        channel: ["é🦕", "", null],
        late: [true, false, null],
      });

      // Feast keeps a later word of its own, and we read it; an earlier one of ours changes nothing.
      const [first] = rows;
      const later = { customer: "C 1", ...first.values, payments: 4 };
      await feast("write", [{ ...later, event_timestamp: first.time + 1000 }]);
      const wanted = { time: first.time + 1000, values: { ...first.values, payments: 4 } };
      assertEquals((await store.read(spending, ["C 1"]))[0], wanted);
      assertEquals(await store.write(spending, [first]), 0);
      assertEquals((await store.read(spending, ["C 1"]))[0], wanted);
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  },
});
