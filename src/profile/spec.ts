/** What the columns of events stand for, declared once for training and serving. */

/** Events of entities, as the transactions of users; all but the first three columns may be left out. */
export interface ProfileSpec {
  /** Column that names whose event it is. */
  readonly entity: string;
  /** Column of its moment, ISO 8601, UTC unless it says otherwise. */
  readonly time: string;
  /** Column of its amount. */
  readonly amount: string;
  /** The only currency that amounts are in, and the column that tells it. */
  readonly currency?: { readonly column: string; readonly is: string };
  /** Column of what it was for. */
  readonly category?: string;
  /** Column of whom it was with. */
  readonly merchant?: string;
  /** Columns of where it was, in degrees. */
  readonly place?: { readonly latitude: string; readonly longitude: string };
}

/** One event as it is read. */
export interface ProfileEvent {
  /** Whose it is. */
  readonly entity: string;
  /** Milliseconds since 1970. */
  readonly time: number;
  /** Its amount. */
  readonly amount: number;
  /** What it was for, "" if that is not told. */
  readonly category: string;
  /** Whom it was with, "" if that is not told. */
  readonly merchant: string;
  /** Degrees north, NaN if that is not told. */
  readonly latitude: number;
  /** Degrees east, NaN if that is not told. */
  readonly longitude: number;
}

/** What is wrong with a column of an event. */
export interface EventFault {
  /** The column. */
  readonly column: string;
  /** What was found and what is wanted. */
  readonly fault: string;
}
