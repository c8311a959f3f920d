CREATE TABLE "alert_changes" (
	"sequence" bigint NOT NULL,
	"at" timestamp (3) with time zone NOT NULL,
	"id" uuid NOT NULL,
	"kind" text NOT NULL,
	"alert_id" uuid NOT NULL,
	"rule_id" uuid NOT NULL,
	"change" jsonb NOT NULL,
	CONSTRAINT "alert_changes_at_sequence_pk" PRIMARY KEY("at","sequence")
);
--> statement-breakpoint
CREATE TABLE "alert_rule_states" (
	"rule_id" uuid NOT NULL,
	"series_key" text NOT NULL,
	"group_values" jsonb NOT NULL,
	"state" jsonb NOT NULL,
	CONSTRAINT "alert_rule_states_rule_id_series_key_pk" PRIMARY KEY("rule_id","series_key")
);
--> statement-breakpoint
CREATE TABLE "alert_series" (
	"source" text NOT NULL,
	"subject" text NOT NULL,
	"metric" text NOT NULL,
	"transform" text NOT NULL,
	"at" timestamp (3) with time zone NOT NULL,
	"window" jsonb NOT NULL,
	CONSTRAINT "alert_series_source_subject_metric_transform_pk" PRIMARY KEY("source","subject","metric","transform")
);
--> statement-breakpoint
CREATE TABLE "alert_setting_changes" (
	"sequence" bigint NOT NULL,
	"at" timestamp (3) with time zone NOT NULL,
	"change" text NOT NULL,
	"setting_id" uuid NOT NULL,
	"revision" integer NOT NULL,
	"setting" jsonb NOT NULL,
	"actor" text NOT NULL,
	"reason" text,
	CONSTRAINT "alert_setting_changes_at_sequence_pk" PRIMARY KEY("at","sequence")
);
--> statement-breakpoint
CREATE TABLE "alert_settings" (
	"id" uuid PRIMARY KEY NOT NULL,
	"kind" text NOT NULL,
	"name" text,
	"owner" text,
	"is_private" boolean NOT NULL,
	"revision" integer NOT NULL,
	"value" jsonb NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL,
	"deleted_at" timestamp (3) with time zone,
	"idempotency_key" text,
	CONSTRAINT "alert_settings_idempotency_key_unique" UNIQUE("idempotency_key")
);
--> statement-breakpoint
CREATE TABLE "alerts" (
	"id" uuid PRIMARY KEY NOT NULL,
	"rule_id" uuid NOT NULL,
	"series_key" text NOT NULL,
	"status" text NOT NULL,
	"severity" text NOT NULL,
	"is_test" boolean NOT NULL,
	"fired_at" timestamp (3) with time zone NOT NULL,
	"snoozed_until" timestamp (3) with time zone,
	"resolved_at" timestamp (3) with time zone,
	"alert" jsonb NOT NULL
);
--> statement-breakpoint
CREATE INDEX "alert_changes_alert" ON "alert_changes" USING btree ("alert_id","sequence");--> statement-breakpoint
CREATE INDEX "alert_setting_changes_setting" ON "alert_setting_changes" USING btree ("setting_id","revision");--> statement-breakpoint
CREATE UNIQUE INDEX "alert_settings_name_unique" ON "alert_settings" USING btree ("kind",lower("name"),(case when "is_private" then "owner" else '' end)) WHERE "alert_settings"."deleted_at" is null and "alert_settings"."name" is not null;--> statement-breakpoint
CREATE INDEX "alerts_rule" ON "alerts" USING btree ("rule_id","id");--> statement-breakpoint
CREATE INDEX "alerts_open" ON "alerts" USING btree ("id") WHERE "alerts"."status" <> 'RESOLVED';--> statement-breakpoint
CREATE UNIQUE INDEX "alerts_series_open" ON "alerts" USING btree ("rule_id","series_key") WHERE "alerts"."status" <> 'RESOLVED' and not "alerts"."is_test";