import type { Login } from '../../../../shared/registry/secret.ts';
import type { Repository } from '../../../registry/line.ts';

/** How one repository is reached. */
export interface Access {
  readonly repository: Repository;
  readonly plainHttp: boolean;
  readonly login: Login | null;
}

/** What an engine must know of both sides; it gets it in files, so that no secret is in its arguments. */
export interface Accesses {
  readonly source: Access;
  readonly target: Access;
  /** CA certificates of registries (PEM). */
  readonly ca: string | undefined;
  /** A file that this machine's skopeo reads its signature policy from; null where there is none. */
  readonly signaturePolicy: string | null;
}

/** One image to copy, by digest only. */
export interface Order {
  readonly source: Repository;
  readonly target: Repository;
  readonly digest: string;
  /** The tag that the copy gets; null where it is found by its digest. */
  readonly tag: string | null;
  /**
   * The manifests of the index to take along, where it is not to be copied with all: its bytes stay the same, and with them
   * its digest, but a registry that insists on all of them refuses it. Null for the whole.
   */
  readonly children: readonly { readonly digest: string; readonly platform: string | null }[] | null;
  /** What refers to the image: by its own tag, or by digest for what is found in the referrers list. */
  readonly artifacts: readonly { readonly digest: string; readonly tag: string | null }[];
}

/**
 * A program that copies images. What is different about regctl and skopeo stands in this folder and nowhere else; both are
 * judged by what is read back from the target, never by what they say.
 */
export interface Engine {
  readonly name: 'regctl' | 'skopeo';
  /** Files for one image's calls by their names; written with mode 0600 in a folder of their own. */
  files(accesses: Accesses): Readonly<Record<string, string>>;
  environment(folder: string): Readonly<Record<string, string>>;
  /** The arguments of each call, in order: the image with its tag first, then what refers to it. */
  calls(order: Order, accesses: Accesses, folder: string): readonly (readonly string[])[];
}
