CREATE TABLE "data_origins" (
	"origin" text PRIMARY KEY NOT NULL,
	"first_used_at" timestamp (3) with time zone NOT NULL
);
