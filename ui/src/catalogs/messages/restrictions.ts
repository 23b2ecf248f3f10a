// The arguments of the window's messages by key; null where one has none. The test of the catalogs writes this.

export interface Messages {
  'restrictions.action': null;
  'restrictions.device': null;
  'restrictions.ip': null;
  'restrictions.not_viewed': null;
  'restrictions.rule': null;
  'restrictions.server_text': null;
  'restrictions.session': null;
  'restrictions.status': null;
  'restrictions.unview': null;
  'restrictions.view': null;
  'restrictions.view_all': { count: number };
  'restrictions.viewed': null;
  'restrictions.when': null;
}
