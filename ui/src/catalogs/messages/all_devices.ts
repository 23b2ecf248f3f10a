// The arguments of the window's messages by key; null where one has none. The test of the catalogs writes this.

export interface Messages {
  'all_devices.and_more': null;
  'all_devices.give_name': null;
  'all_devices.join': null;
  'all_devices.join_title': null;
  'all_devices.joined': { count: number };
  'all_devices.name.confirm': null;
  'all_devices.name.label': null;
  'all_devices.name.lead': null;
  'all_devices.name.title': { id: string | number };
  'all_devices.named': { id: string | number; name: string | number };
  'all_devices.none': null;
  'all_devices.none_hint': null;
  'all_devices.only_blocked': null;
  'all_devices.only_shared': null;
  'all_devices.own_name': null;
  'all_devices.part': null;
  'all_devices.parted': { id: string | number };
  'all_devices.rename': null;
  'all_devices.same': { ids: string | number };
  'all_devices.same_as': { ids: string | number };
  'all_devices.search': null;
  'all_devices.show_all': null;
  'all_devices.tidy': null;
  'all_devices.tidy_all': null;
  'all_devices.tidy_note': { count: number };
  'all_devices.unnamed': { id: string | number };
  'all_devices.unused': null;
  'all_devices.unused_days': { count: number };
  'all_devices.used_or_not': null;
}
