/** The cookie that carries an operator's session. */
export const SESSION_COOKIE = 'perch_session';
