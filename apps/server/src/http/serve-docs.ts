import type { NestExpressApplication } from '@nestjs/platform-express';
import { type OpenAPIObject, SwaggerModule } from '@nestjs/swagger';

/** Serves the OpenAPI document at /api/openapi.json and a page to browse it at /api/docs, without leaving this server. */
export function serveDocs(app: NestExpressApplication, createDocument: () => OpenAPIObject): void {
  SwaggerModule.setup('api/docs', app, createDocument, {
    jsonDocumentUrl: 'api/openapi.json',
    raw: ['json'],
    customSiteTitle: 'Perch API',
    // The page would otherwise ask a public validator about us.
    swaggerOptions: { validatorUrl: null, persistAuthorization: false },
  });
}
