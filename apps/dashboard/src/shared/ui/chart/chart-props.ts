/** One line of a chart. */
export interface ChartLine {
  readonly label: string;
  /** One value for each of the chart's times; null where it is not known, which is a gap and never a zero. */
  readonly values: readonly (number | null)[];
}

/** What a chart shows, and whom it tells what its reader does. */
export interface ChartProps {
  /** What the chart is about; its accessible name. */
  readonly label: string;
  /** Milliseconds since 1970, rising. */
  readonly times: readonly number[];
  /** The first eight are drawn. */
  readonly lines: readonly ChartLine[];
  /** What the whole width stands for, in milliseconds since 1970, data or not. */
  readonly span: readonly [from: number, to: number];
  readonly format: (value: number | null) => string;
  /** Values are whole numbers: so are those at the axis. */
  readonly isWhole?: boolean;
  /** CSS pixels. */
  readonly height?: number;
  /** Charts with the same key move their cursors together. */
  readonly cursorKey?: string;
  /** A part of the time was chosen by dragging, or with + and -. */
  readonly onZoom?: (fromMs: number, toMs: number) => void;
  /** The reader wants out of the zoom: a double click, or the key 0. */
  readonly onZoomOut?: () => void;
}
