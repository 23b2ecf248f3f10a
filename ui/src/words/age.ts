// How old the data is and what the exchange is doing, as one sentence for the header.

import type { Status } from '../generated/Status';
import type { SyncState } from '../generated/SyncState';
import { t } from '../language.svelte';
import { hasRows } from '../state/school.svelte';
import { ago, clockOrMoment, exact } from './time';

/** `good`: fresh; `busy`: a sync is under way; `warn`: old because offline or limited; `bad`: wants the person. */
export type Tone = 'good' | 'busy' | 'warn' | 'bad';

/** What the header says. */
export interface DataAge {
  tone: Tone;
  text: string;
  /** More of it, for the hover. */
  title: string;
  /** Share that is read, 0 to 1, where the server's estimate allows one. */
  progress: number | null;
  /** Whether something is going on right now. */
  active: boolean;
}

/** A delta below this many entities is over before anybody has read its progress. */
const WORTH_A_PROGRESS = 500;

/** As few decisions as this are sent in one request. */
const WORTH_A_COUNT = 100;

/** Data older than a day is worth a second look even where nothing has failed. */
const STALE_MS = 24 * 60 * 60 * 1000;

function asOf(status: Status, now: number): string {
  if (status.last_sync_at) return t('sync.as_of', { moment: clockOrMoment(status.last_sync_at, now) });
  return hasRows(status) ? t('sync.unfinished') : t('sync.nothing_yet');
}

/** What is going on, where that matters more than the age; `saidAt` is when `sync` was heard. */
function activity(status: Status, sync: SyncState, saidAt: number, now: number): [string, number | null] | null {
  const phase = sync.phase;
  switch (phase.phase) {
    case 'idle':
      return null;
    case 'connecting':
      return status.last_sync_at || sync.problem ? null : [t('sync.asking'), null];
    case 'indexing':
      return [t('sync.indexing'), null];
    case 'pushing': {
      const { done, remaining } = phase;
      const all = done + remaining;
      return all < WORTH_A_COUNT ? null : [t('sync.pushing', { done, remaining }), done / all];
    }
    case 'waiting': {
      const left = Math.ceil(phase.seconds - (now - saidAt) / 1000);
      return [t('sync.waiting', { seconds: Math.max(0, left) }), null];
    }
    case 'pulling': {
      const { done, remaining } = phase;
      if (status.last_sync_at && done + (remaining ?? 0) < WORTH_A_PROGRESS) return null;
      if (remaining === null) return [t('sync.pulling', { done }), null];
      const all = done + remaining;
      return [t('sync.pulling_of', { done, remaining }), all > 0 ? done / all : null];
    }
  }
}

/** The header's sentence. `now` and `saidAt` (when `sync` was heard) are milliseconds since 1970. */
export function dataAge(status: Status, sync: SyncState, saidAt: number, now: number): DataAge {
  const active = sync.phase.phase !== 'idle';
  const lastSync = status.last_sync_at ? `${t('sync.last')}: ${exact(status.last_sync_at)}` : t('sync.never');
  const title = [sync.problem?.message, sync.problem?.hint, lastSync].filter(Boolean).join('\n');
  const say = (tone: Tone, text: string, progress: number | null = null): DataAge => {
    return { tone, text, title, progress, active };
  };

  const doing = activity(status, sync, saidAt, now);
  if (doing) return say('busy', ...doing);
  if (sync.problem) {
    const age = asOf(status, now);
    switch (sync.problem.code) {
      case 'token_refused':
        return say('bad', `${t('sync.refused')} · ${age}`);
      case 'may_not_decide':
        return say('bad', `${t('sync.may_not_decide')} · ${age}`);
      case 'signed_out':
        return say('warn', `${t('sync.signed_out')} · ${age}`);
      case 'unreachable':
        return say('warn', `${t('sync.offline')} · ${age}`);
      default:
        return say('bad', `${t('sync.failed')} · ${age}`);
    }
  }
  if (!status.last_sync_at) {
    return say('warn', active ? t('sync.asking') : t(hasRows(status) ? 'sync.unfinished_title' : 'sync.never'));
  }
  const synced = t('sync.synced', { ago: ago(status.last_sync_at, now) });
  if (!status.login_log) return say('warn', `${t('sync.no_log')} · ${lower(synced)}`);
  return say(now - Date.parse(status.last_sync_at) > STALE_MS ? 'warn' : 'good', synced);
}

function lower(sentence: string): string {
  return sentence.charAt(0).toLowerCase() + sentence.slice(1);
}
