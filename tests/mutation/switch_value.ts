export const value: number = 0;
