// The arguments of the window's messages by key; null where one has none. The test of the catalogs writes this.

export interface Messages {
  'rule.action.login_denied': null;
  'rule.action.reported': null;
  'rule.action.session_ended': null;
  'rule.concurrent_sessions.both': { limit: number; observed: number };
  'rule.concurrent_sessions.over': { limit: number };
  'rule.concurrent_sessions.plain': null;
  'rule.device_blocked': null;
  'rule.device_limit.both': { limit: number; observed: number };
  'rule.device_limit.over': { limit: number };
  'rule.device_limit.plain': null;
  'rule.ip_blocked': null;
  'rule.ip_not_listed': null;
}
