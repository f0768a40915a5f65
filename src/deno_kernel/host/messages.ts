/** What passes from the process of the cells to the kernel. */

/** What the host tells the kernel. */
export interface HostMessage {
  /** Type of a message of Jupyter, or `cell_end`, `input_request`, `variables_request`. */
  readonly type: string;
  /** What it says, by its type. */
  readonly content: unknown;
  /** A file with the content instead, if that is big; to be removed by its reader. */
  readonly file?: string;
  /** Metadata of a message of Jupyter. */
  readonly metadata?: unknown;
  /** Bytes beside it, as base64. */
  readonly buffers?: readonly string[];
  /** Which execution it belongs to. */
  readonly cell: number;
}

/** An error as the kernel shows it. */
export interface HostError {
  /** Name of the error. */
  readonly ename: string;
  /** What it says. */
  readonly evalue: string;
  /** Its lines; those in a cell name it as `In[3]:2:1` does. */
  readonly traceback: readonly string[];
}
