CREATE TABLE "leases" (
	"name" text PRIMARY KEY NOT NULL,
	"owner" uuid NOT NULL,
	"until" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "stream_positions" (
	"consumer" text NOT NULL,
	"stream" text NOT NULL,
	"sequence" bigint NOT NULL,
	"at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "stream_positions_consumer_stream_pk" PRIMARY KEY("consumer","stream")
);
