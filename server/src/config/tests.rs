//! A wrong configuration stops the start, and says where and why.

use super::{Config, read};
use std::io::Write as _;

fn refused(toml: &str) -> String {
    let mut file = tempfile::NamedTempFile::new().unwrap();
    file.write_all(toml.as_bytes()).unwrap();
    let text = read(Some(file.path())).unwrap_err().to_string();
    assert!(!text.contains("hunter2"), "a secret in the message: {text}");
    text
}

fn site(line: &str) -> String {
    format!(
        "[sites.here]\ntitle = 'Here'\nnodes = [{{ name = 'n1', socket = '/run/engine.sock' }}]\n{line}\n"
    )
}

#[test]
fn opening_hours_and_maintenance_are_read() {
    let text = site(
        "open = ['mon 08:00-18:00', 'Fri 20:00-04:00', 'sun 00:00-24:00']\nmaintenance = ['2026-12-01T08:00Z/2026-12-01T12:30Z']",
    );
    let mut file = tempfile::NamedTempFile::new().unwrap();
    file.write_all(text.as_bytes()).unwrap();
    let config = read(Some(file.path())).unwrap();
    let site = &config.sites["here"];
    let hours: Vec<_> =
        site.openings().unwrap().iter().map(|one| (one.day as u8, one.from_minute, one.to_minute)).collect();
    assert_eq!(hours, [(0, 480, 1080), (4, 1200, 1680), (6, 0, 1440)]);
    let closed: Vec<String> = site.closures().unwrap().iter().map(ToString::to_string).collect();
    assert_eq!(closed, ["from Tue 2026-12-01 08:00 UTC to Tue 2026-12-01 12:30 UTC"]);
}

#[test]
fn the_defaults_are_right() {
    Config::default().check().unwrap();
}

#[test]
fn names_file_key_and_reason() {
    let text = refused("[server]\nlissten = '127.0.0.1:1'\n");
    assert!(text.contains("lissten") && text.contains("server") && text.contains("TOML file"), "{text}");
    let text = refused("[queries]\nrows_user = 'many'\n");
    assert!(text.contains("queries.rows_user") && text.contains("many"), "{text}");
}

#[test]
fn refuses_contradictions() {
    for (toml, key) in [
        ("[server]\nlisten = '0.0.0.0:80'\n", "server.public_url"),
        ("[server]\npublic_url = 'http://portal.example.org'\n", "server.public_url"),
        ("[server]\nlisten = '0.0.0.0:80'\npublic_url = 'https://p.example.org'\n", "sign_in.providers"),
        (
            "[server]\nlisten = '0.0.0.0:80'\npublic_url = 'https://p.example.org'\n[sign_in]\ndemo = true\n",
            "sign_in.demo",
        ),
        ("[sign_in]\ndemo_listen = '0.0.0.0:8081'\n", "sign_in.demo_listen"),
        ("[sign_in]\ndemo = false\n", "sign_in.providers"),
        ("[sign_in]\nidle_s = 10\nabsolute_s = 5\n", "sign_in.absolute_s"),
        (
            "[sign_in.providers.x]\nname='X'\nissuer='http://idp.example.org'\nclient_id='a'\nclient_secret='hunter2'\n",
            "sign_in.providers.x.issuer",
        ),
        ("[queries]\nat_once = 0\n", "queries.at_once"),
        ("[sessions]\ndomain = 'sessions.example.org'\n", "sessions.domain"),
        (&site("open = ['mon 08:00-18:00', 'someday 08:00-18:00']"), "sites.here.open"),
        (&site("open = ['mon 8-18']"), "sites.here.open"),
        (&site("open = ['mon 08:00-24:01']"), "sites.here.open"),
        (&site("maintenance = ['2026-12-01T08:00Z']"), "sites.here.maintenance"),
        (&site("maintenance = ['2026-12-01T08:00Z/2026-12-01T07:00Z']"), "sites.here.maintenance"),
        (&site("horizon_days = 0"), "sites.here.horizon_days"),
        (&site("longest_minutes = 4000000"), "sites.here.longest_minutes"),
        (&site("notice_minutes = 43200"), "sites.here.notice_minutes"),
        ("[sessions]\nproduct_hosts = ['https://a.example.org']\n", "sessions.product_hosts"),
        ("[sessions]\nproduct_hosts = ['a.example.org/files']\n", "sessions.product_hosts"),
        ("[archives.tap.local]\ntitle='x'\nurl='https://x.example/tap'\n", "archives.tap.local"),
    ] {
        let text = refused(toml);
        assert!(text.contains(key), "{key} is not named in: {text}");
    }
}

#[test]
fn secrets_never_show() {
    let mut config = Config::default();
    config.database.url = super::Secret::new("postgres://u:hunter2@h/d");
    assert!(!config.shown().contains("hunter2") && !format!("{config:?}").contains("hunter2"));
}

#[test]
fn the_reference_page_says_what_must_be_given_and_what_may_be_chosen() {
    let page = super::reference::page();
    let row = |key: &str| {
        let start = format!("| `{key}` | ");
        page.lines().find_map(|line| line.strip_prefix(&start)).unwrap_or_else(|| panic!("{key} in {page}"))
    };
    assert!(row("format").starts_with("`auto`, `pretty` or `json` | `\"auto\"` |"), "{}", row("format"));
    for key in ["name", "issuer", "client_id", "title"] {
        assert!(row(key).starts_with("string | required |"), "{key}: {}", row(key));
    }
    for (key, default) in [
        ("scopes", "`[\"profile\",\"email\"]`"),
        ("groups_claim", "`\"groups\"`"),
        ("client_secret", "`\"\"`"),
        ("client_secret_file", "left out"),
        ("redirect_hosts", "`[]`"),
    ] {
        assert!(row(key).contains(&format!("| {default} |")), "{key}: {}", row(key));
    }
    assert!(!page.contains("|  |"), "no empty cell: {page}");
}

#[test]
fn the_reference_page_is_up_to_date() {
    let kept = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/CONFIGURATION.md"))
        .unwrap_or_default();
    assert!(
        kept == super::reference::page(),
        "docs/CONFIGURATION.md is stale: write it anew with `skyport config --reference > docs/CONFIGURATION.md`"
    );
}

#[test]
fn sessions_have_a_domain_that_is_not_the_portals() {
    let checked = |public_url: &str, domain: &str| {
        let mut config = Config::default();
        config.server.public_url = public_url.to_owned();
        config.sessions.domain = domain.to_owned();
        config.sign_in.demo = Some(false);
        config.sessions.check(&config.server).map_err(|error| error.to_string())
    };
    for (public_url, domain) in [
        ("", ""),
        ("", "localhost"),
        ("", "sessions.localhost"),
        ("http://localhost:8080", "localhost"),
        ("https://portal.example.org", ""),
        ("https://portal.example.org", "sessions.example.org"),
        ("https://portal.example.org", "sessions.portal.example.org"),
        ("https://example.org", "example.net"),
    ] {
        checked(public_url, domain).unwrap();
    }
    for (public_url, domain, why) in [
        ("https://portal.example.org", "portal.example.org", "own name"),
        ("https://portal.example.org", "example.org", "above"),
        ("https://portal.example.org", "org", "above"),
        ("https://portal.example.org", "localhost", "loopback"),
        ("", "sessions.example.org", "public_url"),
        ("http://a.sessions.localhost:8080", "sessions.localhost", "above"),
        ("https://portal.example.org", "*.example.net", "not a domain"),
        ("https://portal.example.org", "Sessions.example.net", "not a domain"),
        ("https://portal.example.org", "sessions.example.net.", "not a domain"),
        ("https://portal.example.org", "https://sessions.example.net", "not a domain"),
        ("https://portal.example.org", "192.0.2.1", "not a domain"),
    ] {
        let error = checked(public_url, domain).unwrap_err();
        assert!(error.contains("sessions.domain") && error.contains(why), "{public_url} {domain}: {error}");
    }
}
