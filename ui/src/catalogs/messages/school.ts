// The arguments of the window's messages by key; null where one has none. The test of the catalogs writes this.

export interface Messages {
  'school.access': null;
  'school.addresses': null;
  'school.allow_listed': null;
  'school.at_most': { count: number };
  'school.block_listed': null;
  'school.devices': null;
  'school.end_oldest': null;
  'school.lead': null;
  'school.log': null;
  'school.log_no': null;
  'school.log_yes': null;
  'school.minutes': { count: number };
  'school.none': null;
  'school.off': null;
  'school.policy': null;
  'school.profile': null;
  'school.ranges': { count: number };
  'school.refuse_new': null;
  'school.server': null;
  'school.sessions': null;
  'school.sessions_any': null;
  'school.timeout': null;
  'school.title': null;
  'school.unknown': null;
}
