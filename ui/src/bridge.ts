// The one place that speaks to the program: a function for each command, a subscription for each event.

import { invoke } from '@tauri-apps/api/core';
import { listen } from '@tauri-apps/api/event';

import type { AccessLimit } from './generated/AccessLimit';
import type { ActivityStrip } from './generated/ActivityStrip';
import type { BlockEffect } from './generated/BlockEffect';
import type { CaseFacts } from './generated/CaseFacts';
import type { CheckException } from './generated/CheckException';
import type { Contact } from './generated/Contact';
import type { ContactCard } from './generated/ContactCard';
import type { ContactQuery } from './generated/ContactQuery';
import type { Device } from './generated/Device';
import type { DeviceQuery } from './generated/DeviceQuery';
import type { FoundEverywhere } from './generated/FoundEverywhere';
import type { EvidenceFiles } from './generated/EvidenceFiles';
import type { EvidenceQuery } from './generated/EvidenceQuery';
import type { Insight } from './generated/Insight';
import type { InsightDetail } from './generated/InsightDetail';
import type { InsightQuery } from './generated/InsightQuery';
import type { InsightSettings } from './generated/InsightSettings';
import type { InsightStatus } from './generated/InsightStatus';
import type { JudgedContact } from './generated/JudgedContact';
import type { Language } from './generated/Language';
import type { Login } from './generated/Login';
import type { LoginQuery } from './generated/LoginQuery';
import type { LoginSummary } from './generated/LoginSummary';
import type { LocationDatabases } from './generated/LocationDatabases';
import type { LogQuery } from './generated/LogQuery';
import type { Opened } from './generated/Opened';
import type { OtherUsers } from './generated/OtherUsers';
import type { Page } from './generated/Page';
import type { Placing } from './generated/Placing';
import type { Problem } from './generated/Problem';
import type { Resolution } from './generated/Resolution';
import type { Restriction } from './generated/Restriction';
import type { SavedView } from './generated/SavedView';
import type { SchoolDevice } from './generated/SchoolDevice';
import type { Session } from './generated/Session';
import type { Settings } from './generated/Settings';
import type { Status } from './generated/Status';
import type { SyncState } from './generated/SyncState';
import type { UnreadableRow } from './generated/UnreadableRow';
import type { Verdict } from './generated/Verdict';
import type { VerdictQuery } from './generated/VerdictQuery';
import type { View } from './generated/View';
import type { Violation } from './generated/Violation';
import type { ViolationChoices } from './generated/ViolationChoices';
import type { ViolationGroup } from './generated/ViolationGroup';
import type { ViolationQuery } from './generated/ViolationQuery';
import type { VisitedPlace } from './generated/VisitedPlace';
import type { Waiting } from './generated/Waiting';
import type { Warning } from './generated/Warning';
import type { WarningKind } from './generated/WarningKind';
import type { WhatIf } from './generated/WhatIf';
import type { WouldFlag } from './generated/WouldFlag';
import type { WouldHit } from './generated/WouldHit';
import { languageOfSystem, t } from './language.svelte';

/** What the window needs to know before it shows anything. */
export interface Overview {
  schools: SchoolLine[];
  /** The school that is shown, open or not, which `problem` is about; null where there is none. */
  shown: string | null;
  /** The open school; null at first start, or where `problem` says why it could not be opened. */
  current: Status | null;
  sync: SyncState;
  /** Whether the open school is the demo school inside the program. */
  demo: boolean;
  problem: Problem | null;
  /** The program's version, `0.1.0`. */
  version: string;
  /** Whether a picture of the window is being taken: no blinking caret, no motion. */
  screenshot: boolean;
  /** Whether the program hears of the screen's lock on this system. */
  hears_screen: boolean;
  /** Where the window shall lead; said once. */
  place: CalledPlace | null;
  /** The contacts that were asked for with it; null where they are not to be seen first, or could not be read. */
  contacts: Page<Contact> | null;
}

/** A school that is here already, of the cabinet that is typed. */
export interface KnownSchool {
  title: string;
  server: string;
  /** Whether at the address that is typed, too: connected again, it gets another token. */
  same: boolean;
}

/** A school in the switcher. */
export interface SchoolLine {
  id: string;
  /** What the school calls itself. */
  title: string;
  demo: boolean;
  standing: 'open' | 'locked' | 'closed';
  /** Whether a passphrase opens it. */
  passphrase: boolean;
  /** Whether there is one for the day when the keyring fails. */
  recovery: boolean;
  /** The server's address. */
  server: string;
  /** Violations that nobody has viewed; 0 while it is not open. */
  unviewed: number;
  /** Decisions that the server has not confirmed; 0 while it is not open. */
  unsent: number;
  /** Why it is not open, or wants the person. */
  problem: Problem | null;
}

/** What *Connect a school* sends. */
export interface ConnectRequest {
  server: string;
  cabinet: string;
  token: string;
  /** The profile's name; null takes the school's. */
  name: string | null;
  /** Null keeps the key in the computer's keyring. */
  passphrase: string | null;
}

/** The school's settings; every field but `rev` may be absent. */
export interface AccessControl {
  ip_mode?: string | null;
  ip_ranges?: string[];
  max_concurrent_sessions?: number | null;
  concurrent_policy?: string | null;
  max_devices?: number | null;
  session_timeout_minutes?: number | null;
  rev: number;
}

/** Where a notification or the tray's menu leads. */
export type CalledPlace =
  | { screen: 'violations' }
  | { screen: 'restriction'; contact: number; restriction: number }
  | { screen: 'contact'; contact: number }
  | { screen: 'follow_ups' }
  | { screen: 'sync' };

/** What the program knows of newer versions of itself. */
export interface UpdateState {
  /** This one, `0.1.0`. */
  version: string;
  /** How the next one comes: the program installs it, the person fetches it from a page, or whoever brought this one. */
  way: 'itself' | 'page' | 'elsewhere';
  /** Where the person fetches it, where that is the way. */
  page: string | null;
  /** When it was looked for, since the program started. */
  checked_at: string | null;
  /** The newer version that was found. */
  newer: string | null;
}

/** What can be decided. */
export type DecisionKind = 'device_access' | 'restriction_status' | 'contact_checks';

/** How it can be decided; two fit each kind. */
export type DecisionValue = 'allowed' | 'blocked' | 'not_viewed' | 'viewed' | 'on' | 'off';

/** Whatever was thrown, as a problem that can be shown. */
export function problemOf(thrown: unknown): Problem {
  if (typeof thrown === 'object' && thrown !== null && 'code' in thrown && 'message' in thrown) {
    const { code, message, hint } = thrown as Problem;
    return { code, message: String(message), hint: typeof hint === 'string' ? hint : '' };
  }
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  return { code: 'failed', message, hint: t('window.try_again') };
}

async function call<T>(command: string, args?: Record<string, unknown>): Promise<T> {
  try {
    return await invoke<T>(command, args);
  } catch (thrown) {
    throw problemOf(thrown);
  }
}

/** The school on the screen. What is decided there goes to it, or nowhere. */
let here: string | null = null;

/** From now on this school is on the screen. */
export function shows(id: string | null): void {
  here = id;
}

/** Asks about the school on the screen. Where the tray has shown another one meanwhile, the answer is about this one all the same. */
function ask<T>(command: string, args?: Record<string, unknown>): Promise<T> {
  return call(command, { school: here ?? '', ...args });
}

/** The program's commands. Every one rejects with a `Problem`. */
/** Why checks are switched off, and until when. */
export interface Excuse {
  reason: string;
  until: string | null;
}

export const bridge = {
  overview: (first: ContactQuery | null = null) => call<Overview>('overview', { first }),
  connectSchool: (request: ConnectRequest) => call<null>('connect_school', { request }),
  /** Gives a school another token, once its server takes it; everything else stays as it is. */
  renewToken: (id: string, token: string) => call<null>('renew_token', { id, token }),
  checkServer: (server: string, cabinet: string) =>
    call<{ ok: true; server: string; known: KnownSchool | null }>('check_server', { server, cabinet }),
  openDemo: () => call<null>('open_demo'),
  /** Opens a school, where it is not open yet, and shows it. */
  openSchool: (id: string, passphrase: string | null) => call<null>('open_school', { id, passphrase }),
  /** Every school, in the switcher's order. */
  schools: () => call<SchoolLine[]>('schools'),
  unlock: (id: string, passphrase: string | null) => call<null>('unlock', { id, passphrase }),
  /** Answers when the keys are gone. */
  lock: () => call<null>('lock'),
  /** The person does something. */
  inUse: () => call<null>('in_use'),
  /** Chooses the passphrase, or with null takes the recovery passphrase away. */
  setPassphrase: (id: string, untilNow: string | null, wanted: string | null) =>
    call<null>('set_passphrase', { id, untilNow, wanted }),
  signOut: (id: string) => call<null>('sign_out', { id }),
  /** Answers what the keyring has kept, if anything. */
  eraseSchool: (id: string, agreed: number) => call<Problem | null>('erase_school', { id, agreed }),
  status: () => ask<Status>('status'),
  syncState: () => ask<SyncState>('sync_state'),
  syncNow: () => ask<null>('sync_now'),
  contacts: (query: ContactQuery) => ask<Page<Contact>>('contacts', { query }),
  contact: (id: number) => ask<ContactCard>('contact', { id }),
  sessions: (query: LogQuery) => ask<Page<Session>>('sessions', { query }),
  /** How many of a contact's logins stand before this one, newest first; null where there is none such. */
  sessionPosition: (contactId: number, id: number) => ask<number | null>('session_position', { contactId, id }),
  devices: (query: LogQuery) => ask<Page<Device>>('devices', { query }),
  restrictions: (query: LogQuery) => ask<Page<Restriction>>('restrictions', { query }),
  /** Every login of the school, newest first. `count` is not answered: `loginSummary` says it. */
  logins: (query: LoginQuery) => ask<Page<Login>>('logins', { query }),
  loginSummary: (query: LoginQuery) => ask<LoginSummary>('login_summary', { query }),
  /** Every violation of the school, those that nobody has viewed first. */
  violations: (query: ViolationQuery) => ask<Page<Violation>>('violations', { query }),
  /** The contacts that have such violations. */
  violationGroups: (query: ViolationQuery) => ask<Page<ViolationGroup>>('violation_groups', { query }),
  /** Rules and countries that some violations have. */
  violationChoices: () => ask<ViolationChoices>('violation_choices'),
  /** Notes what the owner thinks of a contact; kept on this computer alone. */
  setVerdict: (contactId: number, verdict: Verdict['verdict'], note: string, followUpAt: string | null) =>
    call<Verdict>('set_verdict', { school: here, contactId, verdict, note, followUpAt }),
  /** The contacts that something was noted of; those due before a time first due first. */
  verdicts: (query: VerdictQuery) => ask<Page<JudgedContact>>('verdicts', { query }),
  clearVerdict: (contactId: number) => call<null>('clear_verdict', { school: here, contactId }),
  /** The views that the owner keeps, of every list. */
  savedViews: () => ask<SavedView[]>('saved_views'),
  /** Keeps a view, in place of the one of the same name in the same list. */
  saveView: (saved: SavedView) => call<null>('save_view', { school: here, saved }),
  dropView: (saved: SavedView) => call<boolean>('drop_view', { school: here, saved }),
  /** Asks where to and writes every row of a view there; null where the person cancels. */
  exportView: (view: View, format: 'csv' | 'json' | 'xlsx', name: string) =>
    call<{ path: string; rows: number } | null>('export_view', { school: here, view, format, name }),
  /** Ends the export that is going on; no half file is left. */
  stopExport: () => call<null>('stop_export'),
  /** Shows the file that was written last, in its program or in its folder. */
  showWritten: (way: 'file' | 'folder') => call<null>('show_written', { way }),
  /** What the log says of a contact in short. */
  caseFacts: (contactId: number) => ask<CaseFacts>('case_facts', { contactId }),
  /** Asks where to and writes a report on a contact there, and the table of its logins beside it; null where the person cancels. */
  evidence: (query: EvidenceQuery, language: Language, name: string) =>
    call<EvidenceFiles | null>('evidence', { school: here, query, language, name }),
  /** A text to a contact, with the contact's facts in their places. */
  warning: (contactId: number, kind: WarningKind, language: Language) =>
    ask<Warning>('warning', { contactId, kind, language }),
  /** Keeps a text for everybody; an empty one brings the original back. */
  setWarning: (kind: WarningKind, language: Language, template: string) =>
    call<null>('set_warning', { school: here, kind, language, template }),
  /** Contacts that something was found of, most points first: hints, never proof. */
  insights: (query: InsightQuery) => ask<Page<Insight>>('insights', { query }),
  insight: (contactId: number) => ask<InsightDetail>('insight', { contactId }),
  insightStatus: () => ask<InsightStatus>('insight_status'),
  /** Thresholds and weights in force, and those that a school begins with. */
  insightSettings: () => ask<[now: InsightSettings, usual: InsightSettings]>('insight_settings'),
  /** Answers what is in force then: numbers out of range are brought within. */
  setInsightSettings: (settings: InsightSettings) =>
    call<InsightSettings>('set_insight_settings', { school: here, settings }),
  /** How many contacts other settings would flag; nothing is saved. Takes some seconds in a large school. */
  wouldFlag: (settings: InsightSettings) => ask<WouldFlag>('would_flag', { settings }),
  /** What other limits of the school would have done in the last 30 days. */
  whatIf: (limit: AccessLimit) => ask<WhatIf>('what_if', { limit }),
  /** Whom a limit would have hit, at most 1,000 of them. */
  wouldHit: (limit: AccessLimit, limitTo: number) => ask<WouldHit[]>('would_hit', { limit, limitTo }),
  schoolDevices: (query: DeviceQuery) => ask<Page<SchoolDevice>>('school_devices', { query }),
  /** Gives a device the owner's own name, on this computer alone; an empty one takes it back. */
  nameDevice: (id: number, name: string) => call<null>('name_device', { school: here, id, name }),
  /** Says that these devices are one, on this computer alone. */
  joinDevices: (ids: number[]) => call<null>('join_devices', { school: here, ids }),
  partDevice: (id: number) => call<boolean>('part_device', { school: here, id }),
  regroupDevices: (groups: number[][]) => call<null>('regroup_devices', { school: here, groups }),
  /** Who else than its contact has a device. */
  othersWith: (deviceId: number) => ask<OtherUsers>('others_with', { deviceId }),
  /** Who else than this contact logged in from an address. */
  othersAt: (address: string, contactId: number) => ask<OtherUsers>('others_at', { address, contactId }),
  /** When a contact was at work, by device; at most two years. */
  activityStrip: (contactId: number, from: string, until: string) =>
    ask<ActivityStrip>('activity_strip', { contactId, from, until }),
  /** Where a contact logged in from, most logins first. */
  placesVisited: (contactId: number) => ask<VisitedPlace[]>('places_visited', { contactId }),
  /** Months that logins stay here after the server has dropped them. */
  keptMonths: () => ask<number>('kept_months'),
  keepMonths: (months: number) => call<number>('keep_months', { school: here, months }),
  /** Erases one student on this computer; the server is told nothing. */
  eraseContact: (id: number) => call<number>('erase_contact', { school: here, id }),
  /** What a text finds in the whole school; of no text, what was opened last. Null where a later question came first. */
  findEverywhere: (text: string) => ask<FoundEverywhere | null>('find_everywhere', { text }),
  /** Remembers what was opened, on this computer alone. */
  noteOpened: (opened: Opened) => call<null>('note_opened', { school: here, opened }),
  locationDatabases: () => call<LocationDatabases>('location_databases'),
  /** Lets the person choose a file; null where they cancel. */
  chooseLocationDatabase: (title: string) => call<LocationDatabases | null>('choose_location_database', { title }),
  /** Goes back to the database that comes with the program. */
  forgetLocationDatabases: () => call<LocationDatabases>('forget_location_databases'),
  /** How far the addresses of the school are placed. */
  placing: () => ask<Placing>('placing'),
  accessControl: () => ask<AccessControl | null>('access_control'),
  /** Records a decision for all of `ids`, or for none. Answers how many entries were made: none for what holds already, or where an unsent opposite went away. */
  decide: (kind: DecisionKind, ids: number[], value: DecisionValue, excuse: Excuse | null = null) =>
    call<number>('decide', { school: here, kind, ids, value, excuse }),
  blockEffects: (ids: number[]) => ask<BlockEffect[]>('block_effects', { ids }),
  /** The restrictions nobody has viewed: of one contact, or of all. */
  unviewedRestrictions: (contactId: number | null) => ask<number[]>('unviewed_restrictions', { contactId }),
  setCheckException: (contactId: number, reason: string, until: string | null) =>
    call<null>('set_check_exception', { school: here, contactId, reason, until }),
  checkExceptions: () => ask<CheckException[]>('check_exceptions'),
  checkException: (contactId: number) => ask<CheckException | null>('check_exception', { contactId }),
  /** What has not been confirmed: conflicts, then refused ones, then the rest. `limit` 0 is all. */
  waiting: (skip: number, limit: number) => ask<Page<Waiting>>('waiting', { skip, limit }),
  /** Settles all of `ids`, or none. */
  resolve: (ids: string[], how: Resolution) => call<null>('resolve', { school: here, ids, how }),
  unreadable: () => ask<UnreadableRow[]>('unreadable'),
  settings: () => call<Settings>('settings'),
  /** The language that the program speaks: the person's choice, or the system's. */
  languageInForce: () => call<Language>('language_in_force').catch(() => languageOfSystem()),
  /** Why other settings are in force than the person's; said once. */
  settingsProblem: () => call<Problem | null>('settings_problem'),
  /** All but the pause of notifications. */
  setSettings: (settings: Settings) => call<null>('set_settings', { settings }),
  /** Pauses notifications; null ends the pause. */
  pauseNotifications: (until: string | null) => call<null>('pause_notifications', { until }),
  /** Says whether the desktop took it. */
  testNotification: () => call<boolean>('test_notification'),
  /** What is known of newer versions; nobody is asked. */
  updateState: () => call<UpdateState>('update_state'),
  updateCheck: () => call<UpdateState>('update_check'),
  /** Installs the version that was found; the program starts anew where that succeeds. */
  updateInstall: () => call<null>('update_install'),
  /** Where the window shall lead; answered once. */
  placeWanted: () => call<CalledPlace | null>('place_wanted'),
  /** Ends the program; what is unsent is kept. */
  quit: () => call<null>('quit'),
  painted: (screen: string) => call<null>('painted', { screen }),
};

/** Hears what the exchange with the server is doing. */
export function onSync(heard: (state: SyncState) => void): Promise<() => void> {
  return listen<SyncState>('sync', (event) => heard(event.payload));
}

/** Hears that rows here have changed: what is on the screen should be asked for again. */
export function onChanged(heard: (status: Status) => void): Promise<() => void> {
  return listen<Status>('changed', (event) => heard(event.payload));
}

/** Hears what the daily look for a newer version has found. */
export function onUpdate(heard: (state: UpdateState) => void): Promise<() => void> {
  return listen<UpdateState>('update', (event) => heard(event.payload));
}

/** Hears how many rows of an export are written. */
export function onExport(heard: (rows: number) => void): Promise<() => void> {
  return listen<number>('export', (event) => heard(event.payload));
}

/** Hears that the window shall lead somewhere: `placeWanted` says where. */
export function onGo(heard: () => void): Promise<() => void> {
  return listen('go', () => heard());
}

/** Hears that the list of schools has changed, or what stands in it. */
export function onSchools(heard: () => void): Promise<() => void> {
  return listen('schools', () => heard());
}

/** Hears that the tray's menu has changed what is set. */
export function onSettings(heard: () => void): Promise<() => void> {
  return listen('settings', () => heard());
}

/** Hears that another school is shown, or that the one which is shown has opened. */
export function onSwitched(heard: () => void): Promise<() => void> {
  return listen('switched', () => heard());
}

/** Hears that the desktop has become dark, or light. */
export function onDark(heard: (dark: boolean) => void): Promise<() => void> {
  return listen<boolean>('dark', (event) => heard(event.payload));
}

/** Hears that everything is locked. */
export function onLocked(heard: () => void): Promise<() => void> {
  return listen('locked', () => heard());
}
