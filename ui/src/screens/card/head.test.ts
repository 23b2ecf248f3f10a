// Who a contact is, in the head of the card over the invented school.

import { screen, waitFor, within } from '@testing-library/svelte';
import { expect, test } from 'vitest';

import { keys, open, openCard } from '../../../dev/opened';

const LONG = `${'student.with.a.long.name.'.repeat(4)}@mail.example`;

test('e-mail, phone and tags stand there whole, wrapped where they are long, and whole on hover', async () => {
  const fake = await open();
  Object.assign(fake.review.log.contacts()[6] ?? {}, {
    email: LONG,
    phone: '+380 50 1000007',
    tags: [
      { id: 1, name: 'Business English, evening group' },
      { id: 2, name: 'Курс 2' },
    ],
  });
  await openCard(7);
  await waitFor(() => expect(screen.getByTestId('card-email').textContent).toBe(LONG));
  expect(screen.getByTestId('card-email').title).toBe(LONG);
  expect(screen.getByTestId('card-phone').textContent).toBe('+380 50 1000007');
  expect(screen.getByTestId('card-phone').title).toBe('+380 50 1000007');
  const tags = screen.getByTestId('card-tags');
  expect(tags.title).toBe('Business English, evening group, Курс 2');
  expect(within(tags).getByText('Business English, evening group').title).toBe('Business English, evening group');
  // What is on one line is cut off there.
  for (const what of ['card-email', 'card-phone', 'card-tags'])
    expect(screen.getByTestId(what).closest('.clip')).toBeNull();
});

test('who has a name of which nothing is seen is called by the e-mail address, in the list and everywhere from there', async () => {
  const fake = await open();
  const who = fake.review.log.contacts()[6];
  Object.assign(who ?? {}, { name: '\u200b\u202e \u2060', email: 'seen@mail.example' });
  const name = 'seen@mail.example';
  await openCard(7);
  await waitFor(() => expect(screen.getByRole('heading', { level: 1 }).textContent).toBe(name));
  expect(screen.getByRole('region', { name })).toBeTruthy();
  await keys.keyboard('n');
  const dialog = await screen.findByTestId('verdict-dialog');
  await waitFor(() => expect(within(dialog).getByRole('heading').textContent).toContain(name));
});
