-- AlterTable
ALTER TABLE "clients" ADD COLUMN     "authenticator" TEXT;

-- AlterTable
ALTER TABLE "sessions" ADD COLUMN     "authenticator" TEXT;
