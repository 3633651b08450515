//! The ways in.

use secrecy::SecretString;

/// With what a person, or the portal for them, signs in at a site. Its `Debug` shows no secret.
#[derive(Clone, Debug)]
pub enum Credentials {
    /// An OpenID Connect access token, traded by Keystone's federation (`OS-FEDERATION`).
    OidcToken {
        /// The access token, without the word "Bearer".
        token: SecretString,
        /// The identity provider's id at the site; `egi.eu` in the EGI Federated Cloud.
        identity_provider: String,
        /// The federation's protocols, tried in this order until one is offered: `openid`, then `oidc`.
        protocols: Vec<String>,
    },
    /// An application credential, which is bound to one project.
    ApplicationCredential {
        /// Its id.
        id: String,
        /// Its secret, which Keystone showed once.
        secret: SecretString,
    },
    /// A user of the site itself.
    Password {
        /// The user's name.
        user: String,
        /// The id of the user's domain; `default` at most sites.
        domain: String,
        /// The password.
        password: SecretString,
    },
}

impl Credentials {
    /// An access token of EGI Check-in, with the names that its sites use.
    pub fn egi(token: SecretString) -> Self {
        Self::OidcToken {
            token,
            identity_provider: "egi.eu".to_owned(),
            protocols: vec!["openid".to_owned(), "oidc".to_owned()],
        }
    }
}
