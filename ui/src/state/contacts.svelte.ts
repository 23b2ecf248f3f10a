// The contact list: its question, its rows, and what is selected, kept while the person looks at a card.

import { bridge } from '../bridge';
import type { Contact } from '../generated/Contact';
import type { ContactQuery } from '../generated/ContactQuery';
import type { ContactSort } from '../generated/ContactSort';
import type { Page } from '../generated/Page';
import { FIRST_PAGE, PagedList } from '../lists/paged.svelte';

/** What narrows the list; the page is the list's own affair. */
export type Question = Omit<ContactQuery, 'page'>;

/** The chips above the list. */
export type Filter = 'unviewed' | 'checks_off' | 'blocked_device';

/** Keys that are pressed faster than this are one question. */
const TYPING_MS = 120;

const everything: Question = {
  search: '',
  unviewed: false,
  checks_off: false,
  blocked_device: false,
  sort: 'last_activity',
  ascending: false,
};

/** What the list asks when a school was opened. */
export const firstContacts: ContactQuery = { ...everything, page: FIRST_PAGE };

/** Texts read best from A, numbers and times from the top. */
const risesFirst: readonly ContactSort[] = ['name', 'email', 'checks'];

class Contacts {
  question = $state<Question>({ ...everything });
  /** What stands in the search field; the question follows it. */
  typed = $state('');
  selected = $state<number | null>(null);
  /** Pixels from the top, restored when the person comes back. */
  scrollTop = 0;
  list = $state.raw(new PagedList<Contact>());
  #typing: ReturnType<typeof setTimeout> | null = null;
  /** Which opening of a school these are of. */
  #opening = 0;

  /** Whether anything narrows the list. */
  get narrowed(): boolean {
    const { search, unviewed, checks_off, blocked_device } = this.question;
    return search !== '' || unviewed || checks_off || blocked_device;
  }

  /** Begins anew where another school was opened since; `opening` counts those. Its first rows may be here already. */
  follow(opening: number, first: Page<Contact> | null): void {
    if (opening === this.#opening) return;
    this.#opening = opening;
    if (this.#typing) clearTimeout(this.#typing);
    this.question = { ...everything };
    this.typed = '';
    this.selected = null;
    this.scrollTop = 0;
    this.list = new PagedList<Contact>();
    this.#ask(first);
  }

  type(text: string): void {
    this.typed = text;
    if (this.#typing) clearTimeout(this.#typing);
    this.#typing = setTimeout(() => {
      const search = text.trim();
      if (search !== this.question.search) this.#change({ search });
    }, TYPING_MS);
  }

  toggle(filter: Filter): void {
    this.#change({ [filter]: !this.question[filter] });
  }

  sortBy(sort: ContactSort): void {
    const same = sort === this.question.sort;
    this.#change({ sort, ascending: same ? !this.question.ascending : risesFirst.includes(sort) });
  }

  showAll(): void {
    const { sort, ascending } = this.question;
    if (this.#typing) clearTimeout(this.#typing);
    this.typed = '';
    this.#change({ ...everything, sort, ascending });
  }

  #change(part: Partial<Question>): void {
    this.question = { ...this.question, ...part };
    this.#ask();
  }

  #ask(first: Page<Contact> | null = null): void {
    const question = { ...this.question };
    void this.list.ask((page) => bridge.contacts({ ...question, page }), first);
  }
}

export const contacts = new Contacts();
