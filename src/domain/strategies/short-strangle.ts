import { appendStrangles, STRANGLE_WINDOW } from './strangles.ts';
import type { Strategy } from './strategy.ts';
import { strategyCode } from './strategy-code.ts';

const CODE = strategyCode('SHORT_STRANGLE');

export const shortStrangle: Strategy = {
  id: 'SHORT_STRANGLE',
  name: 'Short strangle',
  description:
    'A put and a call with a higher strike, both sold, |delta| 0.06 to 0.46 and about the same. Wins when the underlying stays near; the loss is not limited.',
  shortPremium: true,
  definedRisk: false,
  maximumPerExpiration: STRANGLE_WINDOW.size,
  generate: (context, batch) => appendStrangles(CODE, -1, context, batch),
};
