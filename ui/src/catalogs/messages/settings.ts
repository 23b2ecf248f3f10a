// The arguments of the window's messages by key; null where one has none. The test of the catalogs writes this.

export interface Messages {
  'settings.autostart.label': null;
  'settings.autostart.says': null;
  'settings.background': null;
  'settings.hide_names.label': null;
  'settings.hide_names.says': null;
  'settings.interval.hours': { count: number };
  'settings.interval.label': null;
  'settings.interval.minutes': { count: number };
  'settings.interval.says': null;
  'settings.interval.seconds': { count: number };
  'settings.language.label': null;
  'settings.language.says': null;
  'settings.language.system': null;
  'settings.look': null;
  'settings.notifications': null;
  'settings.on.label': null;
  'settings.on.says': null;
  'settings.paused.label': null;
  'settings.paused.resume': null;
  'settings.paused.says': { until: string | number };
  'settings.quiet.label': null;
  'settings.quiet.says': null;
  'settings.quiet_hours.days': null;
  'settings.quiet_hours.from': null;
  'settings.quiet_hours.label': null;
  'settings.quiet_hours.says': null;
  'settings.quiet_hours.until': null;
  'settings.rules.label': null;
  'settings.rules.says': null;
  'settings.start_in_tray.label': null;
  'settings.start_in_tray.says': null;
  'settings.test': null;
  'settings.tested.none': null;
  'settings.tested.shown': null;
  'settings.theme.dark': null;
  'settings.theme.label': null;
  'settings.theme.light': null;
  'settings.theme.says': null;
  'settings.theme.system': null;
  'settings.times.label': null;
  'settings.times.local': null;
  'settings.times.says': null;
  'settings.title': null;
}
