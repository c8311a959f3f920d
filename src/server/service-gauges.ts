import { Gauge, type Registry } from 'prom-client';

/** What is read anew at each collection. */
export interface ServiceReadings {
  subscriptions(): number;
  pendingResults(): number;
  isStoring(): boolean;
  isBusConnected(): boolean;
  contractsPerSecond(): number;
}

export function registerServiceGauges(registry: Registry, readings: ServiceReadings): void {
  const gauge = (name: string, help: string, read: () => number) =>
    new Gauge({
      name,
      help,
      registers: [registry],
      collect() {
        this.set(read());
      },
    });
  gauge('strikewire_subscriptions', 'Open subscriptions, over all transports.', readings.subscriptions);
  gauge('strikewire_results_pending', 'Results taken over and not yet stored.', readings.pendingResults);
  gauge('strikewire_results_storing', '1 while results can be stored, 0 while they are held because the database is away.', () =>
    Number(readings.isStoring()),
  );
  gauge(
    'strikewire_bus_connected',
    '1 while events reach other processes over the bus and theirs reach this one, 0 while only through the database.',
    () => Number(readings.isBusConnected()),
  );
  gauge(
    'strikewire_contracts_per_second',
    'Option contracts evaluated per second, over the last ten seconds.',
    readings.contractsPerSecond,
  );
}
