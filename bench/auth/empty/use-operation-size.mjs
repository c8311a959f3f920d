export const useOperationSize = () => ({});
