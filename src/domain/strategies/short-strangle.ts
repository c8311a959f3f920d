import { appendStrangles, STRANGLE_WINDOW } from './strangles.ts';
import type { Strategy } from './strategy.ts';
import { strategyCode } from './strategy-code.ts';

const CODE = strategyCode('SHORT_STRANGLE');

export const shortStrangle: Strategy = {
  id: 'SHORT_STRANGLE',
  name: 'Short strangle',
  description:
    'A put and a call with a higher strike, both sold, |delta| 0.05 to 0.45 and within 0.05 of each other. Wins when the underlying stays near; the loss is not limited.',
  shortPremium: true,
  definedRisk: false,
  maximumPerExpiration: STRANGLE_WINDOW.size,
  generate: (context, batch) => appendStrangles(CODE, -1, context, batch),
};
