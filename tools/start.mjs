// npm start: installs and builds when needed, then becomes the server.
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { prepare, root } from './prepare.mjs';

const answersOnly = process.argv.some((arg) => ['--help', '-h', '--version', '-v'].includes(arg));
if (!answersOnly) console.log('Perch is starting ...');
await prepare();

// In this process: no second one that a signal might miss, or reach twice.
await import(pathToFileURL(join(root, 'apps/server/dist/bundle/main.js')).href);
