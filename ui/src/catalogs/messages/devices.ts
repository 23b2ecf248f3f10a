// The arguments of the window's messages by key; null where one has none. The test of the catalogs writes this.

export interface Messages {
  'devices.access': null;
  'devices.allow': null;
  'devices.allowed': null;
  'devices.block': null;
  'devices.block_these': null;
  'devices.blocked': null;
  'devices.change': null;
  'devices.device': null;
  'devices.fingerprint': null;
  'devices.first': null;
  'devices.ips': null;
  'devices.last': null;
  'devices.last_ip': null;
  'devices.logins': null;
  'devices.nobody': null;
  'devices.others': { count: number };
  'devices.place': null;
  'devices.shared': null;
  'devices.show_logins': null;
  'devices.type': null;
}
