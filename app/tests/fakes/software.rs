//! A fake of the software port: entries of every kind and origin, with hostile and long texts among them.

use super::{HOSTILE, NOW_US, World, long_name};
use app::asking::Caller;
use app::error::{Error, Result};
use app::features::software::container::{Container, ContainerForm};
use app::features::software::model::{
    FacetValue, Facets, Found, Interface, Kind, Only, Origin, Question, Resources, SoftwareCard,
    SoftwareView, Version, ViewInterface,
};
use app::features::software::port::SoftwarePort;
use async_trait::async_trait;

pub(crate) struct FakeSoftware(pub(crate) World);

fn card(name: &str, title: &str, kind: Kind, origin: Origin) -> SoftwareCard {
    SoftwareCard {
        name: name.into(),
        title: title.into(),
        purpose: format!("What {title} is for, in one line."),
        kind,
        version: "6.5".into(),
        versions: 1,
        tags: vec!["python".into(), "tables".into()],
        domain: "General".into(),
        minimum: Resources { cores: 1, memory_mib: 1536, disk_gib: 2, gpus: 0 },
        featured: false,
        favourite: false,
        origin,
    }
}

fn cards() -> Vec<SoftwareCard> {
    let notebook = card("notebook", "JupyterLab", Kind::Notebook, Origin::Catalogue);
    vec![
        SoftwareCard { featured: true, favourite: true, versions: 3, ..notebook },
        card("desktop", "Desktop with TOPCAT", Kind::Desktop, Origin::Catalogue),
        SoftwareCard {
            tags: vec![HOSTILE.into()],
            domain: HOSTILE.into(),
            ..card("mine", HOSTILE, Kind::WebApp, Origin::Mine(None))
        },
        SoftwareCard {
            version: long_name(),
            tags: Vec::new(),
            ..card("shared", &long_name(), Kind::Batch, Origin::Group(HOSTILE.into()))
        },
        SoftwareCard {
            domain: String::new(),
            minimum: Resources::default(),
            ..card("featured", "Somebody's reduction", Kind::Batch, Origin::Featured)
        },
    ]
}

fn version(version: &str, digest: &str, date: &str) -> Version {
    Version { version: version.into(), digest: digest.into(), date: date.into(), ..Version::default() }
}

fn view(card: SoftwareCard) -> SoftwareView {
    let mine = matches!(card.origin, Origin::Mine(_));
    let bare = card.minimum == Resources::default();
    let digest = format!("sha256:{}", "0123456789abcdef".repeat(4));
    SoftwareView {
        description: if bare {
            String::new()
        } else {
            "<p>Reads <strong>tables</strong> &lt;script&gt;</p>".into()
        },
        image: "quay.io/observatory/image".into(),
        versions: vec![
            Version { size_bytes: 812_345_678, ..version(&card.version, &digest, "2026-11-02") },
            version("6.4", "", ""),
        ],
        command: if bare { Vec::new() } else { vec!["start".into(), "--title=a b".into(), HOSTILE.into()] },
        interface: (card.kind != Kind::Batch).then(|| Interface {
            port: 8888,
            path: "/lab".into(),
            ready: "/api".into(),
            view: (card.kind == Kind::Desktop).then(|| ViewInterface { port: 8889, path: "/view".into() }),
        }),
        recommended: Resources { cores: 4, memory_mib: 8192, disk_gib: 2, gpus: 1 },
        architectures: vec!["amd64".into(), "arm64".into()],
        licence: "BSD-3-Clause".into(),
        citation: "10.3847/1538-4357/ac7c74".into(),
        source: "https://github.com/jupyterlab/jupyterlab".into(),
        maintainer: if mine { HOSTILE.into() } else { "The observatory".into() },
        signed_in: true,
        may_change: mine,
        may_feature: false,
        mark: String::new(),
        added_us: mine.then_some(NOW_US),
        labels: if mine { vec![("org.example.note".into(), HOSTILE.into())] } else { Vec::new() },
        card,
    }
}

#[async_trait]
impl SoftwarePort for FakeSoftware {
    async fn search(&self, caller: &Caller, question: &Question) -> Result<Found> {
        self.0.reach()?;
        let signed_in = caller.user().is_ok();
        if !self.0.full() {
            let facets = Facets::default();
            return Ok(Found { cards: Vec::new(), found: 0, total: 0, facets, signed_in });
        }
        let mut cards = cards();
        if !signed_in {
            cards.retain(|card| matches!(card.origin, Origin::Catalogue | Origin::Featured));
            for card in &mut cards {
                card.favourite = false;
            }
        }
        let total = cards.len() as u64;
        let facets = Facets {
            kinds: Kind::ALL
                .map(|kind| (kind, cards.iter().filter(|c| c.kind == kind).count() as u64))
                .into(),
            domains: vec![
                FacetValue { key: "General".into(), count: 3 },
                FacetValue { key: HOSTILE.into(), count: 1 },
            ],
            tags: vec![
                FacetValue { key: "python".into(), count: 3 },
                FacetValue { key: long_name(), count: 1200 },
            ],
            favourites: 1,
            recent: 2,
            mine: 1,
            fits: Some(3),
        };
        cards.retain(|card| {
            card.title.to_lowercase().contains(&question.words.to_lowercase())
                && question.kind.is_none_or(|kind| card.kind == kind)
                && question.tags.iter().all(|tag| card.tags.contains(tag))
                && (question.only != Only::Favourites || card.favourite)
        });
        Ok(Found { found: cards.len() as u64, cards, total, facets, signed_in })
    }

    async fn show(&self, caller: &Caller, name: &str) -> Result<SoftwareView> {
        self.0.reach()?;
        let card = cards().into_iter().find(|card| card.name == name).ok_or(Error::NotFound)?;
        if caller.user().is_err() {
            if !matches!(card.origin, Origin::Catalogue | Origin::Featured) {
                return Err(Error::NotFound);
            }
            return Ok(SoftwareView { signed_in: false, ..view(card) });
        }
        Ok(view(card))
    }

    async fn set_favourite(&self, caller: &Caller, name: &str, _: bool) -> Result<()> {
        self.0.reach()?;
        caller.user()?;
        if cards().iter().any(|card| card.name == name) { Ok(()) } else { Err(Error::NotFound) }
    }

    async fn form(&self, caller: &Caller, change: &str) -> Result<ContainerForm> {
        self.0.reach()?;
        caller.user()?;
        let groups = if self.0.full() { vec!["observers".into(), HOSTILE.into()] } else { Vec::new() };
        let registries = vec!["docker.io".into(), "http://127.0.0.1:5000".into()];
        let first = match change {
            "" => None,
            "mine" => Some(Container {
                change: "mine".into(),
                image: "quay.io/me/image:1".into(),
                kind: "web-app".into(),
                port: "8080".into(),
                title: HOSTILE.into(),
                description: HOSTILE.into(),
                registry_user: "me".into(),
                ..Container::default()
            }),
            _ => return Err(Error::NotFound),
        };
        Ok(ContainerForm { registries, groups, has_secret: first.is_some(), first })
    }

    async fn keep(&self, caller: &Caller, container: Container) -> Result<String> {
        self.0.reach()?;
        caller.user()?;
        if container.image.starts_with("quay.io/") {
            return Ok("mine".into());
        }
        Err(Error::field("image", "This Skyport may not ask that registry."))
    }

    async fn remove(&self, caller: &Caller, name: &str) -> Result<()> {
        self.0.reach()?;
        caller.user()?;
        if name == "mine" { Ok(()) } else { Err(Error::NotFound) }
    }

    async fn feature(&self, caller: &Caller, _: &str, _: bool, _: &str) -> Result<()> {
        self.0.reach()?;
        caller.user()?;
        Err(Error::Forbidden)
    }
}
