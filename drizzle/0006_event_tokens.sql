CREATE TABLE "event_tokens" (
	"token_hash" text PRIMARY KEY NOT NULL,
	"viewer" jsonb NOT NULL,
	"expires_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE INDEX "event_tokens_expires_at" ON "event_tokens" USING btree ("expires_at");