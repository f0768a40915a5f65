/** How the script of an execution is called, and what it begins with. It imports nothing: the process of the cells reads it too. */

/** What a translated cell begins with, on its first line. */
export function cellPrefix(cell: number): string {
  return `"use strict";__dinoflow.begin(${cell});await __dinoflow.turn();`;
}

/** The name of the code of an execution in stacks. */
export function cellName(cell: number): string {
  return `In[${cell}]`;
}
