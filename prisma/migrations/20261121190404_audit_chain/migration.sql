-- AlterTable
ALTER TABLE "audit_entries" ADD COLUMN     "hash" BYTEA;
