import { lstat, unlink } from 'node:fs/promises';
import { connect } from 'node:net';
import { StartupError } from '../../boot/startup-error.js';

/** Makes room for a Unix socket: the file that a killed server left behind goes, whatever else is there stays. */
export async function clearStaleSocket(path: string): Promise<void> {
  const there = await lstat(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null;
    throw error;
  });
  if (there === null) return;
  if (!there.isSocket())
    throw new StartupError(`${path} is there already, and is no socket.`, 'Move it away, or choose another path.');
  if (await isServed(path))
    throw new StartupError(
      `The socket ${path} is in use by another program.`,
      'Stop that program, or choose another path.',
    );
  await unlink(path);
}

function isServed(path: string): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const socket = connect(path);
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', ({ code, ...error }: NodeJS.ErrnoException) => {
      if (code === 'ECONNREFUSED' || code === 'ENOENT') resolve(false);
      else
        reject(
          new StartupError(`The socket ${path} cannot be opened: ${code ?? error.message}.`, 'Choose another path.'),
        );
    });
  });
}
