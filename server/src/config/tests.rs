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
