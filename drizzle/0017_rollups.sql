CREATE TABLE "rollup_days" (
	"series_id" integer NOT NULL,
	"bucket" timestamp (3) with time zone NOT NULL,
	"count" bigint NOT NULL,
	"sum" double precision NOT NULL,
	"min" double precision NOT NULL,
	"max" double precision NOT NULL,
	"m2" double precision NOT NULL,
	"first" double precision NOT NULL,
	"first_at" timestamp (3) with time zone NOT NULL,
	"last" double precision NOT NULL,
	"last_at" timestamp (3) with time zone NOT NULL,
	"p50" double precision NOT NULL,
	"p95" double precision NOT NULL,
	"p99" double precision NOT NULL,
	"sketch" "bytea" NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "rollup_days_series_id_bucket_pk" PRIMARY KEY("series_id","bucket")
);
--> statement-breakpoint
CREATE TABLE "rollup_hours" (
	"series_id" integer NOT NULL,
	"bucket" timestamp (3) with time zone NOT NULL,
	"count" bigint NOT NULL,
	"sum" double precision NOT NULL,
	"min" double precision NOT NULL,
	"max" double precision NOT NULL,
	"m2" double precision NOT NULL,
	"first" double precision NOT NULL,
	"first_at" timestamp (3) with time zone NOT NULL,
	"last" double precision NOT NULL,
	"last_at" timestamp (3) with time zone NOT NULL,
	"p50" double precision NOT NULL,
	"p95" double precision NOT NULL,
	"p99" double precision NOT NULL,
	"sketch" "bytea" NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "rollup_hours_series_id_bucket_pk" PRIMARY KEY("series_id","bucket")
);
--> statement-breakpoint
CREATE TABLE "rollup_minutes" (
	"series_id" integer NOT NULL,
	"bucket" timestamp (3) with time zone NOT NULL,
	"count" bigint NOT NULL,
	"sum" double precision NOT NULL,
	"min" double precision NOT NULL,
	"max" double precision NOT NULL,
	"m2" double precision NOT NULL,
	"first" double precision NOT NULL,
	"first_at" timestamp (3) with time zone NOT NULL,
	"last" double precision NOT NULL,
	"last_at" timestamp (3) with time zone NOT NULL,
	"p50" double precision NOT NULL,
	"p95" double precision NOT NULL,
	"p99" double precision NOT NULL,
	"sketch" "bytea" NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "rollup_minutes_series_id_bucket_pk" PRIMARY KEY("series_id","bucket")
);
--> statement-breakpoint
CREATE TABLE "rollup_series" (
	"id" serial PRIMARY KEY NOT NULL,
	"source" text NOT NULL,
	"metric" text NOT NULL,
	"filter_id" uuid,
	"symbol" text,
	"strategy" text,
	CONSTRAINT "rollup_series_key" UNIQUE NULLS NOT DISTINCT("source","metric","filter_id","symbol","strategy")
);
--> statement-breakpoint
CREATE TABLE "rollup_sources" (
	"source" text PRIMARY KEY NOT NULL,
	"newest_at" timestamp (3) with time zone NOT NULL
);
