// The arguments of the window's messages by key; null where one has none. The test of the catalogs writes this.

export interface Messages {
  'decide.already': null;
  'decide.device': { device: string | number; id: string | number };
  'decide.devices': { count: number };
  'decide.dismiss': null;
  'decide.done.allowed': { what: string | number };
  'decide.done.blocked': { what: string | number };
  'decide.done.not_viewed': { what: string | number };
  'decide.done.off': { what: string | number };
  'decide.done.on': { what: string | number };
  'decide.done.viewed': { what: string | number };
  'decide.label': null;
  'decide.nothing': null;
  'decide.offline': null;
  'decide.refused': null;
  'decide.restrictions': { count: number };
  'decide.restrictions_of': { count: number; who: string | number };
  'decide.restrictions_of_some': { count: number; people: number };
  'decide.too_late': null;
  'decide.undo': null;
  'decide.undone': { what: string | number };
  'decide.undone_back': { what: string | number };
  'decide.undone_late': { what: string | number };
}
