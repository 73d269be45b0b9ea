import { defineConfig } from 'prisma/config';

// The CLI looks for its native schema engine even where it needs none (generate, validate) and would download it.
// The server migrates with the WebAssembly engine, so any executable will do here.
process.env.PRISMA_SCHEMA_ENGINE_BINARY ??= process.execPath;

export default defineConfig({
  schema: 'prisma/schema.prisma',
  migrations: { path: 'prisma/migrations' },
});
