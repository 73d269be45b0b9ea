import type { TailLine } from '../../shared/api/generated/types.gen.js';
import { formatCount, formatCounted } from '../../shared/ui/format.js';

/** Why a tail is over: what the server said, or this page. */
export type EndReason = Extract<TailLine, { type: 'ended' }>['reason'] | 'hidden' | 'lost';

const ends: Readonly<Record<EndReason, string>> = {
  left: 'Stopped.',
  busy: 'Stopped: more messages match than was expected.',
  'signed-out': 'Ended: your sign-in or your role has changed.',
  'too-long': 'Ended after an hour. Start it again if you still need it.',
  stopped: 'Ended: the server goes down.',
  hidden: 'Ended: this page was hidden for ten minutes.',
  lost: 'Ended: the connection to the server is lost.',
};

/** The words of the topics page. */
export const topicsTexts = {
  title: 'Topics',
  tree: 'Topics',
  find: 'Find a topic by its beginning',
  sort: 'Sort by',
  sorts: { name: 'Name', activity: 'Activity' },
  sortHint:
    'Activity: most messages a second first (where no more than 1,000 topics are unfolded), then what was retained last. Messages count for exactly the topic they are published to.',
  perSecond: (rate: string) => `${rate} messages a second`,
  perSecondHint: 'Published to exactly this topic, measured while this page is open; topics below do not count.',
  pinned: 'Pinned',
  pin: 'Pin',
  unpin: 'Unpin',
  copyTopic: 'topic',
  emptyTitle: 'No topics are known yet',
  emptyText:
    'A topic shows up here once it keeps a retained message or a client subscribes to it. What passes without either is seen in a live tail.',
  emptyTail: 'Watch messages pass',
  noMatchTitle: (find: string) => `No topic begins with ${find}`,
  noMatchText: 'Only topics with a retained message or a subscription are known.',
  showAll: 'Show all',
  chooseTitle: 'Choose a topic',
  chooseText: 'Its subscribers, its last message and the rules that touch it are shown here; or watch messages pass.',
  tabsLabel: 'What to look at',
  tabs: {
    subscribers: 'Subscribers',
    message: 'Last message',
    tail: 'Live tail',
    retained: 'Retained',
    who: 'Who may…',
    publish: 'Publish',
  },
  subscribersTab: {
    table: 'Subscribers',
    columns: { client: 'Client', filter: 'Filter', qos: 'QoS', share: 'Share group', since: 'Since' },
    shown: (shown: number, total: number) => {
      const all = formatCounted(total, 'subscription', 'subscriptions');
      return shown === total ? all : `${formatCount(shown)} of ${all} shown`;
    },
    emptyTitle: 'Nobody is subscribed',
    emptyText: (topic: string) => `No client would be sent a message on ${topic}.`,
    excluded: 'denied here',
    excludedHint: 'A denied filter keeps these topics from the subscription.',
    offline: 'offline',
  },
  messageTab: {
    tail: 'Last seen by the live tail',
    noTail:
      'No live tail of this page has seen a message here. A message that is not retained is gone once it is delivered.',
    retained: 'Retained by the broker',
  },
  tail: {
    filter: 'Filter to watch',
    onlyClient: 'Only what this client publishes or receives:',
    everyClient: 'Everybody’s',
    start: 'Start',
    stop: 'Stop',
    badFilter: 'This is not a topic filter: # may only stand last, + and # only alone in their level.',
    retain: 'retain',
    pause: 'Pause',
    resume: 'Go on',
    clear: 'Clear',
    follow: 'Keep moving while I point at it',
    text: 'Only with this text',
    path: 'JSON path',
    pathHint: 'temp or readings[0].value',
    badPath: 'This is not a path.',
    chart: 'Chart',
    export: 'Export',
    table: 'Messages as they pass',
    columns: { time: 'Time', topic: 'Topic', payload: 'Payload', field: 'Field', size: 'Size' },
    rate: (shown: string, seen: string) => `Showing ${shown} of ${seen}/s`,
    total: (shown: string, seen: string) => `${shown} of ${seen} messages since the start`,
    waiting: (count: number) => formatCounted(count, 'new message waits', 'new messages wait'),
    idleTitle: 'Watch messages pass',
    idleText: (perSecond: number) =>
      `Up to ${perSecond} messages a second are shown, the first 16 kB of each. Starting and stopping is written to the audit log.`,
    quietTitle: 'Nothing has passed yet',
    quietText: 'Messages that match appear here as they are published.',
    noMatch: 'No message that is kept here holds this text.',
    hiddenTitle: 'You may not read payloads',
    hiddenText:
      'Your role lacks the permission messages:read. An admin decides under Settings, Live & privacy, who has it.',
    ends,
    broadTitle: 'Watch a sample of everything?',
    broadText: (filter: string) =>
      `${filter} reaches every topic. You see a sample; all payloads on this broker may be among it, and that you looked is audited.`,
    busyText: (filter: string, perSecond: string) =>
      `${perSecond} messages a second match ${filter}. You see a sample of them; publishers are not slowed down.`,
    broadAction: 'Watch a sample',
    drawerLabel: (topic: string) => `Message on ${topic}`,
    payload: 'Payload',
    cut: (shown: string, size: string) => `The first ${shown} of ${size}; a live tail shows no more.`,
    delta: 'Changed against the message before on this topic',
    noDelta: 'The same payload as the message before on this topic.',
    noPrevious: 'The first message on this topic that is kept here.',
    properties: 'MQTT 5 properties',
    chartLabel: (path: string) => `${path} over time`,
    noNumbers: 'No message has a number there yet.',
    binary: (size: string) => `${size} of binary data`,
  },
} as const;
