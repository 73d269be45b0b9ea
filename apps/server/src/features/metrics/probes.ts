import { Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { Broker, type StopTimer } from '@perch/broker';
import { Stores } from '../../broker/stores/stores.js';
import { Database } from '../../database/database.js';
import { BridgesService } from '../bridges/bridges.service.js';
import { DatabaseProbe } from './database-probe.js';
import { HttpProbes } from './http-probes.js';
import { ProcessProbe } from './process-probe.js';

const PROCESS_EVERY_MS = 1_000;
const DATABASE_EVERY_MS = 10_000;

/** What has to be looked at regularly to be known. */
@Injectable()
export class Probes implements OnApplicationBootstrap, OnModuleDestroy {
  readonly ofProcess = new ProcessProbe();
  readonly ofDatabase: DatabaseProbe;
  private stops: readonly StopTimer[] = [];

  constructor(
    private readonly broker: Broker,
    readonly database: Database,
    readonly stores: Stores,
    readonly http: HttpProbes,
    readonly bridges: BridgesService,
  ) {
    this.ofDatabase = new DatabaseProbe(database);
  }

  onApplicationBootstrap(): void {
    const { clock } = this.broker;
    const askDatabase = () => {
      this.ofDatabase.look().catch((error: unknown) => this.broker.report(error, 'asking the database'));
    };
    this.stops = [
      clock.every(PROCESS_EVERY_MS, () => this.ofProcess.look()),
      clock.every(DATABASE_EVERY_MS, askDatabase),
    ];
    askDatabase();
  }

  onModuleDestroy(): void {
    for (const stop of this.stops) stop();
    this.ofProcess.stop();
  }
}
