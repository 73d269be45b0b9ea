-- AlterTable
ALTER TABLE "users" ADD COLUMN     "scram_keys" TEXT;
