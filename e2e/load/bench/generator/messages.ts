import type { FlowJob } from './job.js';
import type { Peer } from './peer.js';
import { PublishTemplate, sensorProperties } from './wire/publish-template.js';
import { ANYBODY } from './wire/stamp.js';

/** What is published and to whom it goes; numbers each message within its stream. */
export interface Messages {
  /** Deliveries that one message makes to those who read. */
  readonly copies: number;
  readonly sent: number;
  /** Appends the publisher's next message. */
  publish(publisher: Peer, dueUs: number): void;
  /** How many messages the subscriber has to get from the publisher. */
  expected(subscriber: number, publisher: number): number;
  /** What the subscriber subscribes to. */
  filtersOf(subscriber: number): string[];
}

/** The messages of a job. */
export function messagesFor(job: FlowJob): Messages {
  return job.layout === 'filters' ? new FilterMessages(job) : new TopicMessages(job);
}

/** Each publisher has one topic. */
class TopicMessages implements Messages {
  readonly copies: number;
  sent = 0;
  private readonly templates: readonly PublishTemplate[];
  /** In place of the templates once the broker knows the topic by its alias. */
  private readonly aliases: readonly PublishTemplate[];
  private readonly sentBy: Uint32Array;
  private readonly stamp = { dueUs: 0, publisher: 0, sequence: 0, receiver: ANYBODY };
  private readonly isPairs: boolean;

  constructor(private readonly job: FlowJob) {
    this.isPairs = job.layout === 'pairs';
    this.copies = this.isPairs ? 1 : job.subscribers - job.stopped;
    this.sentBy = new Uint32Array(job.publishers);
    this.templates = Array.from(this.sentBy, (_, publisher) => this.template(this.topic(publisher)));
    this.aliases = job.hasProperties ? this.templates.map(() => this.template('')) : this.templates;
  }

  publish(publisher: Peer, dueUs: number): void {
    const { stamp } = this;
    const { index } = publisher;
    stamp.dueUs = dueUs;
    stamp.publisher = index;
    stamp.sequence = ++this.sentBy[index]!;
    if (this.isPairs) stamp.receiver = index;
    publisher.publish((stamp.sequence > 1 ? this.aliases : this.templates)[index]!, stamp);
    this.sent++;
  }

  expected(subscriber: number, publisher: number): number {
    if (this.isPairs && subscriber !== publisher) return 0;
    return subscriber < this.job.subscribers - this.job.stopped ? this.sentBy[publisher]! : 0;
  }

  filtersOf(subscriber: number): string[] {
    return [this.job.layout === 'each' ? 'bench/each/+' : this.topic(subscriber)];
  }

  private topic(index: number): string {
    const { layout, isDurable } = this.job;
    // What an earlier process has left in the broker gets nothing of this one.
    const folder = isDurable ? `bench/${process.pid}/${layout}` : `bench/${layout}`;
    return layout === 'shared' ? folder : `${folder}/${index}`;
  }

  private template(topic: string): PublishTemplate {
    const { qos, payloadBytes, target, hasProperties } = this.job;
    const properties = hasProperties ? { properties: sensorProperties } : {};
    return new PublishTemplate({ topic, version: target.version, qos, payloadBytes, ...properties });
  }
}

/** Every subscriber has filters `bench/filters/<subscriber>/+/<n>`; each message matches one filter of all. */
class FilterMessages implements Messages {
  readonly copies = 1;
  sent = 0;
  private readonly templates = new Map<number, PublishTemplate>();
  private readonly sentTo: Uint32Array;
  private readonly stamp = { dueUs: 0, publisher: 0, sequence: 0, receiver: 0 };
  private random = 88_172_645;

  constructor(private readonly job: FlowJob) {
    this.sentTo = new Uint32Array(job.publishers * job.subscribers);
  }

  publish(publisher: Peer, dueUs: number): void {
    const { stamp, job } = this;
    const topic = this.chooseTopic();
    stamp.dueUs = dueUs;
    stamp.publisher = publisher.index;
    stamp.receiver = Math.floor(topic / job.filtersEach);
    stamp.sequence = ++this.sentTo[stamp.receiver * job.publishers + publisher.index]!;
    publisher.publish(this.template(topic), stamp);
    this.sent++;
  }

  expected(subscriber: number, publisher: number): number {
    return this.sentTo[subscriber * this.job.publishers + publisher]!;
  }

  filtersOf(subscriber: number): string[] {
    return Array.from({ length: this.job.filtersEach }, (_, n) => `bench/filters/${subscriber}/+/${n}`);
  }

  /** Any of all topics, or of the hot ones, which are spread over the subscribers. */
  private chooseTopic(): number {
    this.random ^= this.random << 13;
    this.random ^= this.random >>> 17;
    this.random ^= this.random << 5;
    const all = this.job.subscribers * this.job.filtersEach;
    const { hotTopics } = this.job;
    return hotTopics > 0 ? (((this.random >>> 0) % hotTopics) * 7919) % all : (this.random >>> 0) % all;
  }

  private template(topic: number): PublishTemplate {
    const known = this.templates.get(topic);
    if (known) return known;
    const { filtersEach, qos, payloadBytes, target } = this.job;
    const name = `bench/filters/${Math.floor(topic / filtersEach)}/v/${topic % filtersEach}`;
    const made = new PublishTemplate({ topic: name, version: target.version, qos, payloadBytes });
    this.templates.set(topic, made);
    return made;
  }
}
