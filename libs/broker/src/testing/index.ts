export { FakeClock } from './fake-clock.js';
export { MqttClient, mqttClient, type MqttClientOptions } from './mqtt-client.js';
export { aPolicy, aRule, newBroker, type TestBroker } from './new-broker.js';
