import { hostname } from 'node:os';

/** What this process is called among the nodes of a cluster. */
export const nodeName = hostname();
