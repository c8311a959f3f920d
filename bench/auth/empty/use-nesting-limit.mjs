export const useNestingLimit = () => ({});
