CREATE TABLE "retention_runs" (
	"id" uuid PRIMARY KEY NOT NULL,
	"started_at" timestamp (3) with time zone NOT NULL,
	"ended_at" timestamp (3) with time zone,
	"outcome" text NOT NULL,
	"removed_chunks" integer NOT NULL,
	"removed_rows" double precision NOT NULL,
	"removed_bytes" double precision NOT NULL
);
