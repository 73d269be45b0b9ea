-- CreateTable
CREATE TABLE "sessions" (
    "id" BIGINT NOT NULL,
    "client_id" TEXT NOT NULL,
    "username" TEXT,
    "address" TEXT,
    "protocol" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "session_expiry_interval" BIGINT NOT NULL,
    "disconnected_at" TIMESTAMPTZ(3),
    "sent_seq" BIGINT NOT NULL,
    "will" JSON,

    CONSTRAINT "sessions_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "session_subscriptions" (
    "session_id" BIGINT NOT NULL,
    "filter_hash" BYTEA NOT NULL,
    "filter" TEXT NOT NULL,
    "qos" SMALLINT NOT NULL,
    "no_local" BOOLEAN NOT NULL,
    "retain_as_published" BOOLEAN NOT NULL,
    "identifiers" INTEGER[],

    CONSTRAINT "session_subscriptions_pkey" PRIMARY KEY ("session_id","filter_hash")
);

-- CreateTable
CREATE TABLE "session_messages" (
    "id" BIGINT NOT NULL,
    "topic" TEXT NOT NULL,
    "payload" BYTEA NOT NULL,
    "qos" SMALLINT NOT NULL,
    "retain" BOOLEAN NOT NULL,
    "properties" JSON,
    "publisher" TEXT NOT NULL,
    "received_at" TIMESTAMPTZ(3) NOT NULL,
    "expires_at" TIMESTAMPTZ(3),

    CONSTRAINT "session_messages_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "session_deliveries" (
    "session_id" BIGINT NOT NULL,
    "seq" BIGINT NOT NULL,
    "message_id" BIGINT NOT NULL,
    "payload_bytes" INTEGER NOT NULL,
    "qos" SMALLINT NOT NULL,
    "retain" BOOLEAN NOT NULL,
    "is_received" BOOLEAN NOT NULL,
    "identifiers" INTEGER[],
    "share" TEXT,

    CONSTRAINT "session_deliveries_pkey" PRIMARY KEY ("session_id","seq")
);

-- CreateTable
CREATE TABLE "session_packet_ids" (
    "session_id" BIGINT NOT NULL,
    "packet_id" INTEGER NOT NULL,

    CONSTRAINT "session_packet_ids_pkey" PRIMARY KEY ("session_id","packet_id")
);

-- CreateIndex
CREATE INDEX "session_deliveries_message_id_idx" ON "session_deliveries"("message_id");

-- Queued payloads live shortly; compressing them would cost more than the space.
ALTER TABLE "session_messages" ALTER COLUMN "payload" SET STORAGE EXTERNAL;
