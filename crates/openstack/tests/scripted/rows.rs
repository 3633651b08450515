//! Every row of the tables of faults: what a site answers, what it means, and whether it may be asked again.

use std::time::Duration;

use openstack::{Action, Fault, Reason, Resource, Retry, Session, Shortage, Thing};
use serde_json::{Value, json};

use crate::site::{Answer, Site, credentials, server, wish};

const KEY: &str = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIGPIoCxSRvkTRNQ3KbjYJ3Fr/1sWvyBYoGIkQYpHXKzp";

fn nova(root: &str, code: u16, message: &str) -> Value {
    json!({root: {"code": code, "message": message}})
}

fn neutron(kind: &str, message: &str) -> Value {
    json!({"NeutronError": {"type": kind, "message": message, "detail": ""}})
}

fn short(resource: Resource, numbers: Option<(u64, u64, u64)>) -> Shortage {
    let (requested, used, limit) =
        numbers.map_or((None, None, None), |(a, b, c)| (Some(a), Some(b), Some(c)));
    Shortage { resource, requested, used, limit }
}

async fn create(session: &Session) -> Fault {
    session.create_server(&wish()).await.unwrap_err()
}

#[tokio::test]
async fn creating_a_server() {
    let site = Site::start().await;
    let session = site.session().await;
    let quota = "Quota exceeded for cores: Requested 8, but already used 16 of 20 cores";
    let quotas = "Quota exceeded for cores, instances, ram: Requested 8, 1, 16384, but already used 16, 9, 32768 of 20, 9, 40000 cores";
    let all = vec![
        short(Resource::Cores, Some((8, 16, 20))),
        short(Resource::Servers, Some((1, 9, 9))),
        short(Resource::Memory, Some((16384, 32768, 40000))),
    ];
    let gpu = vec![short(Resource::Other("gpus".into()), Some((1, 0, 0)))];
    let unknown = vec![short(Resource::Other("the site says more".into()), None)];
    let rows = [
        (403, nova("forbidden", 403, quota), Reason::Quota(vec![short(Resource::Cores, Some((8, 16, 20)))])),
        (403, nova("forbidden", 403, quotas), Reason::Quota(all)),
        (
            403,
            nova("forbidden", 403, "Quota exceeded for gpus: Requested 1, but already used 0 of 0 gpus"),
            Reason::Quota(gpu),
        ),
        (403, nova("forbidden", 403, "Quota exceeded."), Reason::Quota(unknown)),
        (
            403,
            nova("forbidden", 403, "Policy doesn't allow os_compute_api:servers:create to be performed."),
            Reason::Denied,
        ),
        (
            403,
            nova("forbidden", 403, "It is not allowed to create an interface on external network 1-2"),
            Reason::ExternalNetwork,
        ),
        (
            403,
            nova("forbidden", 403, "Only volume-backed servers are allowed for flavors with zero disk."),
            Reason::Denied,
        ),
        (400, nova("badRequest", 400, "Invalid key_name provided."), Reason::UnknownKey),
        (400, nova("badRequest", 400, "Can not find requested image"), Reason::UnknownImage),
        (400, nova("badRequest", 400, "Image 1-2 could not be found."), Reason::UnknownImage),
        (400, nova("badRequest", 400, "Flavor f1 could not be found."), Reason::UnknownFlavor),
        (
            400,
            nova(
                "badRequest",
                400,
                "Flavor's disk is too small for requested image. Flavor disk is 1 bytes, image is 2 bytes.",
            ),
            Reason::DiskTooSmall,
        ),
        (
            400,
            nova(
                "badRequest",
                400,
                "Flavor's disk is smaller than the minimum size specified in image metadata.",
            ),
            Reason::DiskTooSmall,
        ),
        (
            400,
            nova("badRequest", 400, "Flavor's memory is too small for requested image."),
            Reason::MemoryTooSmall,
        ),
        (400, nova("badRequest", 400, "Network 1-2 could not be found."), Reason::UnknownNetwork),
        (
            400,
            nova("badRequest", 400, "Security group x not found for project p1."),
            Reason::UnknownSecurityGroup,
        ),
        (
            400,
            nova(
                "badRequest",
                400,
                "Invalid input for field/attribute user_data. Value: abc. 'abc' is not a 'base64'",
            ),
            Reason::BadUserData,
        ),
        (
            400,
            nova("badRequest", 400, "Unable to automatically allocate a network for project p1"),
            Reason::NoNetwork,
        ),
        (400, nova("badRequest", 400, "Something new."), Reason::BadRequest),
        (
            409,
            nova(
                "conflictingRequest",
                409,
                "Multiple possible networks found, use a Network ID to be more specific.",
            ),
            Reason::NetworkAmbiguous,
        ),
        (
            409,
            nova(
                "conflictingRequest",
                409,
                "Multiple security groups found matching 'x'. Use an ID to be more specific.",
            ),
            Reason::SecurityGroupAmbiguous,
        ),
        (409, nova("conflictingRequest", 409, "Port 1-2 is still in use."), Reason::Conflict),
        (
            401,
            json!({"error": {"code": 401, "title": "Unauthorized", "message": "The request you have made requires authentication."}}),
            Reason::TokenExpired,
        ),
        (406, nova("computeFault", 406, "Version 2.96 is not supported by the API."), Reason::Microversion),
        (500, nova("computeFault", 500, "Unexpected API Error."), Reason::OutcomeUnknown),
        (503, nova("serviceUnavailable", 503, "Service unavailable."), Reason::OutcomeUnknown),
        (504, json!({}), Reason::OutcomeUnknown),
    ];
    for (status, body, expected) in rows {
        site.on(
            "POST",
            "/nova/v2.1/servers",
            Answer::json(status, &body).with("x-openstack-request-id: req-7"),
        );
        let fault = create(&session).await;
        assert_eq!(fault.reason, expected, "{status} {body}");
        let retry = match expected {
            Reason::OutcomeUnknown | Reason::Conflict => Retry::LookFirst,
            _ => Retry::No,
        };
        assert_eq!(fault.retry(), retry, "{status} {body}");
        let said = fault.said.unwrap();
        assert_eq!((said.status, said.request_id.as_deref()), (status, Some("req-7")));
        let message =
            body.as_object().and_then(|o| o.values().next()).map(|v| v["message"].as_str().unwrap());
        assert_eq!(said.words, message.unwrap_or_default());
    }
}

#[tokio::test]
async fn waiting_when_asked_to() {
    let site = Site::start().await;
    let session = site.session().await;
    let over =
        |line: &str| Answer::json(429, &nova("overLimit", 429, "This request was rate-limited.")).with(line);
    let seconds = Duration::from_secs;
    for (answer, expected, wait) in [
        (over("Retry-After: 7"), Some(seconds(7)), seconds(7)),
        (over("Retry-After: 0"), Some(seconds(0)), seconds(1)),
        (over("Retry-After: 999999"), Some(seconds(999_999)), seconds(3600)),
        (over("Retry-After: soon"), None, seconds(15)),
        (over("X: y"), None, seconds(15)),
        (
            over("Date: Sun, 22 Nov 2026 20:00:00 GMT").with("Retry-After: Sun, 22 Nov 2026 20:01:00 GMT"),
            Some(seconds(60)),
            seconds(60),
        ),
    ] {
        site.on("POST", "/nova/v2.1/servers", answer);
        let fault = create(&session).await;
        assert_eq!(fault.reason, Reason::RateLimited { after: expected });
        assert_eq!(fault.retry(), Retry::After(wait));
    }
    site.on(
        "POST",
        "/nova/v2.1/servers",
        Answer::json(413, &nova("overLimit", 413, "")).with("Retry-After: 3"),
    );
    assert_eq!(create(&session).await.reason, Reason::RateLimited { after: Some(seconds(3)) });
    site.on("GET", "/nova/v2.1/limits", Answer::page(503, "busy").with("Retry-After: 9"));
    let fault = session.compute_limits().await.unwrap_err();
    assert_eq!((fault.retry(), fault.words()), (Retry::After(seconds(9)), "busy"));
}

#[tokio::test]
async fn keys_and_actions() {
    let site = Site::start().await;
    let session = site.session().await;
    for (status, message, expected) in [
        (400, "Keypair data is invalid: failed to generate fingerprint", Reason::BadKey),
        (400, "Keypair data is invalid: Keypair name contains unsafe characters", Reason::BadName),
        (400, "Invalid input for field/attribute name. Value: a@b. 'a@b' does not match", Reason::BadName),
        (403, "Quota exceeded, too many key pairs.", Reason::Quota(vec![short(Resource::KeyPairs, None)])),
        // The name is taken, and whose key it is cannot be seen.
        (409, "Key pair 'x' already exists.", Reason::KeyNameTaken),
        // To put it there again does no harm.
        (500, "Unexpected API Error.", Reason::Unavailable { after: None }),
    ] {
        site.on("POST", "/nova/v2.1/os-keypairs", Answer::json(status, &nova("x", status, message)));
        assert_eq!(session.ensure_key("x", KEY).await.unwrap_err().reason, expected, "{message}");
    }
    site.on("GET", "/nova/v2.1/servers/s1", Answer::json(200, &json!({"server": server("s1")})));
    for (status, message, expected, retry) in [
        (
            409,
            "Cannot 'stop' instance s1 while it is in vm_state stopped",
            Reason::WrongState,
            Retry::LookFirst,
        ),
        (409, "Instance s1 is locked", Reason::Locked, Retry::No),
        (409, "Somebody was quicker.", Reason::Conflict, Retry::LookFirst),
        (404, "Instance s1 could not be found.", Reason::NotFound(Thing::Server), Retry::No),
        (403, "Policy doesn't allow it.", Reason::Denied, Retry::No),
        (501, "Not implemented.", Reason::NotOffered, Retry::No),
        (502, "Bad gateway", Reason::OutcomeUnknown, Retry::LookFirst),
    ] {
        site.on("POST", "/nova/v2.1/servers/s1/action", Answer::json(status, &nova("x", status, message)));
        let fault = session.act("s1", Action::Stop).await.unwrap_err();
        assert_eq!((&fault.reason, fault.retry()), (&expected, retry), "{message}");
    }
    site.on(
        "POST",
        "/nova/v2.1/servers/s1/action",
        Answer::json(400, &nova("badRequest", 400, "Unavailable console type x.")),
    );
    assert_eq!(session.console_log("s1", 5).await.unwrap_err().reason, Reason::NotOffered);
}

#[tokio::test]
async fn floating_addresses() {
    let site = Site::start().await;
    let session = site.session().await;
    let operation = wish().operation;
    site.on("GET", "/nova/v2.1/servers/s1", Answer::json(200, &json!({"server": server("s1")})));
    let none = json!({"ports": [{"id": "p", "network_id": "n", "fixed_ips": []}]});
    site.on("GET", "/neutron/v2.0/ports", Answer::json(200, &none));
    site.on("GET", "/neutron/v2.0/floatingips", Answer::json(200, &json!({"floatingips": []})));
    let fault = session.ensure_floating_address(&operation, "s1", "ext").await.unwrap_err();
    assert_eq!((&fault.reason, fault.retry()), (&Reason::NoPort, Retry::After(Duration::from_secs(2))));
    let ports = json!({"ports": [
        {"id": "a", "network_id": "n", "fixed_ips": [{"ip_address": "fd00::1"}]},
        {"id": "b", "network_id": "n", "fixed_ips": [{"ip_address": "10.0.0.5"}]},
    ]});
    site.on("GET", "/neutron/v2.0/ports", Answer::json(200, &ports));
    for (status, kind, message, expected) in [
        (
            409,
            "OverQuota",
            "Quota exceeded for resources: ['floatingip'].",
            Reason::Quota(vec![short(Resource::FloatingAddresses, None)]),
        ),
        (
            400,
            "ExternalIpAddressExhausted",
            "Unable to find any IP address on external network x.",
            Reason::PoolEmpty,
        ),
        (
            409,
            "IpAddressGenerationFailure",
            "No more IP addresses available on network x.",
            Reason::PoolEmpty,
        ),
        (
            404,
            "ExternalGatewayForFloatingIPNotFound",
            "External network x is not reachable from subnet y.",
            Reason::NoRouter,
        ),
        (
            409,
            "FloatingIPPortAlreadyAssociated",
            "Cannot associate floating IP x with port y",
            Reason::AlreadyAssociated,
        ),
        (404, "NetworkNotFound", "Network ext could not be found.", Reason::UnknownNetwork),
        (404, "PortNotFound", "Port b could not be found.", Reason::NotFound(Thing::Port)),
        (403, "PolicyNotAuthorized", "rule:create_floatingip is disallowed by policy", Reason::Denied),
        (400, "BadRequest", "Bad floatingip request: x.", Reason::BadRequest),
        (500, "HTTPInternalServerError", "Request Failed: internal server error", Reason::OutcomeUnknown),
    ] {
        site.on("POST", "/neutron/v2.0/floatingips", Answer::json(status, &neutron(kind, message)));
        let fault = session.ensure_floating_address(&operation, "s1", "ext").await.unwrap_err();
        assert_eq!((&fault.reason, fault.words()), (&expected, message));
    }
    let asked = site.last("POST", "/neutron/v2.0/floatingips").json();
    assert_eq!(asked["floatingip"]["port_id"], "b");
    assert_eq!(asked["floatingip"]["description"], "skyport:00000000-0000-4000-8000-000000000001");
}

#[tokio::test]
async fn signing_in() {
    let site = Site::start().await;
    let path = "/v3/OS-FEDERATION/identity_providers/egi.eu/protocols/openid/auth";
    let error = |code: u16, message: &str| json!({"error": {"code": code, "title": "x", "message": message}});
    let apache =
        "<html><head><title>401 Unauthorized</title></head><body><h1>Unauthorized</h1></body></html>";
    for (answer, expected) in [
        (Answer::page(401, apache), Reason::SignInRefused),
        (Answer::page(403, apache), Reason::SignInRefused),
        (
            Answer::json(401, &error(401, "The request you have made requires authentication.")),
            Reason::NotAMember,
        ),
        (Answer::json(403, &error(403, "You are not authorized")), Reason::NotAMember),
        (
            Answer::json(404, &error(404, "Could not find Identity Provider: egi.eu.")),
            Reason::ProtocolNotConfigured,
        ),
        (
            Answer::json(401, &error(401, "Attempted to authenticate with an unsupported method.")),
            Reason::ProtocolNotConfigured,
        ),
        (Answer::json(429, &error(429, "slow")), Reason::RateLimited { after: None }),
        (Answer::page(502, "Bad <b>gateway</b>"), Reason::Unavailable { after: None }),
        (
            Answer::page(302, "").with("Location: https://idp.example/login?state=secret"),
            Reason::Redirected { to: "https://idp.example/login".into() },
        ),
        (Answer::page(200, "<html>Please sign in</html>"), Reason::Unreadable),
        (Answer::json(201, &json!({"token": {}})).with("X-Subject-Token: x"), Reason::Unreadable),
        (Answer::json(201, &json!({"token": {}})), Reason::Unreadable),
    ] {
        site.on("POST", path, answer);
        assert_eq!(site.cloud().sign_in(&credentials()).await.unwrap_err().reason, expected);
    }
    // Both protocols are tried, and a site that knows the second is entered by it.
    site.on("POST", path, Answer::page(401, apache));
    let user = json!({"token": {"expires_at": "2030-01-01T00:00:00Z", "user": {"id": "x", "name": "y"}}});
    let second = path.replace("openid", "oidc");
    site.on("POST", &second, Answer::json(201, &user).with("X-Subject-Token: z"));
    assert_eq!(site.cloud().sign_in(&credentials()).await.unwrap().user_id(), "x");
    // What is said of the protocol that is offered counts more than of the one that is not.
    site.on("POST", path, Answer::page(404, "no"));
    site.on("POST", &second, Answer::page(401, apache));
    assert_eq!(site.cloud().sign_in(&credentials()).await.unwrap_err().reason, Reason::SignInRefused);
    site.on("POST", path, Answer::page(401, apache));
    site.on("POST", &second, Answer::page(404, "no"));
    assert_eq!(site.cloud().sign_in(&credentials()).await.unwrap_err().reason, Reason::SignInRefused);
}

#[tokio::test]
async fn entering_a_project() {
    let site = Site::start().await;
    let me = site.cloud().sign_in(&credentials()).await.unwrap();
    let body = json!({"error": {"code": 401, "title": "Unauthorized", "message": "no"}});
    site.on("POST", "/v3/auth/tokens", Answer::json(401, &body));
    assert_eq!(me.session("p1").await.unwrap_err().reason, Reason::ProjectNotYours);
    site.on("GET", "/v3/auth/projects", Answer::json(401, &body));
    assert_eq!(me.session("p1").await.unwrap_err().reason, Reason::TokenExpired);
    site.on(
        "POST",
        "/v3/auth/tokens",
        Answer::json(404, &json!({"error": {"message": "Could not recognize Fernet token"}})),
    );
    assert_eq!(me.session("p1").await.unwrap_err().reason, Reason::TokenExpired);
    // Glance's own dress.
    let site = Site::start().await;
    let session = site.session().await;
    let glance = json!({"message": "This server could not verify that you are authorized.<br /><br />\n", "code": "401 Unauthorized", "title": "Unauthorized"});
    site.on("GET", "/glance/v2/images", Answer::json(401, &glance));
    let fault = session.images().await.unwrap_err();
    assert_eq!(
        (&fault.reason, fault.words()),
        (&Reason::TokenExpired, "This server could not verify that you are authorized.")
    );
    assert!(fault.needs_sign_in());
}

#[tokio::test]
async fn the_words_of_a_servers_own_fault() {
    let site = Site::start().await;
    let session = site.session().await;
    for (message, expected) in [
        ("No valid host was found. ", Reason::NoValidHost),
        ("No valid host was found. There are not enough hosts available.", Reason::NoValidHost),
        (
            "Exceeded maximum number of retries. Exhausted all hosts available for retrying build failures for instance s1.",
            Reason::RetriesExhausted,
        ),
        (
            "Build of instance s1 aborted: Failed to allocate the network(s), not rescheduling.",
            Reason::NetworkAllocation,
        ),
        ("Build of instance s1 aborted: Image i1 is unacceptable", Reason::BuildAborted),
        ("<b>Kernel</b> panic\u{202e}", Reason::ServerFault),
    ] {
        let mut failed = server("s1");
        failed["status"] = json!("ERROR");
        failed["fault"] = json!({"code": 500, "created": "2026-11-22T20:00:00Z", "message": message});
        site.on("GET", "/nova/v2.1/servers/s1", Answer::json(200, &json!({"server": failed})));
        let fault = session.server("s1").await.unwrap().fault.unwrap();
        assert_eq!(fault.reason, expected);
        assert!(!fault.words.contains(['<', '\u{202e}']), "{}", fault.words);
    }
}
