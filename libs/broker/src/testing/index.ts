export { Chance } from './chance.js';
export { FakeClock } from './fake-clock.js';
export { JsonClient, jsonClient, type JsonClientOptions } from './json-client.js';
export { MqttClient, mqttClient, type MqttClientOptions } from './mqtt-client.js';
export { aPolicy, aRule, newBroker, type TestBroker } from './new-broker.js';
export { aRetainedMessage, retainedStoreContract, type RetainedStoreFixture } from './retained-store-contract.js';
export type { SessionStoreFixture } from './session-store-context.js';
export { sessionStoreContract } from './session-store-contract.js';
export { aDelivery, aQueuedMessage, aStoredSession, aStoredSubscription } from './stored-sessions.js';
