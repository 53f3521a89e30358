import path from 'node:path';

/** What the Dockerfile adds to its base image. */
export interface Recipe {
  /** As the configuration of an OCI image names it. */
  readonly config: {
    readonly User: string;
    readonly WorkingDir: string;
    readonly Env: readonly string[];
    readonly Entrypoint: readonly string[];
  };
  /** Files of the checkout, and where they are in the image (absolute). */
  readonly copies: readonly { readonly from: string; readonly to: string }[];
}

/**
 * Reads the few instructions that our Dockerfile is made of, so that an image that is put together without a builder
 * cannot differ from one that a builder makes. Throws at any other.
 */
export function readDockerfile(text: string): Recipe {
  const config = { User: '', WorkingDir: '/', Env: new Array<string>(), Entrypoint: new Array<string>() };
  const copies: { from: string; to: string }[] = [];
  for (const line of text.split('\n').filter((line) => line !== '' && !line.startsWith('#'))) {
    const [instruction = '', ...words] = line.split(' ');
    const rest = words.join(' ');
    switch (instruction) {
      case 'ARG':
      case 'FROM':
        break;
      case 'ENV':
        config.Env.push(rest);
        break;
      case 'WORKDIR':
        config.WorkingDir = rest;
        break;
      case 'USER':
        config.User = rest;
        break;
      case 'ENTRYPOINT':
        config.Entrypoint = JSON.parse(rest) as string[];
        break;
      case 'COPY': {
        const folder = words.at(-1) ?? '';
        copies.push(...words.slice(0, -1).map((from) => ({ from, to: path.posix.join(folder, path.basename(from)) })));
        break;
      }
      default:
        throw new Error(`an image without a builder cannot hold what this line says: ${line}`);
    }
  }
  return { config, copies };
}
