import type { ImportFormat, ImportRemark } from '@perch/policy';
import { formatCount, formatCounted as counted } from '../../../shared/ui/format.js';
import { rulesTexts } from '../texts.js';

/** The words of the import of rules. */
export const importTexts = {
  ...rulesTexts.importing,
  text: 'Paste the file, drop it here, or choose it.',
  textarea: 'The file',
  exampleLine: 'allow  username  joy  3  /test,hello/world',
  choose: 'Choose a file',
  format: 'Format',
  formats: {
    'acl.conf': 'acl.conf',
    'mosquitto-acl': 'Mosquitto acl_file',
    'mosquitto-dynsec': 'dynamic-security.json',
  } satisfies Record<ImportFormat, string>,
  digits: 'The digits 1 and 2 mean',
  digitKinds: { 'pub-sub': '1 = publish, 2 = subscribe', 'sub-pub': '1 = subscribe, 2 = publish' },
  reading: 'The file is read…',
  errors: (count: number) => counted(count, 'problem in the file', 'problems in the file'),
  document: 'The document',
  remarks: (count: number) => counted(count, 'thing to know before', 'things to know before'),
  kinds: {
    differs: 'Differs',
    'left-out': 'Left out',
    kept: 'Means the same',
  } satisfies Record<ImportRemark['kind'], string>,
  example: 'For example:',
  client: (clientId: string, username: string | null) =>
    username === null ? `client ${clientId} without a user name` : `client ${clientId} of user ${username}`,
  actions: { publish: 'publishes to', subscribe: 'subscribes to' },
  there: 'There:',
  here: 'Here:',
  places: (places: readonly string[], more: number) => `${places.join(', ')}${more > 0 ? ` and ${more} more` : ''}`,
  preview: (count: number) => counted(count, 'rule', 'rules'),
  showMore: (count: number) => `Show ${count} more`,
  nothing: 'There is no rule in this text.',
  users: (count: number) => counted(count, 'user in the file', 'users in the file'),
  usersExplain:
    'Only rules are put into the draft. Import the users on the Users page, or everything at once with the REST API: POST /policy/import with "users": "import".',
  withoutPassword: (count: number) =>
    count === 1
      ? '1 of them has no password and is not in the CSV: create it on the Users page.'
      : `${formatCount(count)} of them have no password and are not in the CSV: create them on the Users page.`,
  download: (count: number) => `Download CSV of ${counted(count, 'user', 'users')}`,
  hashes: 'It holds password hashes: keep it to yourself, and delete it afterwards.',
  usersPage: 'Users page (in a new tab)',
  mode: 'Put them',
  modes: { replace: 'In place of all', prepend: 'At the top', append: 'At the bottom' },
  settings: 'Take over what the file implies',
  settingKinds: {
    noMatch: { deny: 'everything else is denied', allow: 'everything else is allowed' },
    wildcardOverlap: {
      exclude: 'a deny is cut out of wider subscriptions',
      reject: 'a deny refuses wider subscriptions',
    },
  },
  settingsChange: (changes: readonly string[]) =>
    `${changes.join(', ')}. The draft says otherwise, and the rules mean what stands above only so.`,
  tooMany: (count: number, most: number) =>
    `These would be ${formatCount(count)} rules: at most ${formatCount(most)} can be saved`,
  fewer:
    'Leave some out of the file. One rule with the placeholder %c or %u often stands for a rule of every client or user, and one of a label for those of a group.',
  apply: 'Put into the draft',
  done: (count: number) =>
    `${counted(count, 'imported rule is', 'imported rules are')} in the draft. Nothing is live before you save.`,
};
