import { Module } from '@nestjs/common';
import { Broker } from '@perch/broker';
import { Database } from '../database/database.js';
import { SignInModule } from '../features/sign-in/sign-in.module.js';
import { CONFIG } from '../config/config.module.js';
import type { Config } from '../config/config.schema.js';
import { BanModule } from '../policy/bans/ban.module.js';
import { PolicyModule } from '../policy/policy.module.js';
import { PolicyService } from '../policy/policy.service.js';
import { BrokerHost } from './broker-host.js';
import { BrokerFactory } from './broker-factory.js';
import { Callers } from './callers/callers.js';
import { HttpDoors } from './callers/http-doors.js';
import { ConnectGate } from './connect-gate.js';
import { EventBridge } from './event-bridge.js';
import { FlockGateway } from './flock.gateway.js';
import { FlywheelGateway } from './flywheel.gateway.js';
import { FrontDoor } from './front-door.js';
import { WebSocketLinks } from './web-socket-links.js';
import { JsonGateway } from './json.gateway.js';
import { OpenListeners } from './listeners/open-listeners.js';
import { MqttGateway } from './mqtt.gateway.js';
import { LeaseBook } from './registry/lease-book.js';
import { RegistryDoor } from './registry/registry-door.js';
import { RefusalLog } from './refusals/refusal-log.js';
import { newRefusalLog } from './refusals/new-refusal-log.js';
import { AccessRetention } from './refusals/access-retention.js';
import { PostgresRuleHitStore } from './rule-hits/postgres-rule-hit-store.js';
import { RuleHits } from './rule-hits/rule-hits.js';
import { PostgresPresenceStore } from './stores/postgres-presence-store.js';
import { PostgresRetainedStore } from './stores/postgres-retained-store.js';
import { PostgresTimelineStore } from './stores/postgres-timeline-store.js';
import { PostgresSessionStore } from './stores/postgres-session-store.js';
import { sessionPoolSettings } from './stores/session-pool.js';
import { Stores } from './stores/stores.js';
import { logger, tellOutage } from './stores/tell-outage.js';
import { TimelineRecorder } from './timeline/timeline-recorder.js';

/** The bridge between the two planes: the broker with its Postgres stores, and the doors that clients come in by. */
@Module({
  imports: [BanModule, PolicyModule, SignInModule],
  providers: [
    BrokerHost,
    Callers,
    EventBridge,
    FlockGateway,
    FlywheelGateway,
    FrontDoor,
    WebSocketLinks,
    HttpDoors,
    JsonGateway,
    MqttGateway,
    OpenListeners,
    RegistryDoor,
    { provide: LeaseBook, inject: [Broker, CONFIG], useFactory: newLeaseBook },
    AccessRetention,
    { provide: RefusalLog, inject: [Database, PolicyService], useFactory: newRefusalLog },
    { provide: RuleHits, inject: [Broker, Database], useFactory: newRuleHits },
    { provide: TimelineRecorder, inject: [Broker, Database, CONFIG], useFactory: newTimeline },
    { provide: PostgresPresenceStore, inject: [Database], useFactory: newPresenceStore },
    { provide: PostgresRetainedStore, inject: [Database], useFactory: newRetainedStore },
    { provide: PostgresSessionStore, inject: [Database], useFactory: newSessionStore },
    {
      provide: Stores,
      inject: [PostgresRetainedStore, PostgresSessionStore, PostgresPresenceStore],
      useFactory: newStores,
    },
    BrokerFactory,
    ConnectGate,
    { provide: Broker, inject: [BrokerFactory], useFactory: (factory: BrokerFactory) => factory.make() },
  ],
  exports: [
    Broker,
    Callers,
    FrontDoor,
    HttpDoors,
    LeaseBook,
    RefusalLog,
    RegistryDoor,
    RuleHits,
    Stores,
    TimelineRecorder,
  ],
})
export class BrokerModule {}

function newLeaseBook({ clock }: Broker, { flockMaxInstances, flockMaxInstancesPerUser }: Config): LeaseBook {
  return new LeaseBook(clock, { inAll: flockMaxInstances, perUser: flockMaxInstancesPerUser });
}

function newRuleHits(broker: Broker, { pool }: Database): RuleHits {
  const failed = (error: unknown) => logger.warn(`Hits of rules wait to be written: ${String(error)}`);
  return new RuleHits({ broker, store: new PostgresRuleHitStore(pool), failed });
}

function newTimeline({ clock }: Broker, { pool }: Database, config: Config): TimelineRecorder {
  const store = new PostgresTimelineStore({
    pool,
    eventsPerClient: config.timelineEventsPerClient,
    outage: (error) => tellOutage('timelines', error),
    lost: () => recorder.lost(),
  });
  const recorder = new TimelineRecorder({ store, clock });
  return recorder;
}

function newPresenceStore({ pool }: Database): PostgresPresenceStore {
  return new PostgresPresenceStore({
    pool,
    outage: (error) => tellOutage('presence', error),
    lost: (clientId, error) => logger.warn(`The presence of ${clientId} was not recorded: ${error.message}`),
  });
}

function newRetainedStore({ pool }: Database): PostgresRetainedStore {
  return new PostgresRetainedStore({
    pool,
    outage: (error) => tellOutage('retained messages', error),
    loaded: ({ count, ms }) => logger.log(`${count} retained messages were loaded in ${(ms / 1000).toFixed(1)} s.`),
  });
}

function newSessionStore(database: Database): PostgresSessionStore {
  return new PostgresSessionStore({
    pool: database.openPool(sessionPoolSettings),
    outage: (error) => tellOutage('durable sessions', error),
    lost: (id, error) => logger.error(`Changes of the durable session ${id} cannot be stored: ${error.message}`),
  });
}

function newStores(
  retained: PostgresRetainedStore,
  sessions: PostgresSessionStore,
  presence: PostgresPresenceStore,
): Stores {
  return new Stores(retained, sessions, presence);
}
