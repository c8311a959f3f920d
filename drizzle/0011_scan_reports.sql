CREATE TABLE "scan_reports" (
	"sequence" bigint NOT NULL,
	"reported_at" timestamp (3) with time zone NOT NULL,
	"id" uuid NOT NULL,
	"symbol" text NOT NULL,
	"scan_run_id" uuid NOT NULL,
	"quoted_at" timestamp (3) with time zone NOT NULL,
	"duration_ms" double precision NOT NULL,
	"contracts" integer NOT NULL,
	"candidates" integer NOT NULL,
	"filters" jsonb NOT NULL,
	"strategies" jsonb NOT NULL,
	CONSTRAINT "scan_reports_reported_at_sequence_pk" PRIMARY KEY("reported_at","sequence")
);
--> statement-breakpoint
CREATE INDEX "scan_reports_id" ON "scan_reports" USING btree ("id");--> statement-breakpoint
CREATE INDEX "scan_reports_symbol" ON "scan_reports" USING btree ("symbol","reported_at","sequence");