//! Sign-in with the npm package `oidc-provider`, a certified implementation, through its own pages.

use crate::support::browser::{Answer, Browser, plain_client, read};
use crate::support::portal::Portal;
use crate::support::servers::Server;
use skyport::config::Secret;
use skyport::config::sign_in::ProviderConfig;
use std::collections::BTreeMap;

const PORTAL: &str = "https://portal.example.org";

async fn provider(environment: &'static [(&'static str, &'static str)]) -> Server {
    let start = move || {
        let mut all = vec![("OIDC_REDIRECT_URIS", "https://portal.example.org/auth/callback")];
        all.extend(environment);
        Server::start("oidc-provider", &all)
    };
    tokio::task::spawn_blocking(start).await.unwrap()
}

async fn portal(provider: &Server, secret: Option<&str>) -> Portal {
    let said = |name: &str| provider.ready[name].as_str().unwrap_or_default().to_owned();
    let settings = ProviderConfig {
        name: "Institute".to_owned(),
        issuer: said("issuer"),
        client_id: said("client_id"),
        client_secret: Secret::new(secret.map_or_else(|| said("client_secret"), str::to_owned)),
        client_secret_file: None,
        scopes: ["profile", "email", "groups"].map(str::to_owned).to_vec(),
        groups_claim: "groups".to_owned(),
    };
    Portal::start(|config| {
        PORTAL.clone_into(&mut config.server.public_url);
        config.sign_in.demo = Some(false);
        config.sign_in.providers.insert("institute".to_owned(), settings);
    })
    .await
}

/// What the person does on the provider's pages.
#[derive(Clone, Copy, PartialEq)]
enum Person {
    SignsInAs(&'static str),
    Cancels,
}

/// Walks through the provider's pages from `address`, as a browser with cookies would, until they lead to the portal;
/// gives that address.
async fn walk(address: &str, person: Person) -> String {
    let client = plain_client();
    let mut cookies = BTreeMap::<String, String>::new();
    let mut request = client.get(address);
    let mut here = url::Url::parse(address).unwrap();
    for _ in 0..12 {
        let jar: Vec<_> = cookies.iter().map(|(n, v)| format!("{n}={v}")).collect();
        let answer: Answer = read(request.header("cookie", jar.join("; "))).await;
        for cookie in answer.set_cookies() {
            let (name, rest) = cookie.split_once('=').unwrap();
            cookies.insert(name.to_owned(), rest.split(';').next().unwrap().to_owned());
        }
        if answer.location().starts_with(PORTAL) {
            return answer.location().to_owned();
        }
        if (300..400).contains(&answer.status) {
            here = here.join(answer.location()).unwrap();
            request = client.get(here.clone());
            continue;
        }
        assert_eq!(answer.status, 200, "{answer:?}");
        let attribute = |after: &str, name: &str| {
            let (_, rest) =
                answer.body.split_once(after).unwrap_or_else(|| panic!("{after} in {}", answer.body));
            let (_, rest) = rest.split_once(&format!("{name}=\"")).unwrap();
            rest.split('"').next().unwrap().to_owned()
        };
        match person {
            Person::Cancels => {
                let uid = attribute("<form", "action");
                here = here.join(&format!("{}/abort", uid.trim_end_matches('/'))).unwrap();
                request = client.get(here.clone());
            }
            Person::SignsInAs(user) => {
                let mut fields = answer.hidden_fields();
                fields.push(("login".to_owned(), user.to_owned()));
                fields.push(("password".to_owned(), "any".to_owned()));
                here = here.join(&attribute("<form", "action")).unwrap();
                request = client.post(here.clone()).form(&fields);
            }
        }
    }
    panic!("the provider's pages lead nowhere; last {here}");
}

async fn sign_in(browser: &mut Browser, person: Person) -> Answer {
    let to = browser.begin("institute", "/queries").await;
    let back = walk(&to, person).await;
    browser.get(&back).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn signs_in_with_claims_in_the_id_token() {
    let provider = provider(&[]).await;
    let portal = portal(&provider, None).await;
    let mut browser = portal.browser();
    let answer = sign_in(&mut browser, Person::SignsInAs("operator")).await;
    assert_eq!((answer.status, answer.location()), (303, "/queries"), "{answer:?}");
    let account = browser.call("account/show", &[]).await.json();
    assert_eq!((&account["name"], &account["email"]), (&"Otto Operator".into(), &"otto@example.org".into()));
    assert_eq!(account["groups"], serde_json::json!(["astronomers", "operators"]));
    assert_eq!(account["issuer"], provider.ready["issuer"]);
    assert_eq!(account["sign_ins"][0]["provider"], "Institute");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn signs_in_with_claims_at_the_user_endpoint_and_elliptic_keys() {
    let provider = provider(&[("OIDC_CLAIMS_IN", "userinfo"), ("OIDC_ALG", "ES256")]).await;
    let portal = portal(&provider, None).await;
    let mut browser = portal.browser();
    let answer = sign_in(&mut browser, Person::SignsInAs("astronomer")).await;
    assert_eq!(answer.location(), "/queries", "{answer:?}");
    let account = browser.call("account/show", &[]).await.json();
    assert_eq!((&account["name"], &account["groups"][0]), (&"Ada Astronomer".into(), &"astronomers".into()));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn signs_in_as_a_client_without_a_secret() {
    let provider = provider(&[("OIDC_CLIENT_SECRET", ""), ("OIDC_ALG", "EdDSA")]).await;
    let portal = portal(&provider, None).await;
    let mut browser = portal.browser();
    let answer = sign_in(&mut browser, Person::SignsInAs("astronomer")).await;
    assert_eq!(answer.location(), "/queries", "{answer:?}");
    assert!(browser.is_signed_in());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn refusals_keep_everybody_out() {
    let provider = provider(&[]).await;
    let portal = portal(&provider, None).await;
    let mut browser = portal.browser();
    let answer = sign_in(&mut browser, Person::Cancels).await;
    assert_eq!(answer.location(), "/sign-in?problem=cancelled&next=%2Fqueries");
    assert!(!browser.is_signed_in());

    let to = browser.begin("institute", "/").await;
    let back = walk(&to, Person::SignsInAs("astronomer")).await;
    assert_eq!(browser.get(&back).await.location(), "/");
    let used =
        url::Url::parse(&back).unwrap().query_pairs().find(|(n, _)| n == "code").unwrap().1.into_owned();
    let mut another = portal.browser();
    let to = another.begin("institute", "/").await;
    let fresh = walk(&to, Person::SignsInAs("astronomer")).await;
    let mut replayed = url::Url::parse(&fresh).unwrap();
    let pairs: Vec<_> = replayed.query_pairs().into_owned().collect();
    replayed
        .query_pairs_mut()
        .clear()
        .extend_pairs(pairs.iter().map(|(n, v)| (n, if n == "code" { &used } else { v })));
    let answer = another.get(replayed.as_str()).await;
    assert!(answer.location().starts_with("/sign-in?problem=replayed"), "{answer:?}");
    assert!(!another.is_signed_in());
    assert_eq!(portal.count("sign_ins").await, 1);

    let mut late = portal.browser();
    let to = late.begin("institute", "/").await;
    let back = walk(&to, Person::SignsInAs("astronomer")).await;
    portal.clock.forward(500);
    assert_eq!(late.get(&back).await.location(), "/", "the provider's hour is not over");
    let mut ahead = portal.browser();
    portal.clock.forward(3600);
    let answer = sign_in(&mut ahead, Person::SignsInAs("astronomer")).await;
    assert!(answer.location().starts_with("/sign-in?problem=expired"), "{answer:?}");
    assert!(!ahead.is_signed_in());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_wrong_secret_is_the_operators_to_correct() {
    let provider = provider(&[]).await;
    let portal = portal(&provider, Some("wrong")).await;
    let mut browser = portal.browser();
    let answer = sign_in(&mut browser, Person::SignsInAs("astronomer")).await;
    assert!(answer.location().starts_with("/sign-in?problem=config"), "{answer:?}");
    assert!(!browser.is_signed_in());
    assert_eq!(portal.count("users").await, 0);
}
