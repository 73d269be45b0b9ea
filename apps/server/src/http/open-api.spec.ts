import 'reflect-metadata';
import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { expect, test } from 'vitest';
import { RootModule } from '../boot/root.module.js';
import { configSchema } from '../config/config.schema.js';
import { RunningSettings } from '../config/running-settings.js';
import { Database } from '../database/database.js';
import { configureHttp } from './configure-http.js';
import { createOpenApiDocument } from './open-api.js';

/** The application with nothing behind it: a preview makes none of its parts. */
async function documentOfThisServer() {
  const database = new Database({ kind: 'external', url: 'postgresql://127.0.0.1:1/nowhere', log: () => undefined });
  const settings = new RunningSettings(configSchema.parse({}));
  const module = RootModule.around({ settings, database, traces: null });
  const app = await NestFactory.create<NestExpressApplication>(module, { preview: true, logger: false });
  configureHttp(app, { maxPacketBytes: 1024 });
  return createOpenApiDocument(app);
}

test('the committed OpenAPI document is the one that the server publishes', async () => {
  const document = `${JSON.stringify(await documentOfThisServer(), null, 2)}\n`;
  await expect(document).toMatchFileSnapshot('../../../dashboard/openapi.json');
});
