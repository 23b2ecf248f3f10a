// What the log of the invented school suggests, its devices, and what other limits would have done.

import type { ActivityStrip } from '../src/generated/ActivityStrip';
import type { Contact } from '../src/generated/Contact';
import type { Device } from '../src/generated/Device';
import type { Doubt } from '../src/generated/Doubt';
import type { Finding } from '../src/generated/Finding';
import type { FindingRow } from '../src/generated/FindingRow';
import type { Insight } from '../src/generated/Insight';
import type { InsightDetail } from '../src/generated/InsightDetail';
import type { InsightQuery } from '../src/generated/InsightQuery';
import type { InsightSettings } from '../src/generated/InsightSettings';
import type { Lane } from '../src/generated/Lane';
import type { Page } from '../src/generated/Page';
import type { PageRequest } from '../src/generated/PageRequest';
import type { Session } from '../src/generated/Session';
import type { Sign } from '../src/generated/Sign';
import type { Verdict } from '../src/generated/Verdict';
import type { VisitedPlace } from '../src/generated/VisitedPlace';
import type { WhatIf } from '../src/generated/WhatIf';
import type { WouldFlag } from '../src/generated/WouldFlag';
import type { WouldHit } from '../src/generated/WouldHit';
import { chance } from './people';

/** What is looked through. */
export interface Seen {
  contacts: () => Contact[];
  devices: (who: Contact) => Device[];
  sessions: (who: Contact) => Session[];
  verdict: (contact: number) => Verdict | null;
}

/** Contacts that are looked at: enough for a list. */
const LOOKED_AT = 120;

const weight = (points: number, most: number) => ({ on: true, points, most });

const usual: InsightSettings = {
  flag_points: 40,
  look_back_days: 90,
  learn_logins: 10,
  learn_days: 14,
  concurrent_minutes: 5,
  concurrent_use: weight(20, 80),
  travel_km: 500,
  travel_km_h: 900,
  travel_hours: 48,
  impossible_travel: weight(20, 60),
  churn_devices: 4,
  churn_days: 30,
  safari_days: 7,
  device_churn: weight(20, 40),
  networks: 5,
  networks_hours: 24,
  many_networks: weight(10, 30),
  country_days: 90,
  new_country: weight(0, 0),
  shared_device: weight(10, 30),
  hosting_network: weight(2, 10),
};

const been = { network_kind: null, first_at: '2026-01-03T10:00:00Z', last_at: '2026-11-21T10:00:00Z' };
const places: VisitedPlace[] = [
  { country: 'UA', city: 'Kyiv', logins: 312, addresses: 9, ...been },
  { country: 'PL', city: 'Warsaw', logins: 40, addresses: 3, ...been },
];

const doubts: Record<Sign, Doubt[]> = {
  concurrent_use: [],
  impossible_travel: ['mobile_network'],
  device_churn: ['safari_cookie'],
  many_networks: ['mobile_network'],
  new_country: ['country_level'],
  shared_device: ['household'],
  hosting_network: ['vpn'],
};

function slice<T>(rows: T[], page: PageRequest): Page<T> {
  const from = Number(page.after ?? 0) + page.skip;
  const to = page.limit === 0 ? rows.length : from + page.limit;
  return {
    rows: rows.slice(from, to),
    next: to < rows.length ? String(to) : null,
    total: page.count ? rows.length : null,
  };
}

export class FakeInsights {
  settings = usual;
  /** Contacts that are still to be looked at. */
  waiting = 0;
  /** Contacts that have not logged in for two months. */
  readonly away = new Set<number>();
  /** What the strip draws in place of the contact's own; null draws those. */
  lanes: Lane[] | null = null;
  /** Where everybody logged in from. */
  readonly been = [...places];

  readonly #found = new Map<number, [Sign, FindingRow[]][]>();

  constructor(readonly seen: Seen) {}

  /** What is seen of a contact, whatever it counts. */
  #seenOf(who: Contact): [Sign, FindingRow[]][] {
    const known = this.#found.get(who.id);
    if (known) return known;
    const logins = this.seen.sessions(who).slice(0, 12);
    const at = (n: number) => logins[n]?.started_at ?? who.created_at;
    const id = (n: number) => logins[n]?.id ?? 0;
    const row = (n: number, part: Partial<FindingRow>): FindingRow => ({
      at: at(n),
      session_ids: [],
      device_ids: [],
      contact_ids: [],
      minutes: null,
      km: null,
      count: null,
      country: null,
      ...part,
    });
    const found: [Sign, FindingRow[]][] = [];
    if (chance(who.id * 41) > 0.8) {
      found.push([
        'concurrent_use',
        [0, 2, 5].map((n) => row(n, { session_ids: [id(n), id(n + 1)], minutes: 25 + n })),
      ]);
    }
    if (chance(who.id * 43) > 0.85) {
      found.push([
        'impossible_travel',
        [row(3, { session_ids: [id(4), id(3)], km: 1240, minutes: 40, country: 'PL' })],
      ]);
    }
    if (chance(who.id * 47) > 0.85) {
      const others = [who.id > 1 ? who.id - 1 : who.id + 1];
      found.push(['shared_device', [row(1, { device_ids: [who.id * 10], contact_ids: others, count: others.length })]]);
    }
    if (chance(who.id * 53) > 0.9) found.push(['new_country', [row(6, { session_ids: [id(6)], country: 'PL' })]]);
    this.#found.set(who.id, found);
    return found;
  }

  #findings(who: Contact): Finding[] {
    return this.#seenOf(who)
      .map(([sign, rows]): Finding => {
        const { on, points, most } = this.settings[sign];
        const worth = on ? Math.min(points * rows.length, most) : 0;
        const newest_at = rows[0]?.at ?? who.created_at;
        return { sign, points: worth, count: rows.length, newest_at, doubts: doubts[sign], rows };
      })
      .filter((finding) => this.settings[finding.sign].on)
      .toSorted((a, b) => b.points - a.points);
  }

  #all(): (Insight & { who: Contact })[] {
    return this.seen
      .contacts()
      .slice(0, LOOKED_AT)
      .map((who) => {
        const findings = this.#findings(who);
        const points = findings.reduce((sum, finding) => sum + finding.points, 0);
        return {
          who,
          contact_id: who.id,
          name: who.name,
          email: who.email,
          points,
          flagged: points >= this.settings.flag_points,
          findings: findings.map((finding) => ({ ...finding, rows: [] })),
          verdict: this.seen.verdict(who.id),
          computed_at: who.created_at,
        };
      })
      .filter((insight) => insight.findings.length > 0)
      .toSorted((a, b) => b.points - a.points || b.contact_id - a.contact_id);
  }

  #page(query: InsightQuery): Page<Insight> {
    const words = query.search.toLocaleLowerCase().split(/\s+/).filter(Boolean);
    const rows = this.#all()
      .filter((row) => words.every((word) => `${row.name} ${row.email}`.toLocaleLowerCase().includes(word)))
      .filter((row) => query.sign === null || row.findings.some((finding) => finding.sign === query.sign))
      .filter((row) => !query.flagged || row.flagged)
      .filter((row) => query.verdict !== 'not_harmless' || row.verdict?.verdict !== 'harmless');
    return slice(rows, query.page);
  }

  #detail(id: number): InsightDetail {
    const who = this.seen.contacts().find((contact) => contact.id === id);
    const findings = who ? this.#findings(who) : [];
    const points = findings.reduce((sum, finding) => sum + finding.points, 0);
    return {
      contact_id: id,
      points,
      flagged: points >= this.settings.flag_points,
      findings,
      logins: (who ? this.seen.sessions(who) : [])
        .slice(0, 13)
        .map(({ id, ip, country, city, network_kind, browser, os, device_type }) => ({
          ...{ id, ip, country, city, network_kind },
          ...{ browser, os, device_type },
        })),
      contacts: this.seen.contacts().map(({ id, name }) => ({ id, name })),
      not_checked: [{ sign: 'hosting_network', why: 'no_network_owner' }],
      from: who?.created_at ?? '',
    };
  }

  #flaggedWith(settings: InsightSettings): Set<number> {
    const before = this.settings;
    this.settings = settings;
    const flagged = this.#all().filter((row) => row.flagged);
    this.settings = before;
    return new Set(flagged.map((row) => row.contact_id));
  }

  #wouldFlag(settings: InsightSettings): WouldFlag {
    const then = this.#flaggedWith(settings);
    const now = this.#flaggedWith(this.settings);
    return { flagged: then.size, also_now: [...then].filter((id) => now.has(id)).length, flagged_now: now.size };
  }

  #whatIf(): WhatIf {
    const reached = new Map<number, number>();
    for (const who of this.seen.contacts()) reached.set(who.devices, (reached.get(who.devices) ?? 0) + 1);
    return {
      from: new Date(Date.now() - 30 * 864e5).toISOString(),
      limit: 5,
      reached: [...reached].toSorted(([a], [b]) => a - b).map(([number, contacts]) => ({ number, contacts })),
    };
  }

  #wouldHit(limit: number): WouldHit[] {
    return this.seen
      .contacts()
      .filter((who) => who.devices > limit)
      .map((who) => ({ contact_id: who.id, name: who.name, reached: who.devices }))
      .toSorted((a, b) => b.reached - a.reached)
      .slice(0, 1000);
  }

  /** One bar a login, as the window asks for them; devices that are one have the lane of the first. */
  #strip(id: number, from: string, until: string): ActivityStrip {
    const who = this.seen.contacts().find((contact) => contact.id === id);
    const devices = who ? this.seen.devices(who) : [];
    const firstOf = (device: number | null) => {
      const same = devices.find((row) => row.id === device)?.same_as ?? [];
      return device && Math.min(device, ...same.filter((other) => devices.some((row) => row.id === other)));
    };
    const lanes = new Map<number | null, Lane>();
    const rows = who ? this.seen.sessions(who) : [];
    const last = Date.parse(until) - (this.away.has(id) ? 60 * 864e5 : 0);
    const within = rows.filter(
      (row) => Date.parse(row.started_at) >= Date.parse(from) && Date.parse(row.started_at) < last,
    );
    for (const row of within) {
      const { browser, os, device_type } = row;
      const device_id = firstOf(row.device_id);
      const lane = lanes.get(device_id) ?? {
        ...{ device_id, browser, os, device_type },
        own_name: devices.find((device) => device.id === device_id)?.own_name ?? null,
        access: 'allowed',
        bars: [],
      };
      lanes.set(device_id, lane);
      const bar = { from: row.started_at, until: row.last_activity_at, session_id: row.id, sessions: 1 };
      lane.bars.unshift({ ...bar, denied: Number(row.outcome === 'denied') });
    }
    const second = within[1];
    return {
      from,
      until,
      lanes: this.lanes ?? [...lanes.values()],
      other_devices: 0,
      overlaps: second ? [{ from: second.started_at, until: second.last_activity_at }] : [],
      marks: second
        ? [
            {
              restriction_id: id * 100,
              at: second.started_at,
              rule: { code: 'device_limit', text: '', limit: 5, observed: 6 },
              device_id: null,
              status: 'viewed',
            },
          ]
        : [],
      cut: false,
    };
  }

  /** The answer to a command about signs; undefined where it is another's. */
  answer(command: string, args: Record<string, unknown>): unknown {
    switch (command) {
      case 'insights':
        return this.#page(args.query as InsightQuery);
      case 'insight':
        return this.#detail(args.contactId as number);
      case 'insight_status':
        return { flagged: this.#flaggedWith(this.settings).size, waiting: this.waiting };
      case 'insight_settings':
        return [this.settings, usual];
      case 'set_insight_settings':
        return (this.settings = args.settings as InsightSettings);
      case 'would_flag':
        return this.#wouldFlag(args.settings as InsightSettings);
      case 'what_if':
        return this.#whatIf();
      case 'activity_strip':
        return this.#strip(args.contactId as number, args.from as string, args.until as string);
      case 'places_visited':
        return this.been;
      case 'would_hit':
        return this.#wouldHit(args.limitTo as number);
      default:
        return undefined;
    }
  }
}
