//! What becomes of what was typed and what an image says.

use super::super::remote::ImageFacts;
use super::{entry_of, form_of, new_name};
use app::error::Error;
use app::features::software::container::Container;
use app::features::software::model::Kind;

fn facts(labels: &[(&str, &str)], ports: &[u16]) -> ImageFacts {
    ImageFacts {
        digest: format!("sha256:{}", "ab".repeat(32)),
        architectures: vec!["arm64".into()],
        size_bytes: 1000,
        date: "2026-01-02".into(),
        labels: labels.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect(),
        ports: ports.to_vec(),
    }
}

fn made(typed: &Container, facts: &ImageFacts) -> Result<super::Entry, Vec<(String, String)>> {
    let image = "quay.io/me/my-thing:1.0".parse().unwrap();
    entry_of("my-thing-abc", typed, &image, facts, "Ada").map_err(|error| match error {
        Error::Invalid(fields) => fields.into_iter().map(|f| (f.field, f.sentence)).collect(),
        other => panic!("{other:?}"),
    })
}

fn kind(kind: &str) -> Container {
    Container { kind: kind.into(), ..Container::default() }
}

#[test]
fn an_image_that_says_everything_needs_nothing_typed() {
    let labels = [
        ("org.skyport.kind", "web"),
        ("org.skyport.port", "8080"),
        ("org.skyport.path", "/app"),
        ("org.opencontainers.image.title", "Thing"),
        ("org.opencontainers.image.description", "Does things\nand more"),
        ("org.opencontainers.image.licenses", "MIT"),
        ("org.opencontainers.image.source", "javascript:alert(1)"),
    ];
    let entry = made(&Container::default(), &facts(&labels, &[9, 10])).unwrap();
    assert_eq!(
        (entry.title.as_str(), entry.purpose.as_str(), entry.kind),
        ("Thing", "Does things", Kind::WebApp)
    );
    let at = entry.interface.as_ref().unwrap();
    assert_eq!((at.port, at.path.as_str(), at.ready.as_str()), (8080, "/app", "/"));
    assert_eq!((entry.image.as_str(), entry.versions[0].version.as_str()), ("quay.io/me/my-thing", "1.0"));
    assert!(entry.versions[0].reference(&entry.image).contains("@sha256:abab"));
    assert_eq!(
        (entry.architectures[0].as_str(), entry.licence.as_str(), entry.source.as_str()),
        ("arm64", "MIT", "")
    );
    assert_eq!((entry.maintainer.as_str(), entry.minimum.cores, entry.minimum.memory_mib), ("Ada", 1, 1024));
}

#[test]
fn an_image_that_says_nothing_has_to_be_told() {
    let faults = made(&Container::default(), &facts(&[], &[])).unwrap_err();
    assert_eq!(faults[0].0, "kind");
    let batch = made(&kind("batch"), &facts(&[], &[])).unwrap();
    assert_eq!((batch.title.as_str(), batch.purpose.as_str()), ("my-thing", "The image me/my-thing"));
    assert_eq!(made(&kind("desktop"), &facts(&[], &[6080])).unwrap().interface.unwrap().port, 6080);
    for (ports, word) in [(&[][..], "names no port"), (&[1, 2][..], "several ports: 1, 2")] {
        let faults = made(&kind("desktop"), &facts(&[], ports)).unwrap_err();
        assert!(faults.len() == 1 && faults[0].0 == "port" && faults[0].1.contains(word), "{faults:?}");
    }
}

#[test]
fn each_fault_is_at_its_field() {
    let long = "x".repeat(300);
    for (change, name) in [
        (Container { port: "0".into(), ..kind("desktop") }, "port"),
        (Container { port: "http".into(), ..kind("desktop") }, "port"),
        (Container { port: "1".into(), path: "//evil".into(), ..kind("desktop") }, "path"),
        (Container { port: "1".into(), ready: "x".into(), ..kind("desktop") }, "ready"),
        (Container { command: "a 'b".into(), ..kind("batch") }, "command"),
        (Container { title: long.clone(), ..kind("batch") }, "title"),
        (Container { purpose: long.clone(), ..kind("batch") }, "purpose"),
        (Container { description: "x".repeat(20_001), ..kind("batch") }, "description"),
        (Container { tags: long, ..kind("batch") }, "tags"),
        (Container { cores: "many".into(), ..kind("batch") }, "cores"),
        (Container { memory_gib: "-1".into(), ..kind("batch") }, "memory_gib"),
        (Container { memory_gib: "0.0009".into(), ..kind("batch") }, "memory_gib"),
        (Container { cores: "100001".into(), ..kind("batch") }, "cores"),
        (Container { memory_gib: "NaN".into(), ..kind("batch") }, "memory_gib"),
        (kind("robot"), "kind"),
    ] {
        let faults = made(&change, &facts(&[], &[])).unwrap_err();
        assert_eq!(faults.iter().map(|f| f.0.as_str()).collect::<Vec<_>>(), [name], "{faults:?}");
    }
}

#[test]
fn what_is_kept_fills_the_form_as_it_was() {
    let typed = Container {
        port: "8888".into(),
        path: "/lab".into(),
        command: "start 'a b'".into(),
        title: "Mine".into(),
        purpose: "For me".into(),
        tags: "radio, imaging".into(),
        cores: "4".into(),
        memory_gib: "1.5".into(),
        ..kind("notebook")
    };
    let facts = facts(&[], &[]);
    let entry = made(&typed, &facts).unwrap();
    let form = form_of(&entry, Some("observers"), Some("me"));
    let expected = Container {
        change: "my-thing-abc".into(),
        image: "quay.io/me/my-thing:1.0".into(),
        share: "observers".into(),
        registry_user: "me".into(),
        ..typed
    };
    assert_eq!(form, expected);
}

#[test]
fn names_fit_into_addresses() {
    assert_eq!(new_name("My CASA, v6.5!", "abcdefghijk"), "my-casa-v6-5-abcdefgh");
    assert_eq!(new_name("שלום", "abcdefghijk"), "container-abcdefgh");
    assert!(new_name(&"long name ".repeat(30), "abcdefghijk").len() < 50);
}
