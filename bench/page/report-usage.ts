/** Tells the parent the port, and from then on the processor time used, whenever it asks. */
export function reportUsage(port: number): void {
  process.on('message', () => {
    const { user, system } = process.cpuUsage();
    process.send?.({ microseconds: user + system });
  });
  process.on('disconnect', () => process.exit(0));
  process.send?.({ port });
}
