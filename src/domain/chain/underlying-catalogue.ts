import type { Settlement } from '../calendar/expiration-moment.ts';
import type { ExerciseStyle, UnderlyingKind, UnderlyingProfile } from './underlying-profile.ts';

/**
 * An index, how its options are exercised, and the settlement of each root listed on it. Source: Cboe and Nasdaq contract specifications.
 */
interface IndexEntry {
  readonly exerciseStyle: ExerciseStyle;
  readonly roots: Readonly<Record<string, Settlement>>;
}

const INDEXES: Readonly<Record<string, IndexEntry>> = {
  SPX: { exerciseStyle: 'EUROPEAN', roots: { SPX: 'US_AM', SPXW: 'US_PM', SPXPM: 'US_PM' } },
  XSP: { exerciseStyle: 'EUROPEAN', roots: { XSP: 'US_PM' } },
  RUT: { exerciseStyle: 'EUROPEAN', roots: { RUT: 'US_AM', RUTW: 'US_PM' } },
  MRUT: { exerciseStyle: 'EUROPEAN', roots: { MRUT: 'US_PM' } },
  NDX: { exerciseStyle: 'EUROPEAN', roots: { NDX: 'US_AM', NDXP: 'US_PM' } },
  XND: { exerciseStyle: 'EUROPEAN', roots: { XND: 'US_PM' } },
  VIX: { exerciseStyle: 'EUROPEAN', roots: { VIX: 'US_AM', VIXW: 'US_AM' } },
  DJX: { exerciseStyle: 'EUROPEAN', roots: { DJX: 'US_AM' } },
  OEX: { exerciseStyle: 'AMERICAN', roots: { OEX: 'US_PM' } },
  XEO: { exerciseStyle: 'EUROPEAN', roots: { XEO: 'US_PM' } },
  MXEA: { exerciseStyle: 'EUROPEAN', roots: { MXEA: 'US_AM' } },
  MXEF: { exerciseStyle: 'EUROPEAN', roots: { MXEF: 'US_AM' } },
};

/** Exchange-traded products with the most option volume; another one is taken for a stock, which changes nothing but its kind. */
const FUNDS: ReadonlySet<string> = new Set(
  (
    'SPY QQQ IWM DIA VOO IVV VTI RSP EEM EFA VWO FXI EWZ EWJ KWEB INDA GLD SLV GDX GDXJ USO UNG TLT IEF SHY HYG LQD JNK AGG ' +
    'XLF XLE XLK XLV XLI XLU XLP XLY XLB XLRE XLC XBI XOP XRT XHB XME KRE IYR ITB SMH SOXX IBB OIH JETS ARKK ' +
    'VXX UVXY SVXY UVIX SVIX VIXY TQQQ SQQQ QLD SPXL SPXS UPRO SPXU SSO SDS SOXL SOXS TNA TZA LABU LABD FAS FAZ TMF BOIL KOLD NUGT JNUG ' +
    'IBIT FBTC GBTC BITO ETHA ETHE MSTU MSTZ NVDL TSLL'
  ).split(' '),
);

/**
 * The profile of a US underlying (stock, fund or index; options on an OCC symbology). A symbol nobody knows is a stock with American
 * options.
 */
export function usUnderlying(symbol: string): UnderlyingProfile {
  const index = Object.hasOwn(INDEXES, symbol) ? INDEXES[symbol] : undefined;
  let kind: UnderlyingKind = 'EQUITY';
  if (index) kind = 'INDEX';
  else if (FUNDS.has(symbol)) kind = 'ETF';
  return { symbol, kind, exerciseStyle: index?.exerciseStyle ?? 'AMERICAN', symbology: 'OCC', contractMultiplier: 100, currency: 'USD' };
}

/** The profile of a coin with options on Deribit. Contract sizes other than 1 (some linear ones) are the feed's to override. */
export function deribitUnderlying(symbol: string): UnderlyingProfile {
  return { symbol, kind: 'CRYPTO', exerciseStyle: 'EUROPEAN', symbology: 'DERIBIT', contractMultiplier: 1, currency: 'USD' };
}

/** Symbol of the underlying an OCC root is listed on: SPXW belongs to SPX; a root nobody knows is its own underlying. */
export function underlyingOfRoot(root: string): string {
  for (const symbol of Object.keys(INDEXES)) if (Object.hasOwn(INDEXES[symbol]!.roots, root)) return symbol;
  return root;
}

/**
 * How contracts of a root settle, or null when the root is not one of this underlying's: adjusted contracts (AAPL1: another deliverable)
 * and strangers in a file. On Deribit the linear contracts (SOL_USDC) belong to their coin.
 */
export function settlementOf(underlying: UnderlyingProfile, root: string): Settlement | null {
  const { symbol } = underlying;
  if (underlying.symbology === 'DERIBIT') return root === symbol || root.startsWith(`${symbol}_`) ? 'DERIBIT' : null;
  if (Object.hasOwn(INDEXES, symbol)) return Object.hasOwn(INDEXES[symbol]!.roots, root) ? INDEXES[symbol]!.roots[root]! : null;
  // OCC roots carry no punctuation: BRK.B and BRK/B are listed as BRKB.
  return root === symbol || root === symbol.replace(/[^A-Z0-9]/g, '') ? 'US_PM' : null;
}
