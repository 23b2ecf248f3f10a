// What the person decides or notes, and the way back: each is recorded by the program before this says so, and can be undone
// for six seconds and as long as it is said; what has not left by then, until it leaves.

import { bridge, problemOf, type DecisionKind, type DecisionValue, type Excuse } from '../bridge';
import type { CheckException } from '../generated/CheckException';
import type { Problem } from '../generated/Problem';
import type { ProblemCode } from '../generated/ProblemCode';
import { t } from '../language.svelte';
import { UNDO_MS } from '../words/decision';
import { school } from './school.svelte';

/** One thing that is decided on, with the value that the person saw. */
export interface Target {
  id: number;
  from: DecisionValue;
}

/** What is said at the window's foot for a while. */
export interface Toast {
  /** Grows: two toasts with the same words are two. */
  id: number;
  text: string;
  /** More of it, in a second line. */
  detail: string;
  undo: boolean;
  /** A failure stays until it is dismissed. */
  problem: Problem | null;
}

/** A decision that can be taken back. */
interface Done {
  /** When it was made, milliseconds since 1970. */
  at: number;
  kind: DecisionKind;
  value: DecisionValue;
  targets: Target[];
  /** Whether it took back one that had not left, instead of being recorded itself. */
  tookBack: boolean;
  /** As said when it was done. */
  words: string;
  /** What was noted of an exception that the decision ended; comes back with it. */
  exception: CheckException | null;
}

/** Something that was noted on this computer alone, and how that is taken back. */
interface Noted {
  /** As of a decision. */
  at: number;
  /** As said when it was done. */
  words: string;
  back: () => Promise<unknown>;
}

/** What is decided on is not here (any more), or the server has dropped it: trying again changes nothing. */
const GONE: ProblemCode[] = ['not_found', 'invalid'];

/** Decisions that *Undo* remembers. */
const REMEMBERED = 50;

const DONE = {
  blocked: 'decide.done.blocked',
  allowed: 'decide.done.allowed',
  viewed: 'decide.done.viewed',
  not_viewed: 'decide.done.not_viewed',
  on: 'decide.done.on',
  off: 'decide.done.off',
} as const;

function doneWords(value: DecisionValue, what: string): string {
  return t(DONE[value], { what });
}

class Decisions {
  toast = $state.raw<Toast | null>(null);
  #done: (Done | Noted)[] = [];
  #said = 0;
  /** One thing at a time: *Undo* pressed twice takes back two decisions, never one twice. */
  #turn: Promise<unknown> = Promise.resolve();

  /**
   * Decides `value` for those of `targets` that have another one, all or none; `what` names them. Checks that are switched
   * off may have an `excuse`; an `exception` that ends comes back when that is undone. Answers whether it is recorded (or
   * held already); a failure is shown.
   */
  decide(
    kind: DecisionKind,
    targets: Target[],
    value: DecisionValue,
    what: string,
    { exception = null, excuse = null }: { exception?: CheckException | null; excuse?: Excuse | null } = {},
  ): Promise<boolean> {
    return this.#next(async () => {
      const changed = targets.filter((target) => target.from !== value);
      if (changed.length === 0) {
        this.#say(t('decide.already'));
        return;
      }
      const ids = changed.map((target) => target.id);
      const tookBack = (await bridge.decide(kind, ids, value, excuse)) === 0;
      const words = doneWords(value, what);
      const done = { at: Date.now(), kind, value, targets: changed, tookBack, words, exception };
      this.#done = [...this.#done, done].slice(-REMEMBERED);
      this.#say(words, this.#later(), true);
    });
  }

  /**
   * Notes something on this computer alone and says so in `words`; `back` takes it back. Answers whether it is noted; a
   * failure is shown.
   */
  note(words: string, work: () => Promise<unknown>, back: () => Promise<unknown>): Promise<boolean> {
    return this.#next(async () => {
      await work();
      this.#done = [...this.#done, { at: Date.now(), words, back }].slice(-REMEMBERED);
      this.#say(words, '', true);
    });
  }

  async #takeBack(noted: Noted): Promise<void> {
    try {
      await noted.back();
    } catch (thrown) {
      // What is not here any more stands in the way of no other undo.
      if (!GONE.includes(problemOf(thrown).code)) this.#done.push(noted);
      throw thrown;
    }
    this.#say(t('decide.undone', { what: noted.words }));
  }

  /** Takes the last decision back, or what was noted last: what has not left goes away, what has left gets the opposite behind it. */
  undo(): Promise<boolean> {
    return this.#next(async () => {
      const some = this.#done.length > 0;
      const last = await this.#undoable();
      if (!last) {
        this.#say(t(some ? 'decide.too_late' : 'decide.nothing'));
        return;
      }
      if ('back' in last) return this.#takeBack(last);
      let opposites = 0;
      /** Targets that are not here any more: nothing of them is left to be taken back. */
      let gone: Problem | null = null;
      let left = last.targets.length;
      try {
        for (const [value, ids] of byValue(last.targets)) {
          for (const some of await this.#here(last.kind, ids, value)) {
            if ('problem' in some) [gone, left] = [some.problem, left - 1];
            else opposites += some.recorded;
          }
        }
        const { exception } = last;
        if (exception && left > 0)
          await bridge.setCheckException(exception.contact_id, exception.reason, exception.until);
      } catch (thrown) {
        this.#done.push(last);
        throw thrown;
      }
      if (gone && left === 0) return this.fail(gone);
      const undone = opposites === 0 ? 'decide.undone' : last.tookBack ? 'decide.undone_back' : 'decide.undone_late';
      this.#say(t(undone, { what: last.words }), gone?.message ?? '');
    });
  }

  /**
   * Takes the last that can still be undone off the list, with those behind it that can't. Of what was made longer ago only
   * what has not left is undone: the opposite of a decision that somebody has acted on is a decision of its own.
   */
  async #undoable(): Promise<Done | Noted | null> {
    while (this.#done.length > 0) {
      const last = this.#done[this.#done.length - 1] as Done | Noted;
      const isSaid = this.toast?.undo === true;
      if (isSaid || Date.now() - last.at <= UNDO_MS) return this.#done.pop() as Done | Noted;
      const waits = 'back' in last ? [] : await unsentOf(last);
      this.#done.pop();
      if (!('back' in last) && waits.length > 0) return { ...last, targets: waits };
    }
    return null;
  }

  /** Decides for all of these; where one of them is not here any more, for each of the others by itself. */
  async #here(
    kind: DecisionKind,
    ids: number[],
    value: DecisionValue,
  ): Promise<({ recorded: number } | { problem: Problem })[]> {
    try {
      return [{ recorded: await bridge.decide(kind, ids, value) }];
    } catch (thrown) {
      const problem = problemOf(thrown);
      if (!GONE.includes(problem.code)) throw thrown;
      if (ids.length === 1) return [{ problem }];
      const each = [];
      for (const id of ids) each.push(...(await this.#here(kind, [id], value)));
      return each;
    }
  }

  /** Says what was done for good, or why nothing was. */
  tell(text: string): void {
    this.#say(text);
  }

  /** Shows a failure; `what` has failed, where the problem alone does not say that. */
  fail(problem: Problem, what = ''): void {
    const [text, ...rest] = [what, problem.message, problem.hint].filter(Boolean);
    this.toast = { id: ++this.#said, text: text ?? '', detail: rest.join(' '), undo: false, problem };
  }

  dismiss(): void {
    this.toast = null;
  }

  /** Something was done that can't be undone: whoever presses *Undo* means that, and not what was before it. */
  forget(): void {
    this.#done = [];
  }

  /** Another school: its decisions are others. */
  reset(): void {
    this.#done = [];
    this.toast = null;
  }

  #next(act: () => Promise<void>): Promise<boolean> {
    const turn = this.#turn.then(async () => {
      try {
        await act();
        return true;
      } catch (thrown) {
        this.fail(problemOf(thrown));
        return false;
      }
    });
    this.#turn = turn;
    return turn;
  }

  #say(text: string, detail = '', undo = false): void {
    this.toast = { id: ++this.#said, text, detail, undo, problem: null };
  }

  /** Why it does not leave at once, where that is known. */
  #later(): string {
    switch (school.sync.problem?.code) {
      case 'unreachable':
        return t('decide.offline');
      case 'token_refused':
      case 'may_not_decide':
      case 'signed_out':
        return t('decide.refused');
      default:
        return '';
    }
  }
}

/** Those targets of a decision for which it still waits here, no request having left with it. */
async function unsentOf({ kind, value, targets }: Done): Promise<Target[]> {
  const { rows } = await bridge.waiting(0, 0);
  const waits = rows.filter((entry) => entry.type === kind && entry.value === value && entry.can_cancel);
  const ids = new Set(waits.map((entry) => entry.target_id));
  return targets.filter((target) => ids.has(target.id));
}

function byValue(targets: Target[]): Map<DecisionValue, number[]> {
  const groups = new Map<DecisionValue, number[]>();
  for (const { id, from } of targets) groups.set(from, [...(groups.get(from) ?? []), id]);
  return groups;
}

export const decisions = new Decisions();
