import { expect, test } from 'vitest';

import { agentWords, countryName, kindWords, networkWords, placeWords, whereWords } from './place';

const place = (country: string | null, city: string | null = null, network_kind: string | null = null) => ({
  country,
  city,
  network_kind,
});

test.each([
  [place('UA', 'Kyiv'), 'Kyiv, Ukraine'],
  [place('UA'), 'Ukraine'],
  [place(null), 'unknown'],
  [place(null, null, 'private'), 'private network'],
  [place(null, null, 'orbital'), 'orbital'],
  [place('not a code'), 'not a code'],
])('%o is told in words', (value, words) => {
  expect(placeWords(value)).toBe(words);
});

test('a place names whose network it is where that is known', () => {
  expect(whereWords(place('UA', 'Kyiv'))).toBe('Kyiv, Ukraine');
  expect(whereWords({ ...place('UA'), network: 'Kyivstar PJSC' })).toBe('Ukraine · Kyivstar PJSC');
});

test('countries that are none stay as they came', () => {
  expect(countryName('PL')).toBe('Poland');
  expect(countryName('<b>')).toBe('<b>');
  expect(countryName('')).toBe('');
});

test('a browser is named as far as it is known', () => {
  const unknown = { browser: null, os: null, device_type: 'unknown' };
  expect(agentWords({ browser: 'Chrome 131', os: 'Windows 10', device_type: 'desktop' })).toBe(
    'Chrome 131 · Windows 10',
  );
  expect(agentWords({ ...unknown, os: 'iOS 18' })).toBe('iOS 18');
  expect(agentWords(unknown, 'curl/8')).toBe('curl/8');
  expect(agentWords(unknown)).toBe('Unknown browser');
  expect(kindWords({ ...unknown, device_type: 'mobile' })).toBe('phone');
  expect(kindWords({ ...unknown, device_type: 'fridge' })).toBe('fridge');
  expect(networkWords(place('UA'))).toBe('public');
});
