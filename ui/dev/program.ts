// What the program answers of itself, whatever school is shown: its settings and its versions.

import type { UpdateState } from '../src/bridge';
import type { Settings } from '../src/generated/Settings';

export class FakeProgram {
  /** Nothing can be written any more. */
  full = false;
  /** The newer version that a look finds. */
  offered: string | null = null;
  update: UpdateState = { version: '0.1.0', way: 'itself', page: null, checked_at: null, newer: null };
  settings: Settings = {
    notifications: {
      on: true,
      muted: [],
      quiet: false,
      quiet_hours: { from: '22:00', until: '08:00', days: ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] },
      hide_names: false,
      paused_until: null,
    },
    sync_seconds: 120,
    start_in_tray: false,
    language: null,
    theme: 'system',
    text_size: 'usual',
    times: 'local',
    locking: { idle_minutes: null, with_screen: false },
    look_for_updates: true,
    autostart: false,
  };

  /** The tray's menu. */
  pause(until: string | null) {
    const notifications = { ...this.settings.notifications, paused_until: until };
    this.settings = { ...this.settings, notifications };
  }

  #allButThePause(wanted: Settings): Settings {
    const { paused_until } = this.settings.notifications;
    return { ...wanted, notifications: { ...wanted.notifications, paused_until } };
  }

  answer(command: string, args: Record<string, unknown>): unknown {
    switch (command) {
      case 'language_in_force':
        return this.settings.language ?? 'en';
      case 'settings':
        return this.settings;
      case 'set_settings':
        if (this.full) throw { code: 'failed', message: 'The settings cannot be written.', hint: '' };
        this.settings = this.#allButThePause(args.settings as Settings);
        return null;
      case 'pause_notifications':
        this.pause(args.until as string | null);
        return null;
      case 'settings_problem':
        return null;
      case 'test_notification':
        return true;
      case 'update_state':
        return this.update;
      case 'update_check':
        return (this.update = { ...this.update, checked_at: '2026-03-04T10:00:00Z', newer: this.offered });
      case 'update_install':
        throw { code: 'failed', message: 'What is offered is not signed.', hint: 'Look again later.' };
      default:
        return undefined;
    }
  }
}
