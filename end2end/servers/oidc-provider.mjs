// An OpenID provider that nobody of Skyport wrote: the npm package `oidc-provider`, certified by the OpenID Foundation,
// on a loopback port, with two accounts and pages of its own to sign in. It keeps to the contract of
// tools/servers/contract.sh: prints `ready {...}` once, ends on SIGTERM and when standard input closes.
//
// What a test may ask for, by environment:
//   OIDC_PORT               port, a free one by default
//   OIDC_REDIRECT_URIS      where codes may be sent, with commas between; http://localhost:8080/auth/callback by default
//   OIDC_CLIENT_ID          "skyport"
//   OIDC_CLIENT_SECRET      "skyport-test-secret"; empty makes a public client
//   OIDC_ID_TOKEN_TTL_S     life of an id token in seconds, 3600
//   OIDC_CLAIMS_IN          "id_token" (default) or "userinfo": where a client finds name, email and groups
//   OIDC_ALG                signing algorithm of id tokens: RS256 (default), ES256, PS256, EdDSA
//
// Sign in as `astronomer` or `operator` with any password; any other name is refused by the provider's own page.
import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { createServer } from 'node:http';
import { Provider } from 'oidc-provider';

const accounts = {
  astronomer: { name: 'Ada Astronomer', email: 'ada@example.org', groups: ['astronomers'] },
  operator: { name: 'Otto Operator', email: 'otto@example.org', groups: ['astronomers', 'operators'] },
};

const env = (name, otherwise) => process.env[name] ?? otherwise;
const algorithm = env('OIDC_ALG', 'RS256');
const redirectUris = env('OIDC_REDIRECT_URIS', 'http://localhost:8080/auth/callback').split(',').filter(Boolean);
const secret = env('OIDC_CLIENT_SECRET', 'skyport-test-secret');

// A key of each kind, made for this run.
const keys = [
  [generateKeyPairSync('rsa', { modulusLength: 2048 }), { use: 'sig', kid: 'rsa' }],
  [generateKeyPairSync('ec', { namedCurve: 'P-256' }), { use: 'sig', kid: 'ec' }],
  [generateKeyPairSync('ed25519'), { use: 'sig', kid: 'ed' }],
].map(([{ privateKey }, meaning]) => ({ ...privateKey.export({ format: 'jwk' }), ...meaning }));

const findAccount = (_context, id) => {
  const account = accounts[id];
  if (!account) return undefined;
  const claims = { sub: id, preferred_username: id, email_verified: true, ...account };
  return { accountId: id, claims: () => claims };
};

// The port is part of the issuer's name, so the server listens before the provider exists.
const server = createServer();
await new Promise((resolve, reject) => {
  server.once('error', reject);
  server.listen(Number(env('OIDC_PORT', '0')), '127.0.0.1', resolve);
});
const { port } = server.address();
const issuer = `http://localhost:${port}`;

const provider = new Provider(issuer, {
  clients: [
    {
      client_id: env('OIDC_CLIENT_ID', 'skyport'),
      ...(secret ? { client_secret: secret } : { token_endpoint_auth_method: 'none' }),
      redirect_uris: redirectUris,
      post_logout_redirect_uris: [...new Set(redirectUris.map((uri) => new URL('/', uri).href))],
      grant_types: ['authorization_code', 'refresh_token'],
      response_types: ['code'],
      id_token_signed_response_alg: algorithm,
    },
  ],
  findAccount,
  jwks: { keys },
  cookies: { keys: [randomBytes(32).toString('base64url')] },
  claims: {
    openid: ['sub'],
    profile: ['name', 'preferred_username'],
    email: ['email', 'email_verified'],
    groups: ['groups'],
  },
  scopes: ['openid', 'offline_access', 'profile', 'email', 'groups'],
  conformIdTokenClaims: env('OIDC_CLAIMS_IN', 'id_token') === 'userinfo',
  enabledJWA: { idTokenSigningAlgValues: ['RS256', 'PS256', 'ES256', 'EdDSA'] },
  pkce: { required: () => true },
  ttl: { IdToken: Number(env('OIDC_ID_TOKEN_TTL_S', '3600')), AccessToken: 3600, Session: 3600, Grant: 3600, Interaction: 600 },
  features: { devInteractions: { enabled: true }, rpInitiatedLogout: { enabled: true } },
});

// Refusals are part of the tests: told on standard error, never on the line that the test reads.
for (const event of ['authorization.error', 'grant.error', 'server_error', 'userinfo.error']) {
  provider.on(event, (_context, error) => console.error(`${event}: ${error.message} ${error.error_description ?? ''}`));
}
server.on('request', provider.callback());

const stop = () => {
  server.close(() => process.exit(0));
  server.closeAllConnections();
};
process.on('SIGTERM', stop);
process.on('SIGINT', stop);
if (!process.stdin.isTTY) process.stdin.on('end', stop).on('error', stop).resume();

process.stdout.write(
  `ready ${JSON.stringify({ url: issuer, issuer, port, client_id: env('OIDC_CLIENT_ID', 'skyport'), client_secret: secret, accounts: Object.keys(accounts) })}\n`,
);
