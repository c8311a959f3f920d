CREATE TABLE "filters" (
	"id" uuid PRIMARY KEY NOT NULL,
	"preset_key" text,
	"name" text NOT NULL,
	"description" text NOT NULL,
	"criteria" jsonb NOT NULL,
	"enabled" boolean NOT NULL,
	"revision" integer NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL,
	"deleted_at" timestamp (3) with time zone,
	"idempotency_key" text,
	CONSTRAINT "filters_preset_key_unique" UNIQUE("preset_key"),
	CONSTRAINT "filters_idempotency_key_unique" UNIQUE("idempotency_key")
);
--> statement-breakpoint
CREATE TABLE "scan_results" (
	"sequence" bigint NOT NULL,
	"detected_at" timestamp (3) with time zone NOT NULL,
	"id" uuid NOT NULL,
	"scan_run_id" uuid NOT NULL,
	"filter_id" uuid NOT NULL,
	"filter_revision" integer NOT NULL,
	"symbol" text NOT NULL,
	"strategy" text NOT NULL,
	"expiration" date NOT NULL,
	"quoted_at" timestamp (3) with time zone NOT NULL,
	"market_state" text NOT NULL,
	"legs_key" text NOT NULL,
	"legs" jsonb NOT NULL,
	"score_components" jsonb NOT NULL,
	"reasons" text[] NOT NULL,
	"underlying_price" double precision,
	"days_to_expiration" double precision,
	"moneyness" double precision,
	"bid" double precision,
	"ask" double precision,
	"mark" double precision,
	"spread" double precision,
	"spread_percent" double precision,
	"volume" double precision,
	"open_interest" double precision,
	"volume_to_open_interest" double precision,
	"premium" double precision,
	"implied_volatility" double precision,
	"iv_rank" double precision,
	"iv_percentile" double precision,
	"delta" double precision,
	"short_delta" double precision,
	"gamma" double precision,
	"theta" double precision,
	"vega" double precision,
	"rho" double precision,
	"net_credit" double precision,
	"max_profit" double precision,
	"max_loss" double precision,
	"breakeven_lower" double precision,
	"breakeven_upper" double precision,
	"probability_of_profit" double precision,
	"probability_in_the_money" double precision,
	"expected_value" double precision,
	"return_on_risk" double precision,
	"annualized_return" double precision,
	"expected_move" double precision,
	"theta_yield" double precision,
	"score" double precision,
	CONSTRAINT "scan_results_detected_at_sequence_pk" PRIMARY KEY("detected_at","sequence")
);
--> statement-breakpoint
CREATE TABLE "scan_runs" (
	"id" uuid PRIMARY KEY NOT NULL,
	"kind" text NOT NULL,
	"state" text NOT NULL,
	"symbols" text[] NOT NULL,
	"filter_ids" uuid[],
	"requested_at" timestamp (3) with time zone NOT NULL,
	"started_at" timestamp (3) with time zone,
	"finished_at" timestamp (3) with time zone,
	"symbols_done" integer NOT NULL,
	"contracts" bigint NOT NULL,
	"candidates" bigint NOT NULL,
	"results" bigint NOT NULL,
	"duplicates" bigint NOT NULL,
	"drops" jsonb NOT NULL,
	"failures" jsonb NOT NULL,
	"idempotency_key" text,
	CONSTRAINT "scan_runs_idempotency_key_unique" UNIQUE("idempotency_key")
);
--> statement-breakpoint
CREATE TABLE "stream_heads" (
	"stream" text PRIMARY KEY NOT NULL,
	"last_sequence" bigint NOT NULL,
	"last_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "underlying_volatility_days" (
	"symbol" text NOT NULL,
	"day" date NOT NULL,
	"implied_volatility_30d" double precision NOT NULL,
	CONSTRAINT "underlying_volatility_days_symbol_day_pk" PRIMARY KEY("symbol","day")
);
--> statement-breakpoint
CREATE TABLE "underlyings" (
	"symbol" text PRIMARY KEY NOT NULL,
	"kind" text NOT NULL,
	"exercise_style" text NOT NULL,
	"symbology" text NOT NULL,
	"contract_multiplier" double precision NOT NULL,
	"currency" text NOT NULL,
	"price" double precision,
	"implied_volatility_30d" double precision,
	"contracts" integer NOT NULL,
	"expirations" integer NOT NULL,
	"quoted_at" timestamp (3) with time zone NOT NULL,
	"scanned_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX "filters_name_unique" ON "filters" USING btree (lower("name")) WHERE "filters"."deleted_at" is null;--> statement-breakpoint
CREATE INDEX "scan_results_id" ON "scan_results" USING btree ("id");--> statement-breakpoint
CREATE INDEX "scan_results_filter" ON "scan_results" USING btree ("filter_id","detected_at","sequence");--> statement-breakpoint
CREATE INDEX "scan_results_symbol" ON "scan_results" USING btree ("symbol","detected_at","sequence");--> statement-breakpoint
CREATE INDEX "scan_results_run" ON "scan_results" USING btree ("scan_run_id","detected_at","sequence");--> statement-breakpoint
CREATE INDEX "scan_results_score" ON "scan_results" USING btree ("score","sequence");--> statement-breakpoint
CREATE INDEX "scan_results_return_on_risk" ON "scan_results" USING btree ("return_on_risk","sequence");--> statement-breakpoint
CREATE INDEX "scan_runs_state" ON "scan_runs" USING btree ("state");