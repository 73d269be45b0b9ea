-- AlterTable
ALTER TABLE "refusals" DROP CONSTRAINT "refusals_pkey",
ADD COLUMN     "decider" TEXT,
ADD COLUMN     "omits" TEXT,
ADD COLUMN     "run" UUID NOT NULL,
ADD CONSTRAINT "refusals_pkey" PRIMARY KEY ("bucket", "key_hash", "run");

-- CreateIndex
CREATE INDEX "refusals_key_hash_idx" ON "refusals"("key_hash");
