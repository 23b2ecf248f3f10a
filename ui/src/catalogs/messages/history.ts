// The arguments of the window's messages by key; null where one has none. The test of the catalogs writes this.

export interface Messages {
  'history.activity': null;
  'history.agent': null;
  'history.allowed': null;
  'history.browser': null;
  'history.denied': null;
  'history.device': null;
  'history.end.denied': null;
  'history.end.device_blocked': null;
  'history.end.expired': null;
  'history.end.logout': null;
  'history.end.replaced': null;
  'history.ended': null;
  'history.id': null;
  'history.ip': null;
  'history.lasted': null;
  'history.no_agent': null;
  'history.only_here': null;
  'history.only_here_title': null;
  'history.outcome': null;
  'history.place': null;
  'history.running': null;
  'history.started': null;
}
