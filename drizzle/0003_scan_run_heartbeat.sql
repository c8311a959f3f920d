CREATE TABLE "scan_processes" (
	"id" uuid PRIMARY KEY NOT NULL,
	"heartbeat_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
ALTER TABLE "scan_runs" ADD COLUMN "process_id" uuid;