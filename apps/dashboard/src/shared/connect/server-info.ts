import { queryOptions } from '@tanstack/react-query';
import { serverInfoOptions } from '../api/generated/@tanstack/react-query.gen.js';

/** Which broker this is and where it listens; it does not change while the server runs. */
export const serverInfo = () => queryOptions({ ...serverInfoOptions(), staleTime: 5 * 60_000 });
