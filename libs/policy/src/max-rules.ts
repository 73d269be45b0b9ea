/** Rules that a policy may have. More would make every save slow for everybody; templates with %c and %u keep lists short. */
export const MAX_RULES = 5000;
