CREATE TABLE "filter_changes" (
	"sequence" bigint NOT NULL,
	"at" timestamp (3) with time zone NOT NULL,
	"kind" text NOT NULL,
	"filter_id" uuid NOT NULL,
	"revision" integer NOT NULL,
	"filter" jsonb NOT NULL,
	CONSTRAINT "filter_changes_at_sequence_pk" PRIMARY KEY("at","sequence")
);
