/*
 * Implied volatility and five greeks of every contract of a chain, on one core: the product, the npm packages for the same job, and what the exponentials,
 * logarithms and roots of the formula cost alone.
 */
import { createRequire } from 'node:module';
import { createChainPricer } from '../dist/domain/pricing/chain-pricer.js';
import type { PreparedChain } from '../dist/domain/pricing/prepared-chain.js';
import { flatRateCurve } from '../dist/domain/pricing/rate-curve.js';
import { compareRounds } from './compare-rounds.ts';
import type { Report } from './report.ts';
import { type SyntheticChain, syntheticChain } from './synthetic-chain.ts';

const CONTRACTS = 20_000;
/** The packages take milliseconds a contract: they get every STRIDE-th contract. */
const STRIDE = 500;
/** Volatility the product must get back. */
const TOLERANCE = 1e-6;
/** The packages stop within a cent of the price at best: their volatility must be near where a cent does not move it. */
const PEER_TOLERANCE = 0.02;

interface BlackScholesPackages {
  impliedVolatility(price: number, spot: number, strike: number, years: number, rate: number, right: string): number;
  delta(spot: number, strike: number, years: number, volatility: number, rate: number, right: string): number;
  gamma(spot: number, strike: number, years: number, volatility: number, rate: number): number;
  vega(spot: number, strike: number, years: number, volatility: number, rate: number): number;
  theta(spot: number, strike: number, years: number, volatility: number, rate: number, right: string): number;
  rho(spot: number, strike: number, years: number, volatility: number, rate: number, right: string): number;
}

function loadPackages(): BlackScholesPackages {
  const require = createRequire(import.meta.url);
  const greeks = require('greeks');
  return {
    impliedVolatility: require('implied-volatility').getImpliedVolatility,
    delta: greeks.getDelta,
    gamma: greeks.getGamma,
    vega: greeks.getVega,
    theta: greeks.getTheta,
    rho: greeks.getRho,
  };
}

function runPackages(packages: BlackScholesPackages, chain: SyntheticChain, found: Float64Array): Float64Array {
  const { strike, right } = chain.snapshot.quotes;
  for (let row = 0; row < chain.snapshot.size; row += STRIDE) {
    const years = chain.yearFraction[row]!;
    // The packages know no dividends: the spot that gives the same forward.
    const spot = chain.forward[row]! * Math.exp(-chain.rate * years);
    const k = strike[row]!;
    const name = right[row] === 0 ? 'call' : 'put';
    const volatility = packages.impliedVolatility(chain.price[row]!, spot, k, years, chain.rate, name);
    found[row] = volatility;
    packages.delta(spot, k, years, volatility, chain.rate, name);
    packages.gamma(spot, k, years, volatility, chain.rate);
    packages.vega(spot, k, years, volatility, chain.rate);
    packages.theta(spot, k, years, volatility, chain.rate, name);
    packages.rho(spot, k, years, volatility, chain.rate, name);
  }
  return found;
}

function checkProduct(chain: SyntheticChain, priced: PreparedChain): void {
  const { impliedVolatility, delta, gamma, vega, theta, rho } = priced.columns;
  for (let row = 0; row < chain.snapshot.size; row++) {
    const error = Math.abs(impliedVolatility[row]! - chain.volatility[row]!);
    if (!(error <= TOLERANCE)) throw new Error(`row ${row}: expected volatility ${chain.volatility[row]}, got ${impliedVolatility[row]}`);
    const sum = delta[row]! + gamma[row]! + vega[row]! + theta[row]! + rho[row]!;
    if (!Number.isFinite(sum))
      throw new Error(`row ${row}: expected five greeks, got ${delta[row]}, ${gamma[row]}, ${vega[row]}, ${theta[row]}, ${rho[row]}`);
  }
}

function checkPackages(chain: SyntheticChain, vega: Float64Array, found: Float64Array): void {
  for (let row = 0; row < chain.snapshot.size; row += STRIDE) {
    // One point of volatility moves the price by at least a dime: the price tells the volatility.
    if (vega[row]! < 0.1) continue;
    const error = Math.abs(found[row]! - chain.volatility[row]!);
    if (!(error <= PEER_TOLERANCE))
      throw new Error(`packages, row ${row}: expected volatility near ${chain.volatility[row]}, got ${found[row]}`);
  }
}

/**
 * What any implementation pays for the functions alone: ln(F/K) and √(F·K) of the contract, the logarithm in each of two fourth-order solver steps, and the
 * exponential of the density in the greeks.
 */
function runFunctionsAlone(chain: SyntheticChain): number {
  const { strike } = chain.snapshot.quotes;
  let sum = 0;
  for (let row = 0; row < chain.snapshot.size; row++) {
    const x = Math.log(chain.forward[row]! / strike[row]!);
    const root = Math.sqrt(chain.forward[row]! * strike[row]!);
    const first = Math.log(chain.price[row]! / root);
    const second = Math.log(chain.price[row]! * root);
    sum += x + root + first + second + Math.exp(-0.5 * x * x);
  }
  return sum;
}

export async function run(): Promise<Report> {
  const chain = syntheticChain(1, CONTRACTS);
  const size = chain.snapshot.size;
  const pricer = createChainPricer({ rateCurve: () => flatRateCurve(chain.rate) });
  const packages = loadPackages();
  const reference = pricer.price(chain.snapshot);
  const found = new Float64Array(size);
  let held = pricer.price(chain.snapshot);
  const measured = await compareRounds({
    contestants: [
      {
        name: 'strikewire chain pricer',
        // As a scanner does: the last chain's memory is given back when the next one is due.
        run: () => {
          pricer.release(held);
          held = pricer.price(chain.snapshot);
          return held;
        },
        check: (answer) => checkProduct(chain, answer as PreparedChain),
      },
      {
        name: 'black-scholes + implied-volatility + greeks',
        run: () => runPackages(packages, chain, found),
        check: (answer) => checkPackages(chain, reference.columns.vega, answer as Float64Array),
      },
      {
        name: 'exp, log and sqrt of the formula alone',
        run: () => runFunctionsAlone(chain),
        check: (answer) => {
          if (!Number.isFinite(answer)) throw new Error(`expected a finite sum, got ${answer}`);
        },
      },
    ],
    rounds: 31,
    warmup: 20,
    clock: 'cpu',
  });
  const contracts = [size, Math.ceil(size / STRIDE), size];
  const nanoseconds = measured.map(({ medianMs }, index) => (medianMs * 1e6) / contracts[index]!);
  const [ours, peers, limit] = nanoseconds as [number, number, number];
  const perSecond = 1e9 / ours;
  return {
    title: `Implied volatility + delta, gamma, vega, theta, rho per contract: ${size} contracts, ${chain.snapshot.expirations.length} expirations, one core`,
    peers: ['black-scholes', 'implied-volatility', 'greeks'],
    header: ['contestant', 'contracts', 'median CPU ms', 'ns/contract', 'contracts/s', '× ours'],
    rows: measured.map(({ name, medianMs }, index) => [
      name,
      String(contracts[index]),
      medianMs.toFixed(3),
      nanoseconds[index]!.toFixed(1),
      Math.round(1e9 / nanoseconds[index]!).toLocaleString('en-US'),
      (nanoseconds[index]! / ours).toFixed(2),
    ]),
    notes: [
      `checked: every volatility recovered within ${TOLERANCE}; the forward of every expiration found by parity inside the measured time`,
      `targets: ≥ 20 × the packages (${(peers / ours).toFixed(0)} ×), ≥ 500,000 contracts/s (${Math.round(perSecond).toLocaleString('en-US')}); ${(ours / limit).toFixed(2)} × the functions alone`,
    ],
    result: {
      contracts: size,
      contractsPerSecond: Math.round(perSecond),
      timesFasterThanPackages: Number((peers / ours).toFixed(1)),
      timesLimit: Number((ours / limit).toFixed(2)),
    },
  };
}
