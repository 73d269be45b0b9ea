import type { Pool } from 'pg';
import type { KeptSettings } from '../../config/running-settings.js';

/** The row that holds what the dashboard has saved. */
export const SETTINGS_KEY = 'server';

/** What was saved in the dashboard, read before there is an application. */
export async function readKeptSettings(pool: Pool): Promise<KeptSettings> {
  const query = { text: 'SELECT value FROM settings WHERE key = $1', values: [SETTINGS_KEY] };
  const { rows } = await pool.query<{ value: KeptSettings }>(query);
  return rows[0]?.value ?? {};
}
