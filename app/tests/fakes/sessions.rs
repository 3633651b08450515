//! A fake of the port of sessions: one in every state, and one for every end.

use super::{HOSTILE, NOW_US, World, long_name};
use app::asking::Caller;
use app::error::{Error, Result};
use app::features::plan::model::{PlanQuestion, Take};
use app::features::servers::model::{EventView, FailureView, StepState, StepView};
use app::features::sessions::model::{
    Brief, Check, CheckOf, DataFile, EndReason, OutputFile, Progress, SessionAction, SessionItem,
    SessionState, SessionView, SessionsView, Share, Usage, Verdict,
};
use app::features::sessions::port::SessionsPort;
use app::features::software::model::{Kind, Resources};
use async_trait::async_trait;

/// The port of sessions over a world.
pub(crate) struct FakeSessions(pub(crate) World);

const MINUTE: i64 = 60_000_000;

/// Every session's id with its state; those that are over have the key of their end as id.
pub(crate) fn all() -> Vec<(String, SessionState, Option<EndReason>)> {
    let live = [
        ("running", SessionState::Running),
        ("batch", SessionState::Running),
        ("soon", SessionState::Running),
        ("shared", SessionState::Running),
        ("starting", SessionState::Starting),
        ("pulling", SessionState::Pulling),
        ("preparing", SessionState::Preparing),
        ("ending", SessionState::Ending),
        ("waiting", SessionState::Waiting),
    ];
    let live = live.into_iter().map(|(id, state)| (id.to_owned(), state, None));
    let over = EndReason::ALL.into_iter().map(|end| (end.key().to_owned(), SessionState::Ended, Some(end)));
    live.chain(over).collect()
}

fn item(id: &str, state: SessionState, end: Option<EndReason>) -> SessionItem {
    use SessionAction::{Dismiss, End, Extend, Open};
    let batch = matches!(id, "batch" | "finished" | "crashed");
    let mine = id != "shared";
    let title = match id {
        "preparing" => HOSTILE.to_owned(),
        "pulling" => long_name(),
        id => format!("reduction {id}"),
    };
    let actions = match state {
        SessionState::Running if !mine => vec![Open],
        SessionState::Running if batch => vec![Extend, End],
        SessionState::Running => vec![Open, Extend, End],
        SessionState::Ended => vec![Dismiss],
        SessionState::Ending => Vec::new(),
        _ => vec![End],
    };
    let now = match state {
        SessionState::Preparing => Some("Puts 2 results of your basket into /data."),
        SessionState::Pulling => Some("Fetches the image, which is only needed once here."),
        SessionState::Starting => Some("Waits for its interface to answer."),
        SessionState::Ending => Some("Its log is being saved."),
        _ => None,
    };
    let start_us = if state == SessionState::Waiting { NOW_US + 95 * MINUTE } else { NOW_US - 50 * MINUTE };
    SessionItem {
        id: id.to_owned(),
        title,
        software: if batch { "Pipeline 2.1".into() } else { "JupyterLab 4.4".into() },
        kind: if batch { Kind::Batch } else { Kind::Notebook },
        state,
        since_us: NOW_US - 2 * MINUTE,
        end,
        exit_code: match id {
            "finished" => Some(0),
            "crashed" => Some(139),
            _ => None,
        },
        site: if end == Some(EndReason::SiteUnreachable) { HOSTILE.into() } else { "This machine".into() },
        resources: Resources { cores: 2, memory_mib: 4096, disk_gib: 10, gpus: 0 },
        start_us,
        end_us: if id == "soon" { NOW_US + 9 * MINUTE } else { start_us + 120 * MINUTE },
        now: now.map(str::to_owned),
        actions,
        mine,
        control: mine || id == "shared",
    }
}

fn steps(state: SessionState, end: Option<EndReason>) -> Vec<StepView> {
    let titles = ["Its time", "Data in place", "Image here", "Started", "Ready"];
    let now = match state {
        SessionState::Waiting => 0,
        SessionState::Preparing => 1,
        SessionState::Pulling => 2,
        SessionState::Starting => 4,
        _ => 5,
    };
    let failed = match end {
        Some(EndReason::DataMissing | EndReason::DiskFull) => Some(1),
        Some(EndReason::ImageNotFound | EndReason::ImageNotAllowed) => Some(2),
        Some(EndReason::Failed) => Some(3),
        Some(EndReason::NotReady) => Some(4),
        _ => None,
    };
    let step = |(i, title): (usize, &&str)| {
        let at = NOW_US - 2 * MINUTE + i as i64 * 1_700_000;
        let state = match failed {
            Some(failed) if i == failed => StepState::Failed,
            Some(failed) if i > failed => StepState::Waiting,
            None if i > now => StepState::Waiting,
            None if i == now => StepState::Running,
            _ => StepState::Done,
        };
        StepView {
            title: (*title).to_owned(),
            state,
            started_us: (state != StepState::Waiting).then_some(at),
            ended_us: matches!(state, StepState::Done | StepState::Failed).then_some(at + 1_640_000),
            note: (i == 1).then(|| "2 results, 20,410 rows".to_owned()),
        }
    };
    titles.iter().enumerate().map(step).collect()
}

fn failure(end: EndReason) -> Option<FailureView> {
    (!end.is_peaceful()).then(|| FailureView {
        what: format!("It ended: {}.", end.word().to_lowercase()),
        words: Some(format!("exec: \"start\": not found. {HOSTILE}")),
        request: None,
        cleaned: vec!["The container was removed.".into()],
        next: "Look at the log, and run it again with more of what it lacked.".into(),
    })
}

fn show(item: SessionItem) -> SessionView {
    let (state, end) = (item.state, item.end);
    let batch = item.kind == Kind::Batch;
    let running = state == SessionState::Running;
    let data = |name: &str, what: &str, bytes: u64| DataFile { name: name.into(), what: what.into(), bytes };
    SessionView {
        booking: "booked".into(),
        software: "notebook".into(),
        image: "localhost/skyport/notebook@sha256:2a1b7d4e0c5f8a9b3d6e1f2a4c7b9d8e0f1a2b3c4d5e6f708192a3b4c5d6e7f8".into(),
        asked_us: NOW_US - 60 * MINUTE,
        ready_us: running.then_some(NOW_US - MINUTE),
        steps: steps(state, end),
        progress: (state == SessionState::Preparing)
            .then_some(Progress { done_bytes: 12_400_000, of_bytes: Some(31_000_000) }),
        events: vec![
            EventView { at_us: NOW_US - MINUTE, what: "Its interface answered.".into() },
            EventView { at_us: NOW_US - 2 * MINUTE, what: format!("Opened by {HOSTILE}.") },
        ],
        usage: running.then_some(Usage {
            cores_milli: 1240,
            memory_bytes: 1_800_000_000,
            memory_limit_bytes: 4_294_967_296,
        }),
        data: if batch {
            Vec::new()
        } else {
            vec![
                data("manifest.json", "where everything here is from", 2_100),
                data("gaia.parquet", "20,000 rows of gaia as Parquet", 1_400_000),
                data("spectra/a b.votable", HOSTILE, 9_000_000),
            ]
        },
        failure: end.and_then(failure),
        output: if batch && state == SessionState::Ended {
            vec![
                OutputFile { name: "out/fit result.csv".into(), bytes: 31_400 },
                OutputFile { name: HOSTILE.into(), bytes: 12 },
            ]
        } else {
            Vec::new()
        },
        has_log: !matches!(state, SessionState::Waiting | SessionState::Preparing),
        can_be_watched: item.kind == Kind::Desktop,
        shares: if running && item.mine {
            vec![
                Share { with: "grace".into(), key: "id-of-grace".into(), group: false, control: true },
                Share { with: HOSTILE.into(), key: HOSTILE.into(), group: true, control: false },
            ]
        } else {
            Vec::new()
        },
        extend_minutes: 60,
        no_extension: (item.id == "soon").then(|| "Somebody else has the time after it, from 16:20 UTC.".into()),
        again: Take {
            question: PlanQuestion {
                software: "notebook".into(),
                version: "4.4".into(),
                resources: item.resources,
                nodes: 1,
                minutes: 120,
                data: true,
                ..PlanQuestion::default()
            },
            command: if batch { "fit\n--all".into() } else { String::new() },
            title: item.title.clone(),
            ..Take::default()
        },
        now_us: NOW_US,
        item,
    }
}

impl FakeSessions {
    fn find(&self, caller: &Caller, id: &str) -> Result<SessionItem> {
        self.0.reach()?;
        caller.user()?;
        let found = all().into_iter().find(|(known, ..)| known == id).filter(|_| self.0.full());
        found.map(|(id, state, end)| item(&id, state, end)).ok_or(Error::NotFound)
    }
}

#[async_trait]
impl SessionsPort for FakeSessions {
    async fn accept(&self, caller: &Caller, booking: &str) -> Result<String> {
        self.0.reach()?;
        caller.user()?;
        match booking {
            "held" => Ok("waiting".into()),
            "expired" => Err(Error::Limit("The offer is not held any more. Plan it again.".into())),
            _ => Err(Error::NotFound),
        }
    }
    async fn brief(&self, caller: &Caller) -> Result<Brief> {
        self.0.reach()?;
        let theirs = self.0.full() && caller.user().is_ok();
        Ok(if theirs { Brief { live: 8, ends_us: Some(NOW_US + 9 * MINUTE) } } else { Brief::default() })
    }
    async fn list(&self, caller: &Caller, offset: u64) -> Result<SessionsView> {
        self.0.reach()?;
        caller.user()?;
        let full = self.0.full();
        let mut items: Vec<_> =
            all().into_iter().filter(|_| full).map(|(id, state, end)| item(&id, state, end)).collect();
        if full {
            items.extend(
                (0..40).map(|i| item(&format!("more-{i}"), SessionState::Ended, Some(EndReason::TimeUp))),
            );
        }
        Ok(SessionsView {
            total: items.len() as u64,
            items: items.into_iter().skip(usize::try_from(offset).unwrap_or(usize::MAX)).take(50).collect(),
            offset,
            live: if full { 9 } else { 0 },
            most: 10,
            home_bytes: Some(if full { 1_200_000_000 } else { 0 }),
            home_limit_bytes: 10_000_000_000,
            now_us: NOW_US,
        })
    }
    async fn show(&self, caller: &Caller, id: &str) -> Result<SessionView> {
        self.find(caller, id).map(show)
    }
    async fn look_before(&self, caller: &Caller, booking: &str) -> Result<Vec<Check>> {
        self.0.reach()?;
        caller.user()?;
        if booking != "held" {
            return Ok(Vec::new());
        }
        let check = |of, verdict, sentence: &str| Check { of, verdict, sentence: sentence.to_owned() };
        Ok(vec![
            check(CheckOf::Count, Verdict::Good, "You have 2 now, and may have 10 at once."),
            check(CheckOf::Image, Verdict::Bad, HOSTILE),
            check(CheckOf::Data, Verdict::Doubtful, "1 file would not come: its address cannot be read."),
        ])
    }
    async fn extend(&self, caller: &Caller, id: &str, _minutes: u32) -> Result<()> {
        match self.find(caller, id)?.id.as_str() {
            "soon" => Err(Error::Limit("Somebody else has the time after it, from 16:20 UTC.".into())),
            _ => Ok(()),
        }
    }
    async fn end(&self, caller: &Caller, id: &str) -> Result<()> {
        self.find(caller, id).map(|_| ())
    }
    async fn dismiss(&self, caller: &Caller, id: &str) -> Result<()> {
        self.find(caller, id).map(|_| ())
    }
    async fn rename(&self, caller: &Caller, id: &str, title: &str) -> Result<()> {
        self.find(caller, id)?;
        if title.trim().is_empty() { Err(Error::field("title", "Give it a name.")) } else { Ok(()) }
    }
    async fn share(&self, caller: &Caller, id: &str, share: &Share, _on: bool) -> Result<()> {
        self.find(caller, id)?;
        match (share.with.as_str(), share.key.as_str()) {
            (_, "id-of-grace") | ("grace", _) => Ok(()),
            _ => Err(Error::field("with", "Nobody of that name has ever signed in here.")),
        }
    }
    async fn log(&self, caller: &Caller, id: &str) -> Result<String> {
        self.find(caller, id)?;
        Ok(format!("[I 16:07:02] Serving at port 8888\n{HOSTILE}\n"))
    }
}
