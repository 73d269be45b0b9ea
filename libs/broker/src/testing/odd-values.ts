/** JSON values that stand where others are wanted. */
export const oddValues = [null, -1, 0, 1e308, true, {}, [], [[]], { a: [1, 'x'] }, 'text', '\ud800', ['a', null, {}]];
