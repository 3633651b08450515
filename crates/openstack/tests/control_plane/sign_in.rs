//! Ways in, and what Keystone says to those that lead nowhere.

use openstack::{Cloud, Credentials, Reason, SecretString};
use serde_json::json;

use crate::bed::{ALPHA, BETA, bed, reason, until};

fn with_protocols(token: SecretString, protocols: &[&str]) -> Credentials {
    Credentials::OidcToken {
        token,
        identity_provider: "egi.eu".to_owned(),
        protocols: protocols.iter().map(|p| (*p).to_owned()).collect(),
    }
}

#[tokio::test]
async fn the_next_protocol_is_tried_where_the_first_is_not_offered() {
    let cloud = bed().cloud();
    let token = || bed().mint("paul", &[ALPHA], &[]);
    let me = cloud.sign_in(&with_protocols(token(), &["oidc", "openid"])).await.unwrap();
    assert_eq!(me.user_name(), "paul");
    assert_eq!(
        reason(cloud.sign_in(&with_protocols(token(), &["oidc"])).await),
        Reason::ProtocolNotConfigured
    );
    assert_eq!(reason(cloud.sign_in(&with_protocols(token(), &[])).await), Reason::ProtocolNotConfigured);
    let elsewhere = Credentials::OidcToken {
        token: token(),
        identity_provider: "nobody".to_owned(),
        protocols: vec!["openid".to_owned(), "oidc".to_owned()],
    };
    // Keystone does not say which of the two is missing.
    let refused = reason(cloud.sign_in(&elsewhere).await);
    assert!(matches!(refused, Reason::ProtocolNotConfigured | Reason::NotAMember), "{refused:?}");
}

#[tokio::test]
async fn tokens_that_ended_or_belong_elsewhere_are_refused() {
    let cloud = bed().cloud();
    let ended =
        cloud.sign_in(&Credentials::egi(bed().mint("paul", &[ALPHA], &["--ttl", "-60"]))).await.unwrap_err();
    assert_eq!(ended.reason, Reason::SignInRefused);
    assert!(ended.needs_sign_in());
    // The gate before Keystone answers in HTML, of which only the words are kept.
    assert_eq!(ended.words(), "Unauthorized");
    for bad in ["nonsense", "a.b.c", "with blank", "line\nbreak"] {
        assert_eq!(
            reason(cloud.sign_in(&Credentials::egi(SecretString::from(bad))).await),
            Reason::SignInRefused,
            "{bad}"
        );
    }
    let stranger = cloud.sign_in(&Credentials::egi(bed().mint("stranger", &[], &[]))).await.unwrap_err();
    assert_eq!(stranger.reason, Reason::NotAMember);
}

#[tokio::test]
async fn a_project_of_others_and_a_token_that_ended_are_told_apart() {
    let cloud = bed().cloud();
    let me = cloud.sign_in(&Credentials::egi(bed().mint("paula", &[ALPHA], &[]))).await.unwrap();
    assert_eq!(reason(me.session(bed().project(BETA)).await), Reason::ProjectNotYours);
    assert_eq!(reason(me.session("no-such-project").await), Reason::ProjectNotYours);

    let session = me.session(bed().project(ALPHA)).await.unwrap();
    session.compute_limits().await.unwrap();
    session.sign_out().await.unwrap();
    me.clone().sign_out().await.unwrap();
    me.clone().sign_out().await.unwrap();
    assert_eq!(reason(me.session(bed().project(ALPHA)).await), Reason::TokenExpired);
    // The others, and a part of Keystone itself, remember for a while that it was good.
    until("Keystone refusing", async || {
        me.projects().await.err().filter(|f| f.reason == Reason::TokenExpired)
    })
    .await;
    until("Nova refusing", async || {
        session.compute_limits().await.err().filter(|f| f.reason == Reason::TokenExpired)
    })
    .await;
    until("Glance refusing", async || {
        session.images().await.err().filter(|f| f.reason == Reason::TokenExpired)
    })
    .await;
    until("Neutron refusing", async || {
        session.networks().await.err().filter(|f| f.reason == Reason::TokenExpired)
    })
    .await;
}

#[tokio::test]
async fn a_password_and_an_application_credential_open_a_project_too() {
    let cloud = bed().cloud();
    let admin = cloud.sign_in(&bed().administrator()).await.unwrap();
    assert!(admin.bound_to().is_none());
    let project = admin.projects().await.unwrap().into_iter().find(|p| p.name == "admin").unwrap();
    assert!(!admin.session(&project.id).await.unwrap().flavors().await.unwrap().is_empty());

    let path = format!("/v3/users/{}/application_credentials", admin.user_id());
    let made =
        bed().as_admin("POST", "keystone", &path, json!({"application_credential": {"name": "test"}})).await;
    let made = &made["application_credential"];
    let credentials = |secret: &str| Credentials::ApplicationCredential {
        id: made["id"].as_str().unwrap().to_owned(),
        secret: SecretString::from(secret),
    };
    let me = cloud.sign_in(&credentials(made["secret"].as_str().unwrap())).await.unwrap();
    assert_eq!(me.bound_to().unwrap().id, project.id);
    assert!(!me.session(&project.id).await.unwrap().images().await.unwrap().is_empty());
    assert_eq!(reason(me.session(bed().project(ALPHA)).await), Reason::ProjectNotYours);
    assert_eq!(reason(cloud.sign_in(&credentials("wrong")).await), Reason::SignInRefused);
    let wrong = Credentials::Password {
        user: "admin".to_owned(),
        domain: "default".to_owned(),
        password: SecretString::from("wrong"),
    };
    assert_eq!(reason(cloud.sign_in(&wrong).await), Reason::SignInRefused);
}

#[tokio::test]
async fn the_same_settings_without_their_permissions_reach_nothing() {
    let mut settings = bed().settings();
    settings.allow_private_addresses = false;
    assert!(Cloud::new(settings).is_err());
    let mut settings = bed().settings();
    settings.allow_http = false;
    assert!(Cloud::new(settings).is_err());
    // By name it is seen only when the name is resolved.
    let mut settings = bed().settings();
    settings.allow_private_addresses = false;
    settings.keystone.set_host(Some("localhost")).unwrap();
    let fault = Cloud::new(settings).unwrap().check().await.unwrap_err();
    assert!(
        matches!(fault.reason, Reason::EndpointForbidden { why: openstack::Refusal::Private, .. }),
        "{fault:?}"
    );
    let mut settings = bed().settings();
    settings.region = Some("Elsewhere".to_owned());
    let me = Cloud::new(settings).unwrap().sign_in(&bed().administrator()).await.unwrap();
    let project = me.projects().await.unwrap()[0].id.clone();
    let session = me.session(&project).await.unwrap();
    assert_eq!(reason(session.flavors().await), Reason::NoEndpoint(openstack::Service::Compute));
}
