export interface Place {
  /** The list of a pod spec. */
  readonly list: string;
  /** How messages call a member of it. */
  readonly named: string;
  /** From a member to its image. */
  readonly field: string;
  /** Whether a member `x` holds an image at all. */
  readonly present: string;
}

const container = { field: 'image', present: 'has(x.image)' };

/** The four places of images, in the order in which the webhook reads them. */
export const places: readonly Place[] = [
  { list: 'containers', named: 'container', ...container },
  { list: 'initContainers', named: 'init container', ...container },
  { list: 'ephemeralContainers', named: 'ephemeral container', ...container },
  { list: 'volumes', named: 'volume', field: 'image.reference', present: 'has(x.image) && has(x.image.reference)' },
];

/** As many images of an object are judged; the API server would not bear the cost of twice as many. */
export const mostImages = 500;

/** What stands between the owner and the image of an entry; no name of a container or volume holds it. */
const bar = "'|'";
export const ownerOf = (entry: string): string => `${entry}.substring(0, ${entry}.indexOf(${bar}))`;
export const imageOf = (entry: string): string => `${entry}.substring(${entry}.indexOf(${bar}) + 1)`;

/** The entry of a member `x` of a list: `containers/app|nginx:1.27`. */
export const entryOf = ({ list, field }: Place): string => `'${list}/' + x.?name.orValue('') + ${bar} + x.${field}`;

/** Every image of a pod spec with its owner, as a list of entries. */
export function entriesOf(podSpec: string): string {
  return places
    .map(
      (place) =>
        `(has(${podSpec}.${place.list}) ? ${podSpec}.${place.list}.map(x, ${place.present}, ${entryOf(place)}) : [])`,
    )
    .join(' + ');
}
