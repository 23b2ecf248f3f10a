// What is said to one contact of the invented school, or to others of them.

import type { CaseFacts } from '../src/generated/CaseFacts';
import type { Contact } from '../src/generated/Contact';
import type { EvidenceQuery } from '../src/generated/EvidenceQuery';
import type { JudgedContact } from '../src/generated/JudgedContact';
import type { Restriction } from '../src/generated/Restriction';
import type { Verdict } from '../src/generated/Verdict';
import type { VerdictQuery } from '../src/generated/VerdictQuery';
import type { Warning } from '../src/generated/Warning';

/** What is looked through. */
interface Seen {
  contacts: () => Contact[];
  restrictions: (who: Contact) => Restriction[];
  verdicts: () => Map<number, Verdict>;
}

const ORIGINAL = 'Hello {name},\n\nyour account at {school} was used on {devices} devices.';

export class FakeCase {
  /** The owner's own texts. */
  readonly texts = new Map<string, string>();
  /** Reports that were asked for. */
  readonly reports: EvidenceQuery[] = [];
  /** How the last file was shown. */
  shown: string | null = null;

  constructor(readonly seen: Seen) {}

  #who(id: number): Contact {
    const found = this.seen.contacts().find((contact) => contact.id === id);
    if (!found) throw { code: 'not_found', message: `Contact ${id} is not here.`, hint: '' };
    return found;
  }

  #facts(id: number): CaseFacts {
    const who = this.#who(id);
    const times = this.seen.restrictions(who).map((row) => row.occurred_at);
    times.sort();
    return {
      contact_id: id,
      name: who.name,
      violations: times.length,
      first_violation_at: times[0] ?? null,
      newest_violation_at: times[times.length - 1] ?? null,
      devices: who.devices,
    };
  }

  #warning({ contactId, kind, language }: { contactId: number } & Pick<Warning, 'kind' | 'language'>): Warning {
    const own = this.texts.get(`${kind}/${language}`);
    const template = own ?? ORIGINAL;
    const { name, devices } = this.#facts(contactId);
    const words: Record<string, string> = { name, school: 'Світло Academy', devices: String(devices) };
    const unknown: string[] = [];
    const text = template.replace(/\{(\w+)\}/g, (whole, word: string) => {
      if (!(word in words)) unknown.push(word);
      return words[word] ?? whole;
    });
    return { kind, language, template, is_own: own !== undefined, text, unknown };
  }

  #due(before: string | null): JudgedContact[] {
    return [...this.seen.verdicts()]
      .filter(([, verdict]) => before === null || (verdict.follow_up_at !== null && verdict.follow_up_at < before))
      .map(([id, verdict]) => {
        const { name, email } = this.#who(id);
        return { contact_id: id, name, email, verdict };
      });
  }

  /** The answer to a command; undefined where it is another's. */
  answer(command: string, args: Record<string, unknown>): unknown {
    switch (command) {
      case 'case_facts':
        return this.#facts(args.contactId as number);
      case 'evidence': {
        const query = args.query as EvidenceQuery;
        this.reports.push(query);
        const { violations } = this.#facts(query.contact_id);
        const file = `/home/olena/Documents/${String(args.name)}`;
        return { report: `${file}.html`, table: `${file}.csv`, logins: 12, restrictions: violations };
      }
      case 'show_written':
        this.shown = args.way as string;
        return null;
      case 'warning':
        return this.#warning(args as { contactId: number } & Pick<Warning, 'kind' | 'language'>);
      case 'set_warning': {
        const { kind, language, template } = args as unknown as Warning;
        if (template.trim() === '') this.texts.delete(`${kind}/${language}`);
        else this.texts.set(`${kind}/${language}`, template);
        return null;
      }
      case 'verdicts':
        return { rows: this.#due((args.query as VerdictQuery).due_before), next: null, total: null };
      default:
        return undefined;
    }
  }
}
