import { Broker } from '@perch/broker';
import { FakeClock, type MqttClient, type MqttClientOptions, mqttClient } from '@perch/broker/testing';
import { vi } from 'vitest';
import type { TestApp } from '../../testing/start-test-app.js';

/** Connects an MQTT client to the running server's broker, over a memory link, and waits for its CONNACK. */
export async function device({ app }: TestApp, options: MqttClientOptions): Promise<MqttClient> {
  // The broker runs on real time: the client's own clock has nothing to turn.
  const client = mqttClient({ broker: app.get(Broker), clock: new FakeClock(), faults: [] }, options);
  await vi.waitFor(() => {
    if (!client.last('connack')) throw new Error('There is no CONNACK yet.');
  });
  return client;
}

/** The credentials of a user, as CONNECT carries them. */
export function as(username: string, password: string, clientId: string): MqttClientOptions {
  return { clientId, username, password: Buffer.from(password) };
}
