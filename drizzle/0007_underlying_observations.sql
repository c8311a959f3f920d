CREATE TABLE "underlying_observations" (
	"sequence" bigint NOT NULL,
	"observed_at" timestamp (3) with time zone NOT NULL,
	"id" uuid NOT NULL,
	"symbol" text NOT NULL,
	"scan_run_id" uuid NOT NULL,
	"quoted_at" timestamp (3) with time zone NOT NULL,
	"price" double precision,
	"implied_volatility30d" double precision,
	"implied_volatility60d" double precision,
	"term_slope" double precision,
	"skew25_delta" double precision,
	"iv_rank" double precision,
	"iv_percentile" double precision,
	"expected_move30d" double precision,
	"volume" double precision,
	"open_interest" double precision,
	"put_call_volume_ratio" double precision,
	"put_call_open_interest_ratio" double precision,
	"gamma_exposure" double precision,
	CONSTRAINT "underlying_observations_observed_at_sequence_pk" PRIMARY KEY("observed_at","sequence")
);
--> statement-breakpoint
CREATE INDEX "underlying_observations_id" ON "underlying_observations" USING btree ("id");--> statement-breakpoint
CREATE INDEX "underlying_observations_symbol" ON "underlying_observations" USING btree ("symbol","observed_at","sequence");