-- CreateTable
CREATE TABLE "client_events" (
    "client_id_hash" BYTEA NOT NULL,
    "id" BIGSERIAL NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "kind" TEXT NOT NULL,
    "username" TEXT,
    "address" TEXT,
    "protocol" TEXT,
    "reason" TEXT,
    "connected_for_ms" BIGINT,
    "operator" TEXT,

    CONSTRAINT "client_events_pkey" PRIMARY KEY ("client_id_hash","id")
);

-- CreateIndex
CREATE INDEX "client_events_at_idx" ON "client_events"("at");

-- CreateIndex
CREATE INDEX "refusals_client_id_idx" ON "refusals" USING HASH ("client_id");
