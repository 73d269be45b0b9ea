import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { PrismaPg } from '@prisma/adapter-pg';
import { bindMigrationAwareSqlAdapterFactory, ColumnTypeEnum } from '@prisma/driver-adapter-utils';
import * as bindings from '@prisma/schema-engine-wasm/schema_engine_bg';
import type { SchemaContainer, SchemaEngine } from '@prisma/schema-engine-wasm/schema_engine_bg';
import pg from 'pg';

// What wasm-bindgen exports beside the public types: Node cannot import .wasm as a module, so it is wired by hand.
type Wiring = { __wbg_set_wasm(exports: object): void };
type Instantiate = (bytes: Uint8Array, imports: object) => Promise<{ instance: { exports: Record<string, unknown> } }>;

// The types of Node 20 do not name WebAssembly; those of browsers would bring everything else along.
const { instantiate } = (globalThis as unknown as { WebAssembly: { instantiate: Instantiate } }).WebAssembly;

let wired: Promise<void> | undefined;

/** Prisma's schema engine on one database, until `close`. */
export interface OpenSchemaEngine {
  readonly engine: SchemaEngine;
  readonly close: () => Promise<void>;
}

/**
 * Opens Prisma's schema engine, in WebAssembly, on this database.
 * It writes migrations and finds drift; the running server does not need it.
 */
export async function openSchemaEngine(url: string, schema: SchemaContainer): Promise<OpenSchemaEngine> {
  wired ??= wireWasm();
  await wired;
  const pool = new pg.Pool({ connectionString: url });
  const adapter = bindMigrationAwareSqlAdapterFactory(new CatalogAdapter(pool));
  const datamodels: [string, string][] = [[schema.path, schema.content]];
  const engine = await bindings.SchemaEngine.new({ datamodels }, () => undefined, adapter);
  const close = () => {
    engine.free();
    return pool.end();
  };
  return { engine, close };
}

async function wireWasm(): Promise<void> {
  const folder = dirname(createRequire(import.meta.url).resolve('@prisma/schema-engine-wasm'));
  const wasm = await readFile(join(folder, 'schema_engine_bg.wasm'));
  const { instance } = await instantiate(wasm, { './schema_engine_bg.js': bindings });
  (bindings as unknown as Wiring).__wbg_set_wasm(instance.exports);
  (instance.exports['__wbindgen_start'] as () => void)();
}

const CHAR_OID = 18;
const TEXT_OID = 25;

/**
 * The engine reads `"char"` columns of Postgres' catalog, a type the adapter refuses [prisma 7.10].
 * The pool calls them text, so that they pass, and the adapter's answer calls them characters again.
 */
class CatalogAdapter extends PrismaPg {
  constructor(private readonly pool: pg.Pool) {
    super(pool);
  }

  override async connect(): ReturnType<PrismaPg['connect']> {
    const adapter = await super.connect();
    let charColumns: number[] = []; // of the latest query: the engine asks one at a time
    const query = this.pool.query.bind(this.pool) as (config: pg.QueryConfig) => Promise<pg.QueryResult>;
    const queryRaw = adapter.queryRaw.bind(adapter);
    Object.assign(this.pool, {
      query: async (config: pg.QueryConfig) => {
        const result = await query(config);
        charColumns = result.fields.flatMap((field, column) => (field.dataTypeID === CHAR_OID ? [column] : []));
        for (const column of charColumns) Object.assign(result.fields[column] ?? {}, { dataTypeID: TEXT_OID });
        return result;
      },
    });
    adapter.queryRaw = async (sql) => {
      const result = await queryRaw(sql);
      for (const column of charColumns) result.columnTypes[column] = ColumnTypeEnum.Character;
      return result;
    };
    return adapter;
  }
}
