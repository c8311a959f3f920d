/* Strikewire as it ships, without scanning; further settings come from the environment. */
import { startProduct } from '../start-product.ts';
import { reportUsage } from './report-usage.ts';

const app = await startProduct();
reportUsage(app.address.port);
