import { z } from 'zod';
import { ApiError } from '../../http/api-error.js';
import { type SectionName, sectionNames } from './backup-section.js';
import { BACKUP_FORMAT, BACKUP_VERSION } from './backup.schemas.js';

/** What stands at the head of a file. */
export interface BackupHead {
  readonly version: number;
  readonly createdAt: string | null;
  readonly createdBy: string | null;
  readonly perch: string | null;
  readonly broker: string | null;
  readonly hasSecrets: boolean;
}

/** A file that can be read, with its sections as they stand there. */
export interface BackupFile {
  readonly head: BackupHead;
  readonly parts: ReadonlyMap<SectionName, unknown>;
}

const note = z.string().max(300).nullable().catch(null).default(null);

const Head = z.object({
  createdAt: note,
  createdBy: note,
  perch: note,
  broker: note,
  hasSecrets: z.boolean().catch(false),
});

const headKeys = ['format', 'version', ...Object.keys(Head.shape)];

/** Reads the head of a file and finds its sections. 422 where it is no backup, or one of a newer Perch. */
export function readBackup(file: Readonly<Record<string, unknown>>): BackupFile {
  const { format, version } = file;
  if (format !== BACKUP_FORMAT || typeof version !== 'number' || !Number.isSafeInteger(version) || version < 1) {
    throw refused('format', `This is no backup of Perch: its format is not ${BACKUP_FORMAT}, with a version.`);
  }
  if (version > BACKUP_VERSION) {
    throw refused(
      'version',
      `A newer Perch wrote this file: its version is ${version}, and ${BACKUP_VERSION} is the newest that can be read here. Update this server first.`,
    );
  }
  const known: readonly string[] = [...headKeys, ...sectionNames];
  const unknown = Object.keys(file).find((key) => !known.includes(key));
  if (unknown !== undefined) throw refused(unknown.slice(0, 100), `${unknown.slice(0, 100)} is no part of a backup.`);
  const parts = new Map(sectionNames.flatMap((name) => (name in file ? [[name, file[name]] as const] : [])));
  if (parts.size === 0) throw refused('', 'The file holds no section that could be restored.');
  return { head: { version, ...Head.parse(file) }, parts };
}

function refused(path: string, detail: string): ApiError {
  return new ApiError('backup-unreadable', detail, { errors: [{ path: `backup.${path}`, message: detail }] });
}
