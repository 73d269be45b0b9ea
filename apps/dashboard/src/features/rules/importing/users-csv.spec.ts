import Papa from 'papaparse';
import { expect, test } from 'vitest';
import { usersCsv } from './users-csv.js';

const joy = {
  username: 'joy',
  passwordHash: '$7$101$c2FsdA==$AA==',
  disabled: false,
  clientId: null,
  labels: [],
  note: '',
};

test('users with a password are rows of the import of users, and no cell begins a formula', () => {
  const csv = usersCsv([
    { ...joy, labels: ['pump', 'field-staff'], clientId: 'pump-7', note: '=1+1, "quoted"' },
    { ...joy, username: 'ann', passwordHash: null },
    { ...joy, username: "'=bob", disabled: true },
  ]);
  expect(Papa.parse(csv, { header: true }).data).toEqual([
    {
      ...{ username: 'joy', password_hash: joy.passwordHash, disabled: '', client_id: 'pump-7' },
      ...{ labels: 'pump field-staff', note: '\'=1+1, "quoted"' },
    },
    { username: "''=bob", password_hash: joy.passwordHash, disabled: 'true', client_id: '', labels: '', note: '' },
  ]);
});
