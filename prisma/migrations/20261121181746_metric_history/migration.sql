-- CreateTable
CREATE TABLE "metric_series" (
    "place" SERIAL NOT NULL,
    "key" TEXT NOT NULL,

    CONSTRAINT "metric_series_pkey" PRIMARY KEY ("place")
);

-- CreateTable
CREATE TABLE "metric_steps" (
    "step_seconds" INTEGER NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "values" DOUBLE PRECISION[],

    CONSTRAINT "metric_steps_pkey" PRIMARY KEY ("step_seconds","at")
);

-- CreateIndex
CREATE UNIQUE INDEX "metric_series_key_key" ON "metric_series"("key");
