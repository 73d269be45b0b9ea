import { bridgesTexts } from './texts.js';

/** What a configuration with two bridges looks like. */
export const bridgesExample = JSON.stringify(
  {
    bridges: [
      {
        name: 'audit',
        kind: 'webhook',
        url: 'https://events.example.org/perch',
        secret: bridgesTexts.exampleSecret,
        events: ['connect', 'disconnect', 'publish'],
        topics: ['plant/#'],
      },
      { name: 'log', kind: 'csv', folder: './events' },
    ],
  },
  null,
  2,
);
