import { readFileSync } from 'node:fs';
import { cpus } from 'node:os';

export interface Report {
  readonly title: string;
  /** Packages of bench/node_modules measured here; their versions are printed. */
  readonly peers: readonly string[];
  readonly header: readonly string[];
  readonly rows: readonly (readonly string[])[];
  /** What the numbers mean, the targets and the like; printed under the table. */
  readonly notes: readonly string[];
  /** The ratios (and absolute figures) a machine reads; printed as the last line. */
  readonly result: Readonly<Record<string, number | boolean | string>>;
}

/** Prints machine and versions, the table, the notes and, as the last line, one JSON object. */
export function printReport(name: string, report: Report, print: (line: string) => void): void {
  const versions = Object.fromEntries(report.peers.map((peer) => [peer, peerVersion(peer)]));
  const cpu = cpus()[0]?.model ?? 'unknown';
  print(report.title);
  print(`node ${process.version}, ${cpu}, ${cpus().length} cores, ${process.platform} ${process.arch}`);
  if (report.peers.length > 0) print(`peers: ${report.peers.map((peer) => `${peer} ${versions[peer]}`).join(', ')}`);
  print('');
  for (const line of formatTable(report.header, report.rows)) print(line);
  print('');
  for (const note of report.notes) print(note);
  print(JSON.stringify({ bench: name, ...report.result, node: process.version, cpu, peers: versions }));
}

function formatTable(header: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const widths = header.map((title, column) => Math.max(title.length, ...rows.map((row) => row[column]!.length)));
  const format = (row: readonly string[]) =>
    row.map((cell, column) => (column === 0 ? cell.padEnd(widths[column]!) : cell.padStart(widths[column]!))).join('  ');
  return [format(header), widths.map((width) => '-'.repeat(width)).join('  '), ...rows.map(format)];
}

function peerVersion(peer: string): string {
  return JSON.parse(readFileSync(new URL(`./node_modules/${peer}/package.json`, import.meta.url), 'utf8')).version;
}
