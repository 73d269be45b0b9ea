-- DropIndex
DROP INDEX "clients_since_idx";
