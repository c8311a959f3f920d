CREATE TABLE "notification_channel_states" (
	"channel_id" uuid PRIMARY KEY NOT NULL,
	"leased_by" uuid,
	"leased_until" timestamp (3) with time zone,
	"failures" integer DEFAULT 0 NOT NULL,
	"open_until" timestamp (3) with time zone,
	"paused_until" timestamp (3) with time zone,
	"tokens" double precision,
	"tokens_at" timestamp (3) with time zone
);
--> statement-breakpoint
CREATE TABLE "notification_channels" (
	"id" uuid PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"kind" text NOT NULL,
	"settings" jsonb NOT NULL,
	"sealed_secrets" text,
	"enabled" boolean NOT NULL,
	"disabled_reason" text,
	"rate_limit_per_minute" integer,
	"digest_window_ms" integer NOT NULL,
	"owner" text NOT NULL,
	"revision" integer NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL,
	"deleted_at" timestamp (3) with time zone
);
--> statement-breakpoint
CREATE TABLE "notification_attempts" (
	"id" uuid PRIMARY KEY NOT NULL,
	"delivery_id" uuid NOT NULL,
	"channel_id" uuid NOT NULL,
	"number" integer NOT NULL,
	"notifications" integer NOT NULL,
	"started_at" timestamp (3) with time zone NOT NULL,
	"duration_ms" integer NOT NULL,
	"outcome" text NOT NULL,
	"status" integer,
	"response_excerpt" text,
	"error" text
);
--> statement-breakpoint
CREATE TABLE "notifications" (
	"id" uuid PRIMARY KEY NOT NULL,
	"channel_id" uuid NOT NULL,
	"alert_id" uuid,
	"kind" text NOT NULL,
	"subject" text NOT NULL,
	"body" text NOT NULL,
	"payload" jsonb NOT NULL,
	"state" text NOT NULL,
	"reason" text,
	"delivery_id" uuid,
	"attempts" integer DEFAULT 0 NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"queued_at" timestamp (3) with time zone NOT NULL,
	"next_attempt_at" timestamp (3) with time zone,
	"delivered_at" timestamp (3) with time zone
);
--> statement-breakpoint
CREATE UNIQUE INDEX "notification_channels_name_unique" ON "notification_channels" USING btree (lower("name")) WHERE "notification_channels"."deleted_at" is null;--> statement-breakpoint
CREATE INDEX "notification_attempts_delivery" ON "notification_attempts" USING btree ("delivery_id","number");--> statement-breakpoint
CREATE INDEX "notification_attempts_channel" ON "notification_attempts" USING btree ("channel_id","id");--> statement-breakpoint
CREATE INDEX "notifications_due" ON "notifications" USING btree ("channel_id","next_attempt_at") WHERE "notifications"."state" = 'QUEUED';--> statement-breakpoint
CREATE INDEX "notifications_channel" ON "notifications" USING btree ("channel_id","id");--> statement-breakpoint
CREATE INDEX "notifications_alert" ON "notifications" USING btree ("alert_id","id");--> statement-breakpoint
CREATE INDEX "notifications_delivery" ON "notifications" USING btree ("delivery_id");--> statement-breakpoint
CREATE INDEX "notifications_dead" ON "notifications" USING btree ("id") WHERE "notifications"."state" = 'DEAD';