CREATE TABLE "opportunities" (
	"id" uuid PRIMARY KEY NOT NULL,
	"filter_id" uuid NOT NULL,
	"filter_revision" integer NOT NULL,
	"symbol" text NOT NULL,
	"strategy" text NOT NULL,
	"expiration" date NOT NULL,
	"expires_at" timestamp (3) with time zone NOT NULL,
	"legs" jsonb NOT NULL,
	"legs_key" text NOT NULL,
	"first_seen_at" timestamp (3) with time zone NOT NULL,
	"last_seen_at" timestamp (3) with time zone NOT NULL,
	"left_at" timestamp (3) with time zone,
	"leave_reason" text,
	"best_score" double precision NOT NULL,
	"last_score" double precision NOT NULL,
	"observations" integer NOT NULL,
	"latest_result_id" uuid NOT NULL
);
--> statement-breakpoint
CREATE TABLE "opportunity_changes" (
	"sequence" bigint NOT NULL,
	"at" timestamp (3) with time zone NOT NULL,
	"id" uuid NOT NULL,
	"kind" text NOT NULL,
	"filter_id" uuid NOT NULL,
	"symbol" text NOT NULL,
	"strategy" text NOT NULL,
	"last_score" double precision NOT NULL,
	"opportunity" jsonb NOT NULL,
	CONSTRAINT "opportunity_changes_at_sequence_pk" PRIMARY KEY("at","sequence")
);
--> statement-breakpoint
CREATE INDEX "opportunities_filter" ON "opportunities" USING btree ("filter_id","id");--> statement-breakpoint
CREATE INDEX "opportunities_symbol" ON "opportunities" USING btree ("symbol","id");--> statement-breakpoint
CREATE INDEX "opportunities_active" ON "opportunities" USING btree ("id") WHERE "opportunities"."left_at" is null;--> statement-breakpoint
CREATE INDEX "opportunity_changes_id" ON "opportunity_changes" USING btree ("id");--> statement-breakpoint
CREATE INDEX "opportunity_changes_filter" ON "opportunity_changes" USING btree ("filter_id","at","sequence");--> statement-breakpoint
CREATE INDEX "opportunity_changes_symbol" ON "opportunity_changes" USING btree ("symbol","at","sequence");