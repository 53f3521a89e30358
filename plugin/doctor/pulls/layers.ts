/** What a wrapper tells of the step that failed; the steps around the innermost error decide what that error means. */
export type LayerName =
  | 'kubelet'
  | 'back-off'
  | 'code'
  | 'image'
  | 'sandbox'
  | 'sandbox-image'
  | 'inspect'
  | 'name'
  | 'resolve'
  | 'transfer'
  | 'request'
  | 'authorize'
  | 'token'
  | 'anonymous-token'
  | 'bearer-token'
  | 'login'
  | 'redirect-login'
  | 'proxy'
  | 'dial'
  | 'lookup'
  | 'tls'
  | 'unpack'
  | 'extract'
  | 'verify'
  | 'credential-plugin'
  | 'volume'
  | 'mirrors'
  | 'registry-down'
  | 'bad-signature';

/**
 * A text that one program puts before the error of another. Patterns are sticky and start with a literal, so a try that
 * fails costs a few characters; each repetition is bounded. Groups: `ref` an image reference, `url`, `code` of gRPC,
 * `name` and `server` of a look-up, `address` of a connection.
 */
export interface Wrapper {
  readonly layer: LayerName;
  readonly text: RegExp;
}

const ref = '"(?<ref>[^"\\n]{0,1024})"';
/** A name that is no reference: a pod or a sandbox. */
const quoted = '"[^"\\n]{0,1024}"';
const bare = '(?<ref>[^\\s"]{1,1024}?)';

function wrapper(layer: LayerName, text: string): Wrapper {
  return { layer, text: new RegExp(text, 'iy') };
}

/** pkg/kubelet/images, kuberuntime, cri-api errors and gRPC; dockershim's and cri-dockerd's own prefixes. */
const kubelet: readonly Wrapper[] = [
  wrapper('kubelet', `failed to pull image ${ref}: `),
  wrapper('back-off', `back-off pulling image ${ref}(?:: |:?$)`),
  wrapper('kubelet', '(?:ErrImagePull|ImagePullBackOff|CreateContainerError|Error)(?:: |:$)'),
  wrapper('inspect', `(?:ImageInspectError: )?failed to inspect image ${ref}: `),
  wrapper('name', `(?:InvalidImageName: )?failed to apply default image tag ${ref}: `),
  wrapper('registry-down', `image pull failed for ${bare} because the registry is unavailable(?:[.:] ?|$)`),
  wrapper('bad-signature', `image pull failed for ${bare} because the signature validation failed(?:: |$)`),
  wrapper('registry-down', 'RegistryUnavailable(?:: |$)'),
  wrapper('bad-signature', 'SignatureValidationFailed(?:: |$)'),
  wrapper('inspect', 'ImageInspectError: '),
  wrapper('volume', 'ImageVolumeMountFailed(?:: |$)'),
  wrapper('volume', 'failed to mount image volume: '),
  wrapper('kubelet', `failed to record image pull intent for container image ${ref}: `),
  wrapper('sandbox', 'failed to create pod sandbox: '),
  wrapper('sandbox', `failed to create sandbox for pod ${quoted}: `),
  wrapper('code', 'rpc error: code = (?<code>\\w{1,32}) desc = '),
  wrapper('sandbox-image', `failed (?:pulling|to inspect sandbox) image ${ref}: `),
  wrapper('code', 'error response from daemon: '),
  wrapper('credential-plugin', 'error execing credential provider plugin [^\\s]{1,256} for image [^\\s]{1,1024}: '),
  wrapper('credential-plugin', 'failed to get credential from external registry credential provider: '),
];

/** containerd 1.3 to 2.x: CRI plugin, client, resolver, fetcher, authorizer, transfer service, unpacker. */
const containerd: readonly Wrapper[] = [
  wrapper('sandbox-image', `failed to get sandbox image ${ref}: `),
  wrapper('image', `failed to pull image ${ref}: `),
  wrapper('image', `failed to get image ${ref}: `),
  wrapper('sandbox', `failed to (?:create|start) sandbox ${quoted}: `),
  wrapper('image', `failed to pull and unpack image ${ref}: `),
  wrapper('resolve', `failed to resolve reference ${ref}: `),
  wrapper('resolve', 'failed to resolve image: '),
  wrapper('name', `failed to parse image reference ${ref}: `),
  wrapper('image', `failed to get fetcher for ${ref}: `),
  wrapper('transfer', 'failed to copy: '),
  wrapper('transfer', 'http(?:Reader|Read)Seeker: failed open: '),
  wrapper('request', 'failed to do request: '),
  wrapper('authorize', 'failed to authorize: '),
  wrapper('redirect-login', 'failed to authorize redirect: '),
  wrapper('token', 'failed to fetch oauth token: '),
  wrapper('anonymous-token', 'failed to fetch anonymous token: '),
  wrapper('unpack', 'unpack: '),
  wrapper('unpack', 'failed to unpack image on snapshotter [\\w.-]{1,64}: '),
  wrapper(
    'extract',
    'failed to extract layer(?: \\([^)\\n]{1,256}\\)| [^\\s]{1,256}?)?(?: to [\\w.-]{1,64} as "[^"\\n]{0,512}")?: ',
  ),
  wrapper('extract', 'apply layer error for [^\\n]{1,1024}?: '),
  wrapper(
    'verify',
    'blocking pull of [^\\s]{1,1024} with digest [^\\s]{1,256}: image verifier [^\\s]{1,128} returned error: ',
  ),
  wrapper(
    'verify',
    'image verifier [^\\s]{1,128} blocked pull of [^\\s]{1,1024} with digest [^\\s]{1,256} for reason: ',
  ),
];

/** CRI-O and the containers image library, in the words of 2019 ("Error …") and of today. */
const containersImage: readonly Wrapper[] = [
  wrapper('image', '(?:error )?initializing (?:image from )?source docker://(?<ref>[^\\s]{1,1024}?): '),
  wrapper('resolve', `(?:error )?pinging (?:container|docker) registry ${bare}: `),
  wrapper('resolve', '(?:error )?(?:reading|fetching) manifest [^\\s]{1,256} in (?<ref>[^\\s]{1,1024}?): '),
  wrapper('transfer', '(?:error )?copying system image from manifest list: '),
  wrapper('resolve', '(?:error )?determining manifest MIME type for docker://(?<ref>[^\\s]{1,1024}?): '),
  wrapper('resolve', '(?:error )?choosing (?:an )?image from manifest list docker://(?<ref>[^\\s]{1,1024}?): '),
  wrapper('transfer', '(?:error )?(?:parsing image configuration|fetching blob|copying layer|copying config): '),
  wrapper('transfer', '(?:error )?(?:reading|writing) (?:config )?blob(?: [^\\s]{1,256})?(?: in [^\\s]{1,1024}?)?: '),
  wrapper('transfer', 'partial pull of blob [^\\s]{1,256}: '),
  wrapper('transfer', 'storing blob to file "[^"\\n]{0,512}": (?:happened during read: )?'),
  wrapper('extract', '(?:error )?adding layer with blob [^\\s]{1,512}?: '),
  wrapper('extract', 'storing layer [^\\n]{1,512}?: '),
  wrapper('extract', '(?:writing|committing) (?:layer|the finished image)[^\\n:]{0,256}: '),
  wrapper('verify', 'source image rejected: '),
  wrapper('verify', `checking signature of ${ref}: `),
  wrapper('verify', 'verifying signatures: '),
  wrapper('verify', '(?:downloading signatures for|reading signature from) [^\\n]{1,1024}?: '),
  wrapper('login', 'unable to retrieve auth token: invalid username/password: '),
  wrapper('bearer-token', 'requesting bearer token: '),
  wrapper('image', 'unable to (?:pull image or OCI artifact|try pulling possible OCI artifact): '),
  wrapper('image', 'pull image(?: err)?: '),
  wrapper('sandbox', '(?:error )?creating pod sandbox with name "[^"\\n]{0,512}": '),
];

/** Docker's engine. */
const docker: readonly Wrapper[] = [
  wrapper('transfer', 'error pulling image configuration: '),
  wrapper('transfer', 'download failed after attempts=\\d{1,4}: '),
  wrapper('image', `error pulling ${bare}: `),
  wrapper('extract', 'failed to register layer: '),
];

/** Go's own: net/http, crypto/tls, net. Quotes around the URL came with Go 1.14. */
const go: readonly Wrapper[] = [
  wrapper('request', '(?:Get|Head|Post|Put) "?(?<url>https?://[^\\s"]{1,8192}?)"?: '),
  wrapper('proxy', 'proxyconnect tcp: '),
  wrapper('dial', 'dial (?:tcp|udp)[46]?(?: (?<address>[^\\s]{1,256}?))?: '),
  wrapper('dial', '(?:read|write) (?:tcp|udp)[46]? [^\\s]{1,128}->(?<address>[^\\s]{1,128}?): '),
  wrapper('lookup', 'lookup (?<name>[^\\s]{0,256}?)(?: on (?<server>[^\\s]{1,128}?))?: '),
  wrapper('tls', 'tls: failed to verify certificate: '),
];

export const wrappers: readonly Wrapper[] = [...kubelet, ...containerd, ...containersImage, ...docker, ...go];
