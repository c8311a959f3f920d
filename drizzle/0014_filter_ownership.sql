DROP INDEX "filters_name_unique";--> statement-breakpoint
ALTER TABLE "filter_changes" ADD COLUMN "actor" text;--> statement-breakpoint
ALTER TABLE "filter_changes" ADD COLUMN "reason" text;--> statement-breakpoint
ALTER TABLE "filters" ADD COLUMN "owner_subject" text;--> statement-breakpoint
ALTER TABLE "filters" ADD COLUMN "visibility" text DEFAULT 'SHARED' NOT NULL;--> statement-breakpoint
CREATE INDEX "filter_changes_filter" ON "filter_changes" USING btree ("filter_id","revision");--> statement-breakpoint
CREATE UNIQUE INDEX "filters_name_unique" ON "filters" USING btree (lower("name"),(case when "visibility" = 'PRIVATE' then "owner_subject" else '' end)) WHERE "filters"."deleted_at" is null;--> statement-breakpoint
UPDATE "filter_changes" SET "filter" = '{"ownerSubject": null, "visibility": "SHARED"}'::jsonb || "filter";
