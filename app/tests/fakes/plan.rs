//! A fake of the port of plan: sites with offers, and sites with reasons.

use super::{HOSTILE, NOW_US, World};
use app::asking::Caller;
use app::error::{Error, Result};
use app::features::plan::model::{
    DataSummary, LoadView, NamedSize, OfferView, PartView, PlanQuestion, PlanView, PlannedSoftware,
    SiteAnswer, Take, When,
};
use app::features::plan::port::PlanPort;
use app::features::software::model::{Kind, Resources, Version};
use async_trait::async_trait;

/// The port of plan over a world.
pub(crate) struct FakePlan(pub(crate) World);

const HOUR: i64 = 3_600_000_000;

fn size(cores: u32, memory_mib: u64, disk_gib: u64) -> Resources {
    Resources { cores, memory_mib, disk_gib, gpus: 0 }
}

fn software(name: &str) -> Option<PlannedSoftware> {
    let (title, kind) = match name {
        "notebook" => ("JupyterLab", Kind::Notebook),
        "batch" => ("Pipeline", Kind::Batch),
        "hostile" => (HOSTILE, Kind::WebApp),
        _ => return None,
    };
    let version = |version: &str| Version { version: version.into(), ..Version::default() };
    Some(PlannedSoftware {
        name: name.into(),
        title: title.into(),
        purpose: if name == "hostile" { HOSTILE.into() } else { "Notebooks in Python with astropy".into() },
        kind,
        versions: vec![version("4.4"), version("4.3")],
        minimum: size(1, 1024, 2),
        recommended: size(2, 4096, 10),
    })
}

fn load(full: bool) -> Vec<LoadView> {
    let day = 24 * HOUR;
    let levels = [(0, 4, 40), (4, 20, 75), (20, 30, 100), (30, 60, 10), (60, 168, 0)];
    levels
        .into_iter()
        .map(|(from, to, percent)| LoadView {
            from_us: NOW_US + from * HOUR,
            to_us: NOW_US + to * HOUR,
            open: !full || to * HOUR < 2 * day,
            percent: if full { 100 } else { percent },
        })
        .collect()
}

fn offer(site: &str, hours: i64, question: &PlanQuestion, why: &str, best: bool) -> OfferView {
    let start_us = NOW_US + hours * HOUR;
    let part = |node: &str| PartView { node: node.into(), resources: question.resources };
    let spread = question.resources.cores > 64;
    OfferView {
        site: site.into(),
        start_us,
        end_us: start_us + i64::from(question.minutes) * 60_000_000,
        parts: if spread { vec![part("node-1"), part("node-2")] } else { vec![part("node-1")] },
        why: why.into(),
        best,
    }
}

fn sites(question: &PlanQuestion) -> Vec<SiteAnswer> {
    let site = |key: &str, title: &str, has: &str| SiteAnswer {
        key: key.into(),
        title: title.into(),
        has: has.into(),
        offers: Vec::new(),
        reasons: Vec::new(),
        load: load(key != "local"),
    };
    let local = site("local", "This machine", "1 node, 8 cores and 16 GiB");
    let cluster = site("cluster", HOSTILE, "24 nodes, 64 cores and 256 GiB each");
    if question.resources.cores > 64 && question.nodes < 2 {
        let no = |site: SiteAnswer, reasons: &[&str]| SiteAnswer {
            reasons: reasons.iter().map(|reason| (*reason).to_owned()).collect(),
            ..site
        };
        return vec![
            no(local, &["It needs 210 cores where the largest node has 8. Ask for 8 cores at most."]),
            no(
                cluster,
                &[
                    "It needs 210 cores where the largest node has 64. Ask for 64 at most, or spread it over 4 nodes.",
                    HOSTILE,
                ],
            ),
        ];
    }
    let why = ["Now", "Later", "Later", "Later", "Later"];
    let offers =
        why.iter().enumerate().map(|(i, why)| offer("local", i as i64 * 2, question, why, i == 0)).collect();
    vec![
        SiteAnswer { offers, ..local },
        SiteAnswer { offers: vec![offer("cluster", 30, question, HOSTILE, false)], ..cluster },
        SiteAnswer {
            reasons: vec!["Maintenance until Tuesday 08:00 UTC. Ask for a later window.".into()],
            ..site("closed", "Institute cluster", "4 nodes, 32 cores and 64 GiB each")
        },
    ]
}

#[async_trait]
impl PlanPort for FakePlan {
    async fn ask(&self, caller: &Caller, question: &PlanQuestion) -> Result<PlanView> {
        self.0.reach()?;
        let software = software(&question.software).filter(|_| self.0.full());
        let mut question = question.clone();
        if question.resources == Resources::default() {
            question.resources = software.as_ref().map_or(size(1, 2048, 5), |software| software.recommended);
        }
        if question.minutes == 0 {
            question.minutes = 60;
        }
        if let When::Within { from_us: 0, .. } = question.when {
            question.when = When::Within { from_us: NOW_US, to_us: NOW_US + 168 * HOUR };
        }
        if let (true, Some(software)) = (question.version.is_empty(), &software) {
            question.version.clone_from(&software.versions[0].version);
        }
        let named =
            |key: &str, title: &str, resources| NamedSize { key: key.into(), title: title.into(), resources };
        let signed_in = caller.user().is_ok();
        let full = self.0.full();
        Ok(PlanView {
            request: "01J0PLAN".into(),
            software,
            sizes: vec![
                named("small", "Small", size(1, 2048, 5)),
                named("medium", "Medium", size(2, 4096, 10)),
                named("large", "Large", size(8, 16_384, 40)),
            ],
            largest: size(64, 262_144, 1000),
            longest_minutes: 480,
            data: if signed_in && full {
                DataSummary { items: 412, results: 2, rows: 20_410, bytes: 31_400_000 }
            } else {
                DataSummary::default()
            },
            sites: if full { sites(&question) } else { Vec::new() },
            now_us: NOW_US,
            signed_in,
            question,
        })
    }
    async fn take(&self, caller: &Caller, offer: Take) -> Result<String> {
        self.0.reach()?;
        caller.user()?;
        if offer.site == "cluster" {
            return Err(Error::Limit(
                "Somebody was quicker. The next start there is Tuesday 15:00 UTC.".into(),
            ));
        }
        let whole = offer.site == "local" && offer.start_us >= NOW_US && offer.question.minutes > 0;
        if whole { Ok("held".into()) } else { Err(Error::NotFound) }
    }
}
