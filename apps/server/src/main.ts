import 'reflect-metadata';
import { run } from './boot/run.js';
import { processInput } from './config/read-config.js';

await run(processInput());
