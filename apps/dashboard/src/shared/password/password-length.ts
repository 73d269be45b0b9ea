/** The shortest password of a person who decides over every device. */
export const MIN_OPERATOR_PASSWORD = 12;
