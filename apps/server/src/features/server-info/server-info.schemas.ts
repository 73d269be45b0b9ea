import { z } from 'zod';

/** What this server is and where it listens. */
export const ServerInfo = z
  .object({
    version: z.string(),
    node: z.string(),
    listeners: z.array(
      z.object({
        kind: z.enum(['mqtt', 'http', 'mqtt-ws', 'json-ws']),
        port: z.int(),
        path: z.string().optional(),
      }),
    ),
    database: z.enum(['embedded', 'external']),
    anonymous: z.boolean(),
  })
  .meta({ id: 'ServerInfo' });

export type ServerInfo = z.infer<typeof ServerInfo>;
