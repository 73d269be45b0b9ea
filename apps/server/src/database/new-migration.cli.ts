import { writeNewMigration } from './new-migration.js';

const name = process.argv[2] ?? '';
if (/^[a-z][a-z0-9_]*$/.test(name)) {
  const written = await writeNewMigration(name);
  console.log(written ? `Wrote ${written}. Read it before you commit it.` : 'schema.prisma has not changed.');
} else {
  console.error('Usage: npm run db:migrate:new -- <name_in_snake_case>');
  process.exitCode = 1;
}
