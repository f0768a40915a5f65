/** Pipelines as notebooks that look at their results. */

import { mermaidText, type Pipeline, type PipelineGraph } from "../../pipeline/mod.ts";
import { type NotebookDocument } from "../../notebook_files/mod.ts";
import { code, notebookOf, prose } from "../new_notebook.ts";

/**
 * A notebook that draws the graph of a pipeline and reads what each of its steps has
 * made in the last run.
 *
 * @param cells How the notebook imports what cells use.
 */
export function pipelineNotebook(
  { name, description }: Pipeline,
  graph: PipelineGraph,
  cells: string,
): NotebookDocument {
  const steps = graph.nodes.map(({ name: step, kind, inputs, options }) => {
    const takes = Object.values(inputs).filter((source) => !graph.resources.has(source));
    const from = takes.length === 0 ? "Takes no inputs." : `Takes ${takes.join(", ")}.`;
    const each = kind === "each" ? " Runs once for each item; a record of the results." : "";
    const text = options.description === undefined ? "" : `${options.description}. `;
    const variable = `${step.replaceAll(/[^A-Za-z0-9_]+/g, "_")}Result`;
    return [
      prose(`## ${step}\n\n${text}${from}${each}`),
      code(
        `const ${variable} = await artifact(${JSON.stringify(name)}, ${JSON.stringify(step)});\n` +
          variable,
      ),
    ];
  });
  return notebookOf([
    prose(
      `# ${name}\n\n${description}.\n\nReads what the steps of the pipeline have made in the ` +
        `last run; \`deno task pipeline ${name}\` makes it.\n\n` +
        `\`\`\`mermaid\n${mermaidText(graph)}\`\`\``,
    ),
    code(`import { artifact } from ${JSON.stringify(cells)};`),
    ...steps.flat(),
  ]);
}
