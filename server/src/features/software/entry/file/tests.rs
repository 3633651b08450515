//! Files of entries: what is read, and that what is wrong says where.

use super::read_file;
use app::features::software::model::{Kind, Resources};

const GOOD: &str = r#"title = " CASA "
purpose = "Reduces radio observations"
kind = "desktop"
image = "images.example.org/casa/desktop"
tags = ["Radio", "radio", " imaging "]
citation = "https://doi.org/10.1088/1538-3873/ac9642"
source = "https://casa.nrao.edu"

[interface]
port = 6080
path = "/vnc.html?autoconnect=true"

[resources]
minimum = { cores = 2, memory_mib = 4096 }

[[versions]]
version = "6.5.4"
tag = "6.5.4-9"

[[versions]]
version = "6.10.1"
digest = "sha256:0000000000000000000000000000000000000000000000000000000000000000"
"#;

#[test]
fn reads_what_is_there() {
    let entry = read_file("casa", "casa.toml", GOOD).unwrap();
    assert_eq!((entry.name.as_str(), entry.title.as_str(), entry.kind), ("casa", "CASA", Kind::Desktop));
    assert_eq!(entry.tags, ["radio", "imaging"]);
    assert_eq!(entry.citation, "10.1088/1538-3873/ac9642");
    assert_eq!(entry.architectures, ["amd64"]);
    let needs = Resources { cores: 2, memory_mib: 4096, ..Resources::default() };
    assert_eq!((entry.minimum, entry.recommended), (needs, needs));
    let versions: Vec<_> = entry.versions.iter().map(|v| v.reference(&entry.image)).collect();
    assert!(
        versions[0]
            .ends_with("/desktop@sha256:0000000000000000000000000000000000000000000000000000000000000000")
    );
    assert_eq!(versions[1], "images.example.org/casa/desktop:6.5.4-9");
    assert_eq!(entry.interface.as_ref().map(|at| at.ready.as_str()), Some("/"));
    assert_eq!(entry.find_version("").map(|v| v.version.as_str()), Some("6.10.1"));
    assert!(entry.find_version("6.5.4").is_some() && entry.find_version("7").is_none());
}

/// Each change of the good file, the place that is named, and a word of the reason.
#[test]
fn what_is_wrong_names_file_line_and_key() {
    let cases = [
        ("title = \" CASA \"", "titel = \"CASA\"", "casa.toml, line 1, key titel:", "unknown field"),
        ("kind = \"desktop\"", "kind = \"robot\"", "casa.toml, line 3, key kind:", "unknown variant"),
        ("port = 6080", "port = \"6080\"", "casa.toml, line 10, key interface.port:", "invalid type"),
        ("port = 6080", "port = 0", "casa.toml, line 10, key interface.port:", "1 to 65535"),
        (
            "version = \"6.10.1\"",
            "version = 6",
            "casa.toml, line 21, key versions[1].version:",
            "invalid type",
        ),
        (
            "version = \"6.10.1\"",
            "version = \"6.5.4\"",
            "casa.toml, line 21, key versions[1].version:",
            "twice",
        ),
        ("sha256:0000", "sha256:000", "casa.toml, line 22, key versions[1].digest:", "64 digits"),
        ("tag = \"6.5.4-9\"", "tag = \"a b\"", "casa.toml, line 18, key versions[0].tag:", "image's tag"),
        (
            "tag = \"6.5.4-9\"",
            "date = \"2026-13-01\"",
            "casa.toml, line 18, key versions[0].date:",
            "2026-11-22",
        ),
        (
            "images.example.org/casa/desktop",
            "casa/desktop",
            "casa.toml, line 4, key image:",
            "write `docker.io/casa/desktop`",
        ),
        (
            "kind = \"desktop\"",
            "kind = \"desktop\"\nidle_minutes = 5",
            "casa.toml, line 4, key idle_minutes:",
            "0 or at least 30",
        ),
        ("casa/desktop\"", "casa/desktop:1\"", "casa.toml, line 4, key image:", "no tag"),
        (
            "minimum = { cores = 2, memory_mib = 4096 }",
            "minimum = { cores = 2 }\nrecommended = { cores = 1 }",
            "casa.toml, line 15, key resources.recommended.cores:",
            "less than the 2",
        ),
        (
            "minimum = { cores = 2,",
            "minimum = { core = 2,",
            "casa.toml, line 14, key resources.minimum.core:",
            "unknown field",
        ),
        (
            "[interface]\nport = 6080\npath = \"/vnc.html?autoconnect=true\"\n",
            "",
            "casa.toml, key interface:",
            "has a port",
        ),
        (
            "kind = \"desktop\"",
            "kind = \"batch\"",
            "casa.toml, line 9, key interface:",
            "batch image has none",
        ),
        (
            "/vnc.html?autoconnect=true",
            "//evil.example/",
            "casa.toml, line 11, key interface.path:",
            "one `/`",
        ),
        ("10.1088/1538-3873/ac9642", "nonsense", "casa.toml, line 6, key citation:", "must be a DOI"),
        ("https://casa.nrao.edu", "javascript:alert(1)", "casa.toml, line 7, key source:", "https://"),
        (
            "purpose = \"Reduces",
            "purpose = \"Reduces\\nmore",
            "casa.toml, line 2, key purpose:",
            "line break",
        ),
        ("title = ", "title ", "casa.toml, line 1", ""),
    ];
    for (good, bad, place, reason) in cases {
        let text = GOOD.replacen(good, bad, 1);
        assert_ne!(text, GOOD, "{good} is in the file");
        let faults = read_file("casa", "casa.toml", &text).unwrap_err();
        let said = faults[0].to_string();
        assert!(said.starts_with(place) && said.contains(reason), "{bad}: {said}");
    }
    assert!(read_file("new", "new.toml", GOOD).unwrap_err()[0].to_string().starts_with("new.toml: its name"));
    assert!(read_file("Casa", "Casa.toml", GOOD).is_err());
}
