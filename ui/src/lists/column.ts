// What a grid needs to know of a column.

export interface Column {
  /** Names the column to the cell's drawing. */
  key: string;
  label: string;
  /** More of it, for the hover. */
  title?: string;
  /** Says the label to a screen reader only. */
  unsaid?: boolean;
  /** A track of CSS grid: `90px`, `minmax(120px, 2fr)`. */
  width: string;
  /** Figures stand at the end. */
  end?: boolean;
  /** Names the order that a click on the header asks for. */
  sort?: string;
}
