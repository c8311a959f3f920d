const leave = () => {};

export const createAdmission = () => ({
  admit: async () => {},
  runOperation: () => leave,
  subscribe: () => leave,
  openSocket: () => leave,
  left: async () => ({ operations: 0, resetAfterMs: 0 }),
});
