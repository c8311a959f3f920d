CREATE UNLOGGED TABLE "client_connections" (
	"id" uuid PRIMARY KEY NOT NULL,
	"process_id" uuid NOT NULL,
	"transport" text NOT NULL,
	"subject" text NOT NULL,
	"viewer_kind" text NOT NULL,
	"roles" text[] NOT NULL,
	"credential_id" text,
	"client_address" text,
	"opened_at" timestamp (3) with time zone NOT NULL,
	"expires_at" timestamp (3) with time zone,
	"subscriptions" integer NOT NULL,
	"backlog_rows" integer NOT NULL,
	"backlog_bytes" bigint NOT NULL,
	"missed" bigint NOT NULL,
	"sent_bytes" bigint NOT NULL
);
--> statement-breakpoint
CREATE UNLOGGED TABLE "connection_processes" (
	"id" uuid PRIMARY KEY NOT NULL,
	"heartbeat_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE INDEX "client_connections_process_id" ON "client_connections" USING btree ("process_id");--> statement-breakpoint
CREATE INDEX "client_connections_subject" ON "client_connections" USING btree ("subject","id");