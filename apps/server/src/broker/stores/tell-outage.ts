import { Logger } from '@nestjs/common';

/** Where the stores of the broker say what happens to them. */
export const logger = new Logger('broker');

/** Logs that the database does not take something, or does again. */
export function tellOutage(what: string, error: Error | null): void {
  if (error) logger.error(`The database does not take ${what}; what must be kept waits: ${error.message}`);
  else logger.log(`The database takes ${what} again.`);
}
