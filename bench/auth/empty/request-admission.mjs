import { LOCAL_ADMIN } from '../../../dist/domain/access/viewer.js';

export const createRequestAdmission = ({ limitsOf }) => ({
  plugin: {},
  limitsOf: () => limitsOf(LOCAL_ADMIN),
  admitBatch: async () => {},
  isBatch: () => false,
});
