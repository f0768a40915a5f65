/** Files of a graph that are addresses, as paths of their copies here. */

import type { FileNode, PipelineGraph } from "../define/graph.ts";

/** The graph with a local path for each file; what is not here yet is fetched. */
export async function withLocalFiles(
  graph: PipelineGraph,
  signal?: AbortSignal,
): Promise<PipelineGraph> {
  const remote = [...graph.files.values()].filter(({ path }) => /^(s3|https?):\/\//i.test(path));
  if (remote.length === 0) return graph;
  const { fetchedFile } = await import("./remote_file.ts");
  const files = new Map<string, FileNode>(graph.files);
  for (const { kind, name, path } of remote) {
    files.set(name, { kind, name, path: await fetchedFile(path, { ...signal && { signal } }) });
  }
  return { ...graph, files };
}
