import { LOCAL_ADMIN } from '../../../dist/domain/access/viewer.js';

export const createAuthenticator = () => ({ isConfigured: true, authenticate: async () => LOCAL_ADMIN });
