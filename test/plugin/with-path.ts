import process from 'node:process';

/** Runs with these folders, and no others, as those in which programs are found. */
export async function withPath<T>(folders: string, use: () => Promise<T>): Promise<T> {
  const before = process.env['PATH'];
  process.env['PATH'] = folders;
  try {
    return await use();
  } finally {
    process.env['PATH'] = before;
  }
}
