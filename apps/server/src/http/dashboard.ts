import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { NestExpressApplication } from '@nestjs/platform-express';
import express, { type NextFunction, type Request, type Response } from 'express';

/** Where `npm run build` puts the dashboard. */
export const dashboardDirectory = fileURLToPath(new URL('../../../dashboard/dist', import.meta.url));

const YEAR = 'public, max-age=31536000, immutable';

/** These are not pages: an unknown one is an error, never the dashboard. */
const notPages = /^\/(?:api|health|ws|mqtt|assets)(?:\/|$)/;

/** Serves the built dashboard at /. Its router knows the pages, so every other path answers with index.html. */
export function serveDashboard(app: NestExpressApplication, directory: string): void {
  const files = express.static(directory, { index: false, redirect: false, setHeaders: setCaching });
  app.use(files, (request: Request, response: Response, next: NextFunction) => {
    const isRead = request.method === 'GET' || request.method === 'HEAD';
    if (!isRead || notPages.test(request.path) || isScrape(request)) return next();
    const index = join(directory, 'index.html');
    if (!existsSync(index)) return void response.status(503).type('html').send(notBuilt);
    response.sendFile(index, { headers: { 'Cache-Control': 'no-cache' } }, (error) => error && next(error));
  });
}

/** `/metrics` is a page for browsers, and text for everybody else; `?format=` has the text in a browser, too. */
function isScrape(request: Request): boolean {
  if (request.path !== '/metrics') return false;
  return request.query['format'] !== undefined || request.accepts(['text/plain', 'text/html']) !== 'text/html';
}

/** The names of assets hold a hash of their content: they never change. Everything else is asked for again. */
function setCaching(response: { setHeader(name: string, value: string): void }, path: string): void {
  response.setHeader('Cache-Control', /[\\/]assets[\\/]/.test(path) ? YEAR : 'no-cache');
}

const notBuilt = `<!doctype html>
<html lang="en"><meta charset="utf-8"><title>Perch</title>
<h1>The dashboard is not built yet</h1>
<p>Run <code>npm run build</code> and load this page again. The API is here already: <a href="/api/docs">/api/docs</a>.</p>
</html>
`;
