import { Module } from '@nestjs/common';
import { BrokerModule } from './broker/broker.module.js';
import { AccessSettingsModule } from './features/access-settings/access-settings.module.js';
import { AccountModule } from './features/account/account.module.js';
import { ApiKeysModule } from './features/api-keys/api-keys.module.js';
import { AuditModule } from './features/audit/audit.module.js';
import { AuthModule } from './features/auth/auth.module.js';
import { BackupModule } from './features/backup/backup.module.js';
import { BansModule } from './features/bans/bans.module.js';
import { BridgesModule } from './features/bridges/bridges.module.js';
import { ClientsModule } from './features/clients/clients.module.js';
import { ConnectionsModule } from './features/connections/connections.module.js';
import { HealthModule } from './features/health/health.module.js';
import { MetricsModule } from './features/metrics/metrics.module.js';
import { OperatorsModule } from './features/operators/operators.module.js';
import { PolicyFeatureModule } from './features/policy/policy-feature.module.js';
import { PublishModule } from './features/publish/publish.module.js';
import { RefusalsModule } from './features/refusals/refusals.module.js';
import { RegistryModule } from './features/registry/registry.module.js';
import { RetainedModule } from './features/retained/retained.module.js';
import { ServerInfoModule } from './features/server-info/server-info.module.js';
import { SessionsModule } from './features/sessions/sessions.module.js';
import { SettingsModule } from './features/settings/settings.module.js';
import { SetupModule } from './features/setup/setup.module.js';
import { StatsModule } from './features/stats/stats.module.js';
import { SubscribeModule } from './features/subscribe/subscribe.module.js';
import { TailsModule } from './features/tails/tails.module.js';
import { TopicsModule } from './features/topics/topics.module.js';
import { TrafficModule } from './features/traffic/traffic.module.js';
import { UsersModule } from './features/users/users.module.js';
import { MessageTracesModule } from './tracing/message-traces.module.js';
import { HttpModule } from './http/http.module.js';
import { PolicyModule } from './policy/policy.module.js';

/** All parts of the server. What they are built around, configuration and database, comes from the root module. */
@Module({
  imports: [
    HttpModule,
    PolicyModule,
    BrokerModule,
    SetupModule,
    AuthModule,
    OperatorsModule,
    ApiKeysModule,
    AccountModule,
    UsersModule,
    BansModule,
    PolicyFeatureModule,
    RefusalsModule,
    AccessSettingsModule,
    SettingsModule,
    BackupModule,
    BridgesModule,
    ClientsModule,
    ConnectionsModule,
    SessionsModule,
    RetainedModule,
    PublishModule,
    RegistryModule,
    AuditModule,
    StatsModule,
    SubscribeModule,
    TopicsModule,
    MetricsModule,
    MessageTracesModule,
    TrafficModule,
    TailsModule,
    ServerInfoModule,
    HealthModule,
  ],
})
export class AppModule {}
