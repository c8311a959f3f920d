/** Under which the evaluator keeps its places in the streams. */
export const ALERT_CONSUMER = 'alerts';
