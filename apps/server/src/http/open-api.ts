import type { INestApplication } from '@nestjs/common';
import { DocumentBuilder, type OpenAPIObject, SwaggerModule } from '@nestjs/swagger';
import { z } from 'zod';
import { Problem } from './problem.js';
import { SESSION_COOKIE } from './session-cookie-name.js';

/** The OpenAPI document of the whole API: the contract that the dashboard's client is generated from. */
export function createOpenApiDocument(app: INestApplication): OpenAPIObject {
  const document = SwaggerModule.createDocument(app, describeApi(), {
    operationIdFactory: (controller, method) => operationId(controller, method),
    standardSchemaConverter: (schema, { schemaType }) => convert(schema as z.ZodType, schemaType),
  });
  const schemas = { ...document.components?.schemas, ...published(convert(Problem, 'output').components) };
  // In an order of its own: the document changes only when the API does.
  return {
    ...document,
    paths: sorted(document.paths),
    components: { ...document.components, schemas: sorted(schemas) },
  };
}

function describeApi() {
  return new DocumentBuilder()
    .setOpenAPIVersion('3.1.0')
    .setTitle('Perch')
    .setDescription('Users, access rules, clients, retained messages and the audit log of a Perch message broker.')
    .setVersion('1')
    .addCookieAuth(SESSION_COOKIE, { type: 'apiKey', in: 'cookie' }, 'session')
    .addBearerAuth({ type: 'http', scheme: 'bearer', description: 'An API key: `perch_…`.' }, 'api-key')
    .addBasicAuth({ type: 'http', scheme: 'basic', description: 'A user: what a client connects with.' }, 'user')
    .build();
}

/** `UsersController.list` is published as `usersList`. */
function operationId(controller: string, method: string): string {
  const feature = controller.replace(/Controller$/, '');
  return feature.charAt(0).toLowerCase() + feature.slice(1) + method.charAt(0).toUpperCase() + method.slice(1);
}

function convert(schema: z.ZodType, io: 'input' | 'output') {
  const { $defs: definitions = {}, ...root } = z.toJSONSchema(schema, { io, reused: 'inline' });
  // A dialect belongs to a document, not to a part of one.
  return { schema: { ...root, $schema: undefined }, components: withoutIds(definitions) };
}

/** Nest does this for the schemas of routes: a definition of zod is a component of the document. */
function published(definitions: Record<string, object>): Record<string, object> {
  const text = JSON.stringify(definitions).replaceAll('"#/$defs/', '"#/components/schemas/');
  return JSON.parse(text) as Record<string, object>;
}

function withoutIds(definitions: Record<string, object>): Record<string, object> {
  return Object.fromEntries(
    Object.entries(definitions).map(([name, definition]) => [name, { ...definition, id: undefined }]),
  );
}

function sorted<Value>(record: Record<string, Value>): Record<string, Value> {
  return Object.fromEntries(Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1)));
}
