// The arguments of the window's messages by key; null where one has none. The test of the catalogs writes this.

export interface Messages {
  'export_view.begin': null;
  'export_view.csv': null;
  'export_view.done': { rows: number };
  'export_view.format': null;
  'export_view.json': null;
  'export_view.lead': null;
  'export_view.open': null;
  'export_view.rows': { rows: number };
  'export_view.title': null;
  'export_view.writing': null;
  'export_view.xlsx': null;
}
