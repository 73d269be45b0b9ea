import { z } from 'zod';
import { fromJson, settingNotes, share } from './setting.js';

const isHttpUrl = (url: string) => URL.canParse(url) && /^https?:$/.test(new URL(url).protocol);

/** Where traces go, and how many of them. */
export const tracingSettings = {
  tracesEndpoint: z.string().refine(isHttpUrl).optional().register(settingNotes, {
    describe: 'Sends OpenTelemetry traces there, as OTLP over HTTP in JSON. Left out: nothing is traced.',
    allowed: 'a URL like http://collector:4318/v1/traces',
  }),
  tracesHeaders: fromJson(z.record(z.string(), z.string())).optional().register(settingNotes, {
    describe: 'Headers that go with them, such as an authorization.',
    allowed: 'an object with texts, such as {"authorization":"Bearer …"}',
    isSecret: true,
  }),
  tracesSampleRatio: share().default(1).register(settingNotes, {
    describe: 'The share of requests and connects that is traced, where the caller does not say so with a traceparent.',
    allowed: 'a number from 0 to 1',
  }),
  tracesMessageRatio: share().default(0).register(settingNotes, {
    describe: 'The share of published messages that gets a span, 100 a second at most. Messages are looked at for it.',
    allowed: 'a number from 0 to 1',
  }),
};
