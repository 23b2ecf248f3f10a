// Invented people and what they did, the same at every start.

import type { Contact } from '../src/generated/Contact';
import type { Device } from '../src/generated/Device';
import type { Restriction } from '../src/generated/Restriction';
import type { Session } from '../src/generated/Session';

const first = [
  'Олена',
  'James',
  'Марія',
  'Андрей',
  'Sofia',
  'Іван',
  'Katarzyna',
  'Дмитро',
  'Anna',
  'Ольга',
  'Peter',
  'Наталія',
  'Lucas',
  'Тетяна',
  'Emily',
  'Юлія',
  'Сергей',
];
const last = [
  'Коваленко',
  'Whitfield',
  'Шевченко',
  'Соколов',
  'Lindqvist',
  'Бондаренко',
  'Nowak',
  'Ткачук',
  'Müller',
  'Мельник',
  'O’Connor',
  'Гриценко',
  'Moreau',
  'Савчук',
  'Carter',
  'Кравець',
  'Орлов',
];
const tagNames = ['Курс 1', 'VIP', 'Марафон', 'Курс 2', 'Весна 2026', 'Business English, evening group'];
const agents = [
  ['Chrome 131', 'Windows 10', 'desktop'],
  ['Safari 18', 'iOS 18', 'mobile'],
  ['Chrome 130', 'Android 14', 'mobile'],
  ['Firefox 132', 'Ubuntu', 'desktop'],
  ['Safari 17', 'Mac OS X 10.15', 'desktop'],
  [null, null, 'unknown'],
] as const;
const places = [
  ['UA', 'Kyiv', '93.74.11.'],
  ['PL', 'Warsaw', '185.21.4.'],
  ['UA', 'Lviv', '178.95.3.'],
  ['GB', null, '45.12.220.'],
  ['DE', 'Berlin', '2001:db8:85a3:8d3:1319:8a2e:370:7'],
] as const;

/** Nothing waits. */
const settled = { pending: false, conflict: false, rejected: false };

/** A number from 0 to 1 that looks like chance and depends on nothing but `n`. */
export function chance(n: number): number {
  let x = Math.imul(n ^ 0x9e3779b9, 0x85ebca6b);
  x = Math.imul(x ^ (x >>> 13), 0xc2b2ae35);
  return ((x ^ (x >>> 16)) >>> 0) / 2 ** 32;
}

const pick = <T>(from: readonly T[], n: number): T => from[Math.floor(chance(n) * from.length)] as T;
const iso = (ms: number) => new Date(ms).toISOString();

export function contact(id: number, now: number): Contact {
  const names = [pick(first, id * 7), pick(last, id * 11)] as const;
  const tags = tagNames.filter((_, at) => chance(id * 31 + at) > 0.78).map((name, at) => ({ id: at + 1, name }));
  const unviewed = chance(id * 5) > 0.9 ? 1 + Math.floor(chance(id * 3) * 4) : 0;
  const devices = 1 + Math.floor(chance(id * 13) ** 2 * 7);
  return {
    id,
    name: names.join(' '),
    email: `student${id}@mail.example`,
    first_name: names[0],
    last_name: names[1],
    phone: chance(id) > 0.6 ? `+380 50 ${String(1000000 + id)}` : null,
    created_at: iso(now - chance(id * 17) * 700 * 864e5),
    tags,
    last_activity_at: chance(id * 19) > 0.97 ? null : iso(now - 1000 - (id * 200_000 + chance(id * 23) * 4e6)),
    checks_enabled: chance(id * 29) > 0.05,
    checks_changed: null,
    rev: id,
    unviewed,
    devices,
    blocked_devices: chance(id * 37) > 0.93 ? 1 : 0,
    ...settled,
  };
}

function where(n: number) {
  const [country, city, prefix] = pick(places, n);
  if (chance(n * 3) > 0.96) return { country: null, city: null, network_kind: 'private', ip: `192.168.1.${n % 250}` };
  return { country, city, network_kind: null, ip: `${prefix}${n % 250}` };
}

function agent(n: number) {
  const [browser, os, device_type] = pick(agents, n);
  return { browser, os, device_type };
}

export function devicesOf(who: Contact, now: number): Device[] {
  return Array.from({ length: who.devices }, (_, at): Device => {
    const id = who.id * 10 + at;
    const { ip, ...place } = where(id);
    const blocked = at === 1 && who.blocked_devices > 0;
    return {
      id,
      contact_id: who.id,
      fingerprint: `${id.toString(16).padStart(8, '0')}c0ffee`,
      user_agent:
        'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36',
      first_seen_at: iso(now - (20 + chance(id) * 400) * 864e5),
      last_seen_at: iso(now - chance(id * 2) * 20 * 864e5 * at - 660_000),
      access: blocked ? 'blocked' : 'allowed',
      access_changed: blocked ? { at: iso(now - 40 * 864e5), by: 'Олена' } : null,
      rev: id,
      sessions: Math.floor(chance(id * 7) * 300) + 1,
      ips: Math.floor(chance(id * 9) * 12) + 1,
      last_ip: ip,
      also_used_by: chance(id * 41) > 0.7 ? Math.floor(chance(id) * 3) + 1 : 0,
      own_name: null,
      same_as: [],
      ...settled,
      ...agent(id),
      ...place,
    };
  });
}

export function sessionsOf(who: Contact, now: number): Session[] {
  const reasons = ['logout', 'expired', 'replaced', 'device_blocked'];
  const devices = devicesOf(who, now);
  return Array.from({ length: 412 }, (_, at): Session => {
    const id = who.id * 1000 + 999 - at;
    const { ip, ...place } = where(id);
    const started = now - 700_000 - at * 4.1e7 - chance(id) * 2e7 * Number(at > 0);
    const denied = chance(id * 3) > 0.96;
    const device = devices[Math.floor(chance(id * 5) ** 2 * devices.length)];
    const lasted = chance(id * 7) * 9e6;
    const running = at === 0;
    return {
      id,
      contact_id: who.id,
      device_id: denied && chance(id) > 0.5 ? null : (device?.id ?? null),
      ip,
      user_agent: device?.user_agent ?? '',
      started_at: iso(started),
      last_activity_at: iso(started + (denied ? 0 : lasted)),
      ended_at: running ? null : iso(started + (denied ? 0 : lasted)),
      end_reason: running || denied ? null : pick(reasons, id * 11),
      outcome: denied ? 'denied' : 'allowed',
      rev: id,
      only_here: at > 400,
      own_name: null,
      browser: device?.browser ?? null,
      os: device?.os ?? null,
      device_type: device?.device_type ?? 'unknown',
      ...place,
    };
  });
}

export function restrictionsOf(who: Contact, now: number): Restriction[] {
  const rules: Restriction['rule'][] = [
    { code: 'concurrent_sessions', text: 'Too many sessions', limit: 2, observed: 3 },
    { code: 'device_limit', text: 'Too many devices', limit: 5, observed: 6 },
    { code: 'ip_blocked', text: 'Blocked', limit: null, observed: null },
    { code: 'device_blocked', text: 'Blocked', limit: null, observed: null },
    { code: 'moon_phase', text: 'Logins are not allowed at full moon', limit: null, observed: null },
  ];
  const sessions = sessionsOf(who, now);
  return Array.from({ length: who.unviewed + 6 }, (_, at): Restriction => {
    const session = sessions[at * 9 + 1];
    const viewed = at >= who.unviewed;
    return {
      id: who.id * 100 + 99 - at,
      contact_id: who.id,
      session_id: session?.id ?? null,
      device_id: session?.device_id ?? null,
      occurred_at: session?.started_at ?? iso(now),
      rule: pick(rules, who.id * 100 + at),
      ip: session?.ip ?? null,
      action: pick(['login_denied', 'session_ended', 'reported'], at + who.id),
      status: viewed ? 'viewed' : 'not_viewed',
      status_changed: viewed ? { at: iso(now - 864e5), by: 'Олена' } : null,
      rev: at,
      only_here: at === who.unviewed + 5,
      own_name: null,
      browser: session?.browser ?? null,
      os: session?.os ?? null,
      device_type: session?.device_type ?? 'unknown',
      country: session?.country ?? null,
      city: session?.city ?? null,
      network_kind: session?.network_kind ?? null,
      ...settled,
    };
  });
}
