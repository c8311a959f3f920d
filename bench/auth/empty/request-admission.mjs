import { LOCAL_ADMIN } from '../../../dist/domain/access/viewer.js';

export const createRequestAdmission = ({ limitsOf }) => ({
  plugin: {},
  viewerOf: () => LOCAL_ADMIN,
  limitsOf: () => limitsOf(LOCAL_ADMIN),
  admitBatch: async () => {},
  isBatch: () => false,
});
