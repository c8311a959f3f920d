/** A process of its own that rolls up what is stored in the given database. It runs until it is killed. */
import './end-with-the-run.ts';
import { aRollupProcess } from './a-rollup-process.ts';

const { refresher } = aRollupProcess(process.env.ROLLUP_DATABASE_URL!);
refresher.start();
// The refresher's pauses do not keep a process alive by themselves.
setInterval(() => {}, 1_000_000);
process.stdout.write('refreshing\n');
