export * from './close-code.js';
export * from './frames.js';
export * from './refusal-code.js';
