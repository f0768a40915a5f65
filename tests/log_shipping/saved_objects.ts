/** The saved objects of Kibana, as far as they can be tried without it. */

/** A saved object. */
export interface SavedObject {
  readonly id: string;
  readonly type: string;
  readonly attributes: Readonly<Record<string, unknown>>;
  readonly references: readonly {
    readonly name: string;
    readonly type: string;
    readonly id: string;
  }[];
}

/** The objects of `deploy/kibana/dinoflow.ndjson`. */
export const savedObjects: readonly SavedObject[] =
  (await Deno.readTextFile(new URL("../../deploy/kibana/dinoflow.ndjson", import.meta.url)))
    .trimEnd().split("\n").map((line) => JSON.parse(line));

interface Aggregation {
  readonly type: string;
  readonly params: {
    readonly field?: string;
    readonly size?: number;
    readonly percents?: number[];
  };
}

/** What each picture asks, as the query that Kibana makes of it. */
export function pictureQueries(): { title: string; field?: string; query: unknown }[] {
  return savedObjects.filter(({ type }) => type === "visualization").flatMap(({ attributes }) => {
    const { title, visState, kibanaSavedObjectMeta } = attributes as Record<string, string>;
    const { query } = JSON.parse(
      (kibanaSavedObjectMeta as unknown as { searchSourceJSON: string }).searchSourceJSON,
    );
    const [, field, value] = /^([\w.]+): (\w+)$/.exec(query.query) ?? [];
    const filter = field === undefined ? { match_all: {} } : { match: { [field]: value } };
    return (JSON.parse(visState).aggs as Aggregation[]).filter(({ type }) => type !== "count")
      .map(({ type, params: { field, size, percents } }) => ({
        title,
        field,
        query: {
          size: 0,
          query: filter,
          aggs: {
            a: {
              [type]: {
                field,
                ...size && { size },
                ...percents && { percents },
                ...type === "date_histogram" && { fixed_interval: "1m" },
              },
            },
          },
        },
      }));
  });
}
