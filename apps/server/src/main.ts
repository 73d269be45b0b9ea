import 'reflect-metadata';
import { run } from './boot/run.js';
import { processInput } from './config/read-config.js';
import { fromHmq } from './moving/hmq/from-hmq.js';

// Standard output is for people.
await run(fromHmq(processInput(), (line) => console.log(line)));
