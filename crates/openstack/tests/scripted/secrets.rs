//! Tokens and passwords: in the headers and bodies where they belong, and nowhere else.

use openstack::{Credentials, SecretString};

use crate::site::{Answer, OIDC, Site, TOKEN, UNSCOPED, credentials, wish};

const SECRETS: [&str; 4] = [OIDC, TOKEN, UNSCOPED, "hunter2"];

#[track_caller]
fn assert_clean(text: &str) {
    for secret in SECRETS {
        assert!(!text.contains(secret), "{secret} in {text}");
    }
}

#[tokio::test]
async fn secrets_are_neither_printed_nor_put_into_addresses() {
    let site = Site::start().await;
    let cloud = site.cloud();
    let me = cloud.sign_in(&credentials()).await.unwrap();
    let session = me.session("p1").await.unwrap();
    let secret = || SecretString::from("hunter2");
    let ways = [
        credentials(),
        Credentials::ApplicationCredential { id: "a".into(), secret: secret() },
        Credentials::Password { user: "u".into(), domain: "d".into(), password: secret() },
    ];
    assert_clean(&format!("{cloud:?} {me:?} {session:?} {ways:?}"));

    // A site that throws back what it was sent is quoted, but the client adds nothing of its own to it.
    site.on("POST", "/nova/v2.1/servers", Answer::Cut);
    let cut = session.create_server(&wish()).await.unwrap_err();
    let refused = cloud.sign_in(&ways[2]).await;
    assert_clean(&format!("{cut:?} {cut} {refused:?}"));

    for asked in site.asked() {
        assert_clean(&format!("{} {}", asked.path, asked.query));
    }
    let federation = "/v3/OS-FEDERATION/identity_providers/egi.eu/protocols/openid/auth";
    assert_eq!(
        site.last("POST", federation).header("authorization"),
        Some(format!("Bearer {OIDC}").as_str())
    );
    assert_eq!(site.last("POST", federation).header("x-auth-token"), None);
    // The OpenID token goes to Keystone's federation alone, the scoped one to the services alone.
    for asked in site.asked() {
        assert!(!asked.head.contains(OIDC) || asked.path == federation, "{}", asked.path);
        assert!(!asked.head.contains(TOKEN) || asked.path.starts_with("/nova"), "{}", asked.path);
    }
}
