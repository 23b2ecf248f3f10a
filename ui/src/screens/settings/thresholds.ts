// The numbers that say when a sign of a shared account counts.

import type { InsightSettings } from '../../generated/InsightSettings';
import type { Sign } from '../../generated/Sign';
import type { PlainKey } from '../../language.svelte';

/** Settings that are one number. */
export type Figure = Exclude<keyof InsightSettings, Sign>;

/** The least and the most that the program takes. */
export const RANGES: Record<Figure, [least: number, most: number]> = {
  flag_points: [1, 1_000],
  look_back_days: [7, 730],
  learn_logins: [0, 1_000],
  learn_days: [0, 365],
  concurrent_minutes: [1, 1_440],
  travel_km: [50, 20_000],
  travel_km_h: [100, 10_000],
  travel_hours: [1, 720],
  churn_devices: [2, 100],
  churn_days: [1, 365],
  safari_days: [1, 30],
  networks: [1, 100],
  networks_hours: [1, 168],
  country_days: [7, 730],
};

/** Those of each sign. */
export const OF_SIGN: Record<Sign, Figure[]> = {
  concurrent_use: ['concurrent_minutes'],
  impossible_travel: ['travel_km', 'travel_km_h', 'travel_hours'],
  device_churn: ['churn_devices', 'churn_days', 'safari_days'],
  many_networks: ['networks', 'networks_hours'],
  new_country: ['country_days'],
  shared_device: [],
  hosting_network: [],
};

/** Those of all signs together. */
export const GENERAL: Figure[] = ['flag_points', 'look_back_days', 'learn_logins', 'learn_days'];

/** What a sign may add at most. */
export const MOST_POINTS = 1_000;

export const NAMES: Record<Figure, PlainKey> = {
  flag_points: 'insights.set.flag_points',
  look_back_days: 'insights.set.look_back_days',
  learn_logins: 'insights.set.learn_logins',
  learn_days: 'insights.set.learn_days',
  concurrent_minutes: 'insights.set.concurrent_minutes',
  travel_km: 'insights.set.travel_km',
  travel_km_h: 'insights.set.travel_km_h',
  travel_hours: 'insights.set.travel_hours',
  churn_devices: 'insights.set.churn_devices',
  churn_days: 'insights.set.churn_days',
  safari_days: 'insights.set.safari_days',
  networks: 'insights.set.networks',
  networks_hours: 'insights.set.networks_hours',
  country_days: 'insights.set.country_days',
};
