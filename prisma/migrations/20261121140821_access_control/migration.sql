-- AlterTable
ALTER TABLE "policy_revisions" ADD COLUMN     "override_reason" TEXT,
ADD COLUMN     "tests" JSONB NOT NULL DEFAULT '[]';

-- AlterTable
ALTER TABLE "sessions" ADD COLUMN     "labels" TEXT[] DEFAULT ARRAY[]::TEXT[],
ADD COLUMN     "own_rules" JSON;

-- AlterTable
ALTER TABLE "users" ADD COLUMN     "addresses" TEXT[] DEFAULT ARRAY[]::TEXT[],
ADD COLUMN     "client_id_binding" TEXT NOT NULL DEFAULT 'any',
ADD COLUMN     "client_id_text" TEXT NOT NULL DEFAULT '',
ADD COLUMN     "connection_limit" INTEGER,
ADD COLUMN     "labels" TEXT[] DEFAULT ARRAY[]::TEXT[],
ADD COLUMN     "valid_until" TIMESTAMPTZ(3);

-- CreateTable
CREATE TABLE "bans" (
    "id" UUID NOT NULL,
    "kind" TEXT NOT NULL,
    "value" TEXT NOT NULL,
    "reason" TEXT NOT NULL DEFAULT '',
    "created_by" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "until" TIMESTAMPTZ(3),
    "lifted_at" TIMESTAMPTZ(3),
    "lifted_by" TEXT,
    "hits" BIGINT NOT NULL DEFAULT 0,
    "last_hit_at" TIMESTAMPTZ(3),

    CONSTRAINT "bans_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "shadow_policy" (
    "id" INTEGER NOT NULL DEFAULT 1,
    "author" TEXT NOT NULL,
    "note" TEXT NOT NULL DEFAULT '',
    "started_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "based_on" INTEGER NOT NULL,
    "no_match" TEXT NOT NULL,
    "wildcard_overlap" TEXT NOT NULL,
    "rules" JSONB NOT NULL,

    CONSTRAINT "shadow_policy_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "rule_hits" (
    "rule_id" TEXT NOT NULL,
    "hour" TIMESTAMPTZ(3) NOT NULL,
    "hits" BIGINT NOT NULL,
    "last_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "rule_hits_pkey" PRIMARY KEY ("rule_id","hour")
);

-- CreateTable
CREATE TABLE "refusals" (
    "key_hash" BYTEA NOT NULL,
    "bucket" TIMESTAMPTZ(3) NOT NULL,
    "action" TEXT NOT NULL,
    "refusal" TEXT NOT NULL,
    "client_id" TEXT,
    "username" TEXT,
    "address" TEXT,
    "labels" TEXT[] DEFAULT ARRAY[]::TEXT[],
    "protocol" TEXT,
    "topic" TEXT,
    "rule_id" TEXT,
    "revision" INTEGER NOT NULL,
    "shadow" BOOLEAN NOT NULL DEFAULT false,
    "count" BIGINT NOT NULL,
    "first_at" TIMESTAMPTZ(3) NOT NULL,
    "last_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "refusals_pkey" PRIMARY KEY ("bucket","key_hash")
);

-- CreateIndex
CREATE INDEX "bans_lifted_at_until_idx" ON "bans"("lifted_at", "until");

-- CreateIndex
CREATE INDEX "rule_hits_hour_idx" ON "rule_hits"("hour");

-- CreateIndex
CREATE INDEX "refusals_last_at_idx" ON "refusals"("last_at");

-- CreateIndex
CREATE INDEX "users_valid_until_idx" ON "users"("valid_until");
