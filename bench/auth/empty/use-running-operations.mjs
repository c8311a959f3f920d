export const useRunningOperations = () => ({});
