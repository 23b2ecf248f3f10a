// The arguments of the window's messages by key; null where one has none. The test of the catalogs writes this.

export interface Messages {
  'foot.both': { amount: string | number; contacts: number; logins: number };
  'foot.contacts': { contacts: number };
  'foot.demo': null;
  'foot.encrypted': null;
  'foot.so_far': { what: string | number };
}
