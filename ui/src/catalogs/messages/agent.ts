// The arguments of the window's messages by key; null where one has none. The test of the catalogs writes this.

export interface Messages {
  'agent.type.bot': null;
  'agent.type.desktop': null;
  'agent.type.mobile': null;
  'agent.type.tablet': null;
  'agent.type.unknown': null;
  'agent.unknown': null;
}
