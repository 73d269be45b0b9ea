import { expect, test } from 'vitest';
import { readCsv } from '../users/user-csv.js';
import { csvOf } from './imported-users.js';

test.each(["'=joe", '=joe', "''=joe", '-joe', "'joe", '@joe,"x"'])(
  'a user named %j goes through the import of users under that name, and begins no formula',
  (username) => {
    const user = { username, passwordHash: '$7$101$c2FsdA==$aGFzaA==', disabled: false, clientId: null, labels: [] };
    const content = csvOf([{ ...user, note: '+49 30' }]);
    expect(content).not.toMatch(/(^|[\r\n,])"?[=+\-@]/);
    const { rows } = readCsv(content);
    expect(rows).toMatchObject([{ cells: { username, note: '+49 30', password_hash: user.passwordHash } }]);
  },
);
