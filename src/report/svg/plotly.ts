/** What the static drawing reads of plotly's traces and layouts. */

import type { Figure } from "../figure.ts";

/** A place on an axis: a number, or the name of a category. */
export type AxisValue = string | number | null;

/** A colour for all marks, or one (as text or a number on a scale) for each. */
export type MarkColour = string | ArrayLike<string | number>;

/** A trace; each kind reads its own fields. */
export interface Trace {
  readonly type?: string;
  readonly name?: string;
  readonly mode?: string;
  readonly orientation?: "h" | "v";
  readonly x?: ArrayLike<AxisValue>;
  readonly y?: ArrayLike<AxisValue>;
  readonly z?: ArrayLike<ArrayLike<number | null>>;
  readonly text?: string | ArrayLike<unknown>;
  readonly texttemplate?: string;
  readonly base?: ArrayLike<number>;
  readonly width?: number;
  readonly opacity?: number;
  readonly fill?: string;
  readonly fillcolor?: string;
  readonly marker?: {
    readonly color?: MarkColour;
    readonly size?: number | ArrayLike<number>;
    readonly opacity?: number;
    readonly coloraxis?: string;
  };
  readonly line?: {
    readonly color?: string;
    readonly dash?: string;
    readonly shape?: string;
    readonly width?: number;
  };
  readonly error_x?: { readonly array?: ArrayLike<number> };
  readonly error_y?: { readonly array?: ArrayLike<number> };
  readonly xaxis?: string;
  readonly yaxis?: string;
  readonly showlegend?: boolean;
  readonly colorscale?: ColourScale;
  readonly coloraxis?: string;
  readonly showscale?: boolean;
  readonly zmin?: number;
  readonly zmax?: number;
  readonly colorbar?: ColourBar;
  readonly q1?: ArrayLike<number>;
  readonly median?: ArrayLike<number>;
  readonly q3?: ArrayLike<number>;
  readonly lowerfence?: ArrayLike<number>;
  readonly upperfence?: ArrayLike<number>;
}

/** Colours at shares of a range, rising from 0 to 1. */
export type ColourScale = readonly (readonly [share: number, colour: string])[];

/** The key of a colour scale. */
export interface ColourBar {
  readonly title?: { readonly text?: string };
  readonly tickformat?: string;
  readonly tickvals?: readonly number[];
  readonly ticktext?: readonly string[];
}

/** A shared colour scale. */
export interface ColourAxis {
  readonly cmin?: number;
  readonly cmax?: number;
  readonly colorscale?: ColourScale;
  readonly colorbar?: ColourBar;
}

/** An axis as a layout declares it. */
export interface AxisLayout {
  readonly title?: { readonly text?: string };
  readonly type?: string;
  readonly range?: readonly [number, number];
  readonly rangemode?: string;
  readonly autorange?: boolean | "reversed";
  readonly domain?: readonly [number, number];
  readonly anchor?: string;
  readonly tickvals?: readonly (string | number)[];
  readonly ticktext?: readonly string[];
  readonly tickformat?: string;
  readonly showticklabels?: boolean;
  readonly nticks?: number;
  readonly dtick?: number;
  readonly visible?: boolean;
}

/** A line or rectangle over the figure. */
export interface Shape {
  readonly type?: string;
  readonly x0: number | string;
  readonly x1: number | string;
  readonly y0: number | string;
  readonly y1: number | string;
  readonly xref?: string;
  readonly yref?: string;
  readonly fillcolor?: string;
  readonly opacity?: number;
  readonly line?: { readonly color?: string; readonly dash?: string; readonly width?: number };
}

/** Words on the figure. */
export interface Annotation {
  readonly text: string;
  readonly x: number | string;
  readonly y: number | string;
  readonly xref?: string;
  readonly yref?: string;
  readonly xanchor?: string;
  readonly yanchor?: string;
  readonly xshift?: number;
  readonly yshift?: number;
}

/** What is read of a layout beside its axes. */
export interface Layout {
  readonly title?: { readonly text?: string };
  readonly height?: number;
  readonly barmode?: string;
  readonly bargap?: number;
  readonly showlegend?: boolean;
  readonly colorway?: readonly string[];
  readonly coloraxis?: ColourAxis;
  readonly shapes?: readonly Shape[];
  readonly annotations?: readonly Annotation[];
}

/** The traces of a figure. */
export function tracesOf({ data }: Figure): readonly Trace[] {
  return data as readonly Trace[];
}

/** The axis `x`, `y`, `x2` … of a layout. */
export function axisLayout({ layout }: Figure, id: string): AxisLayout {
  return (layout[`${id[0]}axis${id.slice(1)}`] ?? {}) as AxisLayout;
}
