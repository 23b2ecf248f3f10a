// The review of the whole invented school: every login, every violation, what the owner noted and the views they keep.

import type { BarSpan } from '../src/generated/BarSpan';
import type { Contact } from '../src/generated/Contact';
import type { Login } from '../src/generated/Login';
import type { LoginQuery } from '../src/generated/LoginQuery';
import type { LoginSummary } from '../src/generated/LoginSummary';
import type { Page } from '../src/generated/Page';
import type { PageRequest } from '../src/generated/PageRequest';
import type { Restriction } from '../src/generated/Restriction';
import type { SavedView } from '../src/generated/SavedView';
import type { Session } from '../src/generated/Session';
import type { Verdict } from '../src/generated/Verdict';
import type { View } from '../src/generated/View';
import type { Violation } from '../src/generated/Violation';
import type { ViolationGroup } from '../src/generated/ViolationGroup';
import type { ViolationQuery } from '../src/generated/ViolationQuery';
import { everyViolation } from '../src/state/violations.svelte';
import { cut } from './bars';

/** What the review is made from. */
export interface Log {
  contacts: () => Contact[];
  checks: (who: Contact) => boolean;
  sessions: (who: Contact) => Session[];
  restrictions: (who: Contact) => Restriction[];
}

/** Students whose log is looked through: enough for thousands of rows. */
const LOOKED_AT = 30;

const badAddress = {
  code: 'invalid',
  message: '“999.1.1.1” is no IP address and no range of addresses.',
  hint: 'Write an address (91.198.36.14) or a range (91.198.36.0/24).',
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

/** As the program has it: a family, or a family with its version. */
const family = (has: string | null, wanted: string | null) =>
  wanted === null || has === wanted || (has ?? '').startsWith(`${wanted} `);
const within = (at: string, from: string | null, until: string | null) =>
  (from === null || Date.parse(at) >= Date.parse(from)) && (until === null || Date.parse(at) < Date.parse(until));
const fromCountry = (country: string | null, wanted: string | null) =>
  wanted === null || (wanted === '-' ? country === null : country === wanted);

export class FakeReview {
  readonly verdicts = new Map<number, Verdict>();
  views: SavedView[] = [];
  /** Logins that are looked at one by one where something narrows them; older ones are not counted. */
  looksAt = Infinity;
  #logins: Login[] | null = null;

  constructor(readonly log: Log) {}

  #all(): Login[] {
    this.#logins ??= this.log
      .contacts()
      .slice(0, LOOKED_AT)
      .flatMap((who) => this.log.sessions(who).map((row) => ({ ...row, contact_name: who.name })))
      .toSorted((a, b) => Date.parse(b.started_at) - Date.parse(a.started_at) || b.id - a.id);
    return this.#logins;
  }

  #found(query: LoginQuery): Login[] {
    if (query.address.startsWith('999')) throw badAddress;
    const words = query.search.toLocaleLowerCase().split(/\s+/).filter(Boolean);
    const prefix = query.address.endsWith('.0/24') ? query.address.slice(0, -4) : null;
    return this.#all().filter(
      (row) =>
        words.every((word) =>
          `${row.contact_name} ${row.ip} ${row.browser} ${row.os} ${row.city}`.toLocaleLowerCase().includes(word),
        ) &&
        (query.contact_id === null || row.contact_id === query.contact_id) &&
        (query.address === '' || (prefix ? row.ip.startsWith(prefix) : row.ip === query.address)) &&
        fromCountry(row.country, query.country) &&
        (query.network_kind === null || row.network_kind === query.network_kind) &&
        (query.device_type === null || row.device_type === query.device_type) &&
        family(row.browser, query.browser) &&
        family(row.os, query.os) &&
        (query.outcome === null || row.outcome === query.outcome) &&
        (!query.running || row.ended_at === null) &&
        within(row.started_at, query.from, query.until),
    );
  }

  #summary(query: LoginQuery): LoginSummary {
    const all = this.#found(query);
    const first = all[all.length - 1];
    const last = all[0];
    const rows = query.os === null ? all : all.slice(0, this.looksAt);
    const from = query.from ?? first?.started_at ?? null;
    const until = query.until ?? (last ? new Date(Date.parse(last.started_at) + 1).toISOString() : null);
    const width = from && until ? Date.parse(until) - Date.parse(from) : 0;
    const span: BarSpan = width <= 72e7 ? 'hour' : width <= 200 * 864e5 ? 'day' : 'week';
    const bars = from && until ? cut(span, Date.parse(from), Date.parse(until)) : [];
    const counts = bars.map(() => 0);
    const countries = new Map<string | null, number>();
    for (const row of rows) {
      const place = bars.findIndex(({ end }) => Date.parse(row.started_at) < end);
      counts[place] = (counts[place] ?? 0) + 1;
      countries.set(row.country, (countries.get(row.country) ?? 0) + 1);
    }
    return {
      total: rows.length,
      span,
      bars: bars.map(({ at, end }, place) => ({
        at: new Date(at).toISOString(),
        end: new Date(end).toISOString(),
        logins: counts[place] ?? 0,
      })),
      countries: [...countries]
        .map(([country, logins]) => ({ country, logins }))
        .toSorted((a, b) => b.logins - a.logins),
      from,
      until,
      counted_from: rows.length < all.length ? (rows[rows.length - 1]?.started_at ?? null) : null,
      counting: false,
    };
  }

  #violations(query: ViolationQuery): Violation[] {
    const words = query.search.toLocaleLowerCase().split(/\s+/).filter(Boolean);
    return this.log
      .contacts()
      .slice(0, LOOKED_AT)
      .filter((who) => query.contact_id === null || who.id === query.contact_id)
      .filter((who) => this.#isJudged(who.id, query.verdict))
      .flatMap((who) => this.log.restrictions(who).map((row) => ({ ...row, contact_name: who.name })))
      .filter(
        (row) =>
          words.every((word) => `${row.contact_name} ${row.ip}`.toLocaleLowerCase().includes(word)) &&
          (query.rule === null || row.rule.code === query.rule) &&
          fromCountry(row.country, query.country) &&
          (query.status === null || row.status === query.status) &&
          within(row.occurred_at, query.from, query.until),
      )
      .toSorted(
        (a, b) =>
          Number(b.status === 'not_viewed') - Number(a.status === 'not_viewed') ||
          Date.parse(b.occurred_at) - Date.parse(a.occurred_at) ||
          b.id - a.id,
      );
  }

  #isJudged(contact: number, wanted: ViolationQuery['verdict']): boolean {
    const verdict = this.verdicts.get(contact)?.verdict;
    switch (wanted) {
      case null:
        return true;
      case 'any':
        return verdict !== undefined;
      case 'none':
        return verdict === undefined;
      case 'not_harmless':
        return verdict !== 'harmless';
      default:
        return verdict === wanted;
    }
  }

  #groups(query: ViolationQuery): ViolationGroup[] {
    const groups = new Map<number, ViolationGroup>();
    for (const row of this.#violations(query)) {
      const who = this.log.contacts().find((contact) => contact.id === row.contact_id);
      const group = groups.get(row.contact_id) ?? {
        contact_id: row.contact_id,
        name: row.contact_name,
        email: who?.email ?? '',
        restrictions: 0,
        unviewed: 0,
        newest_at: row.occurred_at,
        rules: [],
        checks_enabled: who === undefined || this.log.checks(who),
        pending: who?.pending ?? false,
        conflict: who?.conflict ?? false,
        rejected: who?.rejected ?? false,
        verdict: this.verdicts.get(row.contact_id) ?? null,
      };
      groups.set(row.contact_id, group);
      group.restrictions += 1;
      group.unviewed += Number(row.status === 'not_viewed');
      if (row.occurred_at > group.newest_at) group.newest_at = row.occurred_at;
      const counted = group.rules.find((rule) => rule.code === row.rule.code);
      if (counted) counted.restrictions += 1;
      else group.rules.push({ code: row.rule.code, restrictions: 1 });
    }
    return [...groups.values()].toSorted(
      (a, b) => Number(b.unviewed > 0) - Number(a.unviewed > 0) || Date.parse(b.newest_at) - Date.parse(a.newest_at),
    );
  }

  #exported({ view, format, name }: { view: View; format: string; name: string }) {
    if (name === '') throw badAddress;
    const rows =
      view.list === 'violations'
        ? this.#violations(view.query)
        : view.list === 'logins'
          ? this.#found(view.query)
          : this.log.contacts();
    return { path: `/home/olena/Documents/${name}.${format}`, rows: rows.length };
  }

  /** The answer to a command of the review; undefined where it is another's. */
  answer(command: string, args: Record<string, unknown>): unknown {
    switch (command) {
      case 'logins':
        return slice(this.#found(args.query as LoginQuery), (args.query as LoginQuery).page);
      case 'login_summary':
        return this.#summary(args.query as LoginQuery);
      case 'violations':
        return slice(this.#violations(args.query as ViolationQuery), (args.query as ViolationQuery).page);
      case 'violation_groups':
        return slice(this.#groups(args.query as ViolationQuery), (args.query as ViolationQuery).page);
      case 'violation_choices': {
        const all = this.#violations({ ...everyViolation, page: { after: null, skip: 0, limit: 0, count: false } });
        const of = <T>(values: T[]) => [...new Set(values)];
        return { rules: of(all.map((row) => row.rule.code)).toSorted(), countries: of(all.map((row) => row.country)) };
      }
      case 'set_verdict': {
        const { contactId, verdict, note, followUpAt } = args as {
          contactId: number;
          verdict: Verdict['verdict'];
          note: string;
          followUpAt: string | null;
        };
        const noted = { verdict, note, follow_up_at: followUpAt, decided_at: new Date().toISOString() };
        this.verdicts.set(contactId, noted);
        return noted;
      }
      case 'clear_verdict':
        this.verdicts.delete(args.contactId as number);
        return null;
      case 'saved_views':
        return this.views;
      case 'save_view': {
        const saved = args.saved as SavedView;
        this.views = [...this.views.filter((view) => !same(view, saved)), saved];
        return null;
      }
      case 'drop_view': {
        const before = this.views.length;
        this.views = this.views.filter((view) => !same(view, args.saved as SavedView));
        return this.views.length < before;
      }
      case 'export_view':
        return this.#exported(args as { view: View; format: string; name: string });
      default:
        return undefined;
    }
  }
}

const same = (one: SavedView, other: SavedView) => one.name === other.name && one.view.list === other.view.list;
