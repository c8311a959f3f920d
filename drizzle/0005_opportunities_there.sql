ALTER TABLE "opportunity_changes" RENAME COLUMN "last_score" TO "best_score";--> statement-breakpoint
UPDATE "opportunity_changes" SET "best_score" = ("opportunity"->>'bestScore')::double precision;--> statement-breakpoint
-- Two servers that scanned the same underlying had an episode each: the one that entered last goes on.
UPDATE "opportunities" AS "older" SET "left_at" = "last_seen_at", "leave_reason" = 'NOT_FOUND'
WHERE "left_at" IS NULL AND EXISTS (
	SELECT 1 FROM "opportunities" AS "newer"
	WHERE "newer"."filter_id" = "older"."filter_id" AND "newer"."legs_key" = "older"."legs_key" AND "newer"."left_at" IS NULL AND "newer"."id" > "older"."id"
);--> statement-breakpoint
CREATE UNIQUE INDEX "opportunities_there" ON "opportunities" USING btree ("filter_id","legs_key") WHERE "opportunities"."left_at" is null;
