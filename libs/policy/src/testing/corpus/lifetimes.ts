import type { CorpusGroup } from './corpus-group.js';

/** Rules that are off, over, only counted or not valid; and those that a client brings along. */
export const lifetimes: readonly CorpusGroup[] = [
  {
    name: 'a rule applies before its end, not at it',
    rules: [
      'deny everyone pub a [until 2030-01-01T00:00:00Z]',
      'deny everyone pub b [until 2030-01-01T00:00:00.001Z]',
      'deny everyone pub c [until 2030-01-01T01:00:00+01:00]',
      'deny everyone pub d [until 2030-01-01T00:00:00-01:00]',
      'allow everyone pub #',
    ],
    cases: [
      ['dev-1', 'pub a', 'allow 5'],
      ['dev-1', 'pub b', 'deny 2'],
      ['dev-1', 'pub c', 'allow 5'],
      ['dev-1', 'pub d', 'deny 4'],
    ],
  },
  {
    name: 'rules that are off or in shadow mode decide nothing',
    rules: [
      'deny everyone pubsub # [off]',
      'deny everyone pubsub # [shadow]',
      'allow everyone pubsub a',
      'allow everyone pubsub b [shadow]',
    ],
    cases: [
      ['dev-1', 'pub a', 'allow 3'],
      ['dev-1', 'sub a', 'allow 3'],
      ['dev-1', 'pub b', 'deny default'],
    ],
  },
  {
    name: 'a rule that is not valid applies to nothing, not even with what is right in it',
    rules: [
      'allow everyone pubsub a/#/b, good/1',
      'allow everyone pubsub a#, good/2',
      { subject: 'ipaddr', value: '10.0.0.256', topics: ['good/3'] },
      { subject: 'clientid', value: '', topics: ['good/4'] },
      { topics: [] },
      { validUntil: 'tomorrow', topics: ['good/6'] },
      { subject: 'label', value: '', topics: ['good/7'] },
      { subject: 'ipaddr', value: '', topics: ['good/8'] },
      { access: 'all' as 'pub', topics: ['good/9'] },
    ],
    cases: [
      ['dev-1', 'pub good/1', 'deny default'],
      ['dev-1', 'pub a/x/b', 'deny default'],
      ['dev-1', 'pub good/2', 'deny default'],
      ['dev-1', 'pub a', 'deny default'],
      ['dev-1 ip=10.0.0.256', 'pub good/3', 'deny default'],
      [{ clientId: '' }, 'pub good/4', 'deny default'],
      ['dev-1', 'pub anything', 'deny default'],
      ['dev-1', 'pub good/6', 'deny default'],
      [{ labels: [''] }, 'pub good/7', 'deny default'],
      ['dev-1', 'pub good/8', 'deny default'],
      ['dev-1', 'pub good/9', 'deny default'],
    ],
  },
  {
    name: 'what a client brings along, asked before the policy',
    rules: ['deny everyone pubsub a/secret', 'allow everyone pubsub a/#'],
    own: {
      place: 'before',
      rules: ['deny everyone pub a/x', 'allow everyone pubsub b, own/%c', 'allow clientid dev-2 pub c'],
    },
    cases: [
      ['dev-1', 'pub a/x', 'deny own 1'],
      ['dev-1', 'pub a/y', 'allow 2'],
      ['dev-1', 'pub a/secret', 'deny 1'],
      ['dev-1', 'pub b', 'allow own 2'],
      ['dev-1', 'pub own/dev-1', 'allow own 2'],
      ['dev-1', 'pub own/dev-2', 'deny default'],
      ['dev-1', 'pub c', 'deny default'],
      ['dev-2', 'pub c', 'allow own 3'],
      ['dev-1', 'sub a/#', 'allow 2', 'a/secret by 1'],
      ['dev-1', 'pub $SYS/x', 'deny built-in'],
    ],
  },
  {
    name: 'what a client brings along, asked after the policy and before the default',
    rules: ['deny everyone pubsub a/secret', 'allow everyone pubsub a/#'],
    own: {
      place: 'after',
      rules: ['allow everyone pubsub a/secret, b/#', 'deny everyone pubsub b/x', 'deny everyone sub c'],
    },
    cases: [
      ['dev-1', 'pub a/secret', 'deny 1'],
      ['dev-1', 'pub a/x', 'allow 2'],
      ['dev-1', 'pub b/x', 'allow own 1'],
      ['dev-1', 'sub b/#', 'allow own 1'],
      ['dev-1', 'sub c', 'deny own 3'],
      ['dev-1', 'pub c', 'deny default'],
    ],
  },
  {
    name: 'own denies are cut out of what the policy allows; own rules are judged like others',
    rules: ['allow everyone pubsub #'],
    own: {
      place: 'before',
      rules: [
        'deny everyone sub private/#',
        'deny everyone sub x [shadow]',
        'deny everyone sub y [off]',
        'deny everyone sub z [until 2029-01-01T00:00:00Z]',
      ],
    },
    cases: [
      ['dev-1', 'sub #', 'allow 1', 'private/# by own 1'],
      ['dev-1', 'sub private/a', 'deny own 1'],
      ['dev-1', 'pub private/a', 'allow 1'],
      ['dev-1', 'sub x', 'allow 1'],
      ['dev-1', 'sub y', 'allow 1'],
      ['dev-1', 'sub z', 'allow 1'],
    ],
  },
];
