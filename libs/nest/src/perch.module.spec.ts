import 'reflect-metadata';
import type { AddressInfo } from 'node:net';
import { Injectable, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { EmbeddedBroker } from '@perch/broker';
import { expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { PerchModule } from './perch.module.js';
import type { PerchOptions } from './perch-options.js';

@Injectable()
class Doorbell {
  constructor(readonly perch: EmbeddedBroker) {}
}

async function start(options: Partial<PerchOptions> = {}) {
  @Module({
    imports: [PerchModule.forRoot({ authenticate: () => true, authorize: () => true, ...options })],
    providers: [Doorbell],
  })
  class App {}
  const app = await NestFactory.create(App, { logger: false });
  await app.listen(0, '127.0.0.1');
  const { port } = (app.getHttpServer() as { address(): AddressInfo }).address();
  return { app, port };
}

test('the broker comes with the application, is injected everywhere, and ends its clients with it', async () => {
  const { app, port } = await start();
  const { perch } = app.get(Doorbell);
  const socket = new WebSocket(`ws://127.0.0.1:${port}/ws`, 'perch.json');
  await new Promise((resolve) => socket.once('message', resolve));
  expect(perch.broker.counters.linksOpened).toBe(1);
  const ended = new Promise((resolve) => socket.once('close', resolve));
  await app.close();
  expect(await ended).toBe(1001);
});

test('where WebSockets are not wanted the HTTP server has none', async () => {
  const { app, port } = await start({ webSockets: false });
  const answer = await fetch(`http://127.0.0.1:${port}/ws`);
  expect(answer.status).toBe(404);
  await app.close();
});
