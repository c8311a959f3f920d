export const useStatementScope = () => ({});
