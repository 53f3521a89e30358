/** What the texts of a policy look like, by the schema's name for their shape. */
export const shapes = {
  name: 'use lower-case letters, digits, "-" and ".", beginning and ending each part with a letter or digit',
  namespace: 'use lower-case letters, digits and "-", beginning and ending with a letter or digit',
  kind: 'use letters and digits, as in Cluster',
  path: 'write it as spec.imageName, or as spec.sidecars[*].image for every element of a list',
  label: 'write NAME or PREFIX/NAME, of at most 63 letters, digits, "-", "_" and "."',
  labelValue: 'use at most 63 letters, digits, "-", "_" and ".", beginning and ending with a letter or digit',
} as const;
