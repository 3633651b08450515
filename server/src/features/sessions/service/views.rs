//! From rows to what the pages show.

use super::acting::legal;
use super::{SessionsService, viewer};
use crate::clock::Micros;
use crate::fault::report;
use crate::features::bookings::Booking;
use crate::features::sessions::craft::{steps_of, title, verb_title};
use crate::features::sessions::folders::list_files;
use crate::features::sessions::opening::Shared;
use crate::features::sessions::sentences;
use crate::features::sessions::store::SessionRow;
use crate::work::{Failure, GoingOn, step_views};
use app::asking::Caller;
use app::error::Result;
use app::features::plan::model::{PlanQuestion, Take, When};
use app::features::servers::model::{EventView, FailureView, StepView};
use app::features::sessions::model::{Brief, SessionItem, SessionState, SessionView, SessionsView, Usage};
use app::features::software::model::Kind;
use std::time::Duration;

/// Sessions on one page of the list.
const PAGE: i64 = 50;
/// A site that does not say in this time what a session uses is not waited for.
const LOOK: Duration = Duration::from_secs(2);

impl SessionsService {
    pub(super) async fn brief_of(&self, caller: &Caller) -> Result<Brief> {
        let Ok(user) = caller.user() else { return Ok(Brief::default()) };
        let fault = |e: sqlx::Error| report("counting sessions", &e);
        let bookings = self.store.list_live_bookings(user).await.map_err(fault)?;
        let ids: Vec<&str> = bookings.iter().map(String::as_str).collect();
        let found = self.bookings.find_all(&ids).await.map_err(fault)?;
        let ends_us = found.values().map(|booking| booking.end_us).min();
        Ok(Brief { live: bookings.len() as u64, ends_us })
    }

    pub(super) async fn list_view(&self, caller: &Caller, offset: u64) -> Result<SessionsView> {
        let fault = |e: sqlx::Error| report("listing sessions", &e);
        let viewer = viewer(caller)?;
        let from = i64::try_from(offset).unwrap_or(i64::MAX);
        let rows = self.store.list(&viewer, from, PAGE).await.map_err(fault)?;
        let total = if offset == 0 && (rows.len() as i64) < PAGE {
            rows.len() as u64
        } else {
            self.store.count(&viewer).await.map_err(fault)?.unsigned_abs()
        };
        let sessions = || rows.iter().map(|row| &row.session);
        let bookings: Vec<&str> = sessions().map(|session| &*session.booking).collect();
        let bookings = self.bookings.find_all(&bookings).await.map_err(fault)?;
        let may = self.may_each(caller, sessions()).await?;
        let items = rows.iter().zip(may).map(|(row, may)| {
            self.item(caller, &row.session, may, &row.going_on, bookings.get(&row.session.booking))
        });
        let items = items.collect();
        Ok(SessionsView {
            items,
            offset,
            total,
            live: self.store.count_live(viewer.user).await.map_err(fault)?.unsigned_abs(),
            most: u64::from(self.config.per_user),
            home_bytes: self.homes.size(viewer.user).await,
            home_limit_bytes: self.homes.limit_bytes(),
            now_us: self.clock.now(),
        })
    }

    /// One session as the list shows it.
    pub(super) async fn item_of(&self, caller: &Caller, row: &SessionRow) -> Result<SessionItem> {
        let fault = |e: sqlx::Error| report("reading a session", &e);
        let going_on = self.work.going_on(&row.id).await.map_err(fault)?;
        let booking = self.bookings.find(&row.booking).await.map_err(fault)?;
        let may = self.may(caller, row).await?;
        Ok(self.item(caller, row, may, &going_on, booking.as_ref()))
    }

    /// How a session stands, as text, and whether it is over.
    pub(in crate::features::sessions) async fn stands_of(
        &self,
        caller: &Caller,
        id: &str,
    ) -> Result<(String, bool)> {
        let row = self.row(caller, id).await?;
        let item = self.item_of(caller, &row).await?;
        let fault = |e: sqlx::Error| report("following a session", &e);
        let last = self.store.list_events(id, 1).await.map_err(fault)?;
        // With what the page shows besides: how far a step is, and what happened last.
        let more = serde_json::json!({
            "item": item, "progress": row.progress, "last": last.first().map(|(at_us, what)| (at_us, what)),
        });
        Ok((more.to_string(), item.state == SessionState::Ended))
    }

    /// What the caller, who sees a session, may do with its interface.
    async fn may(&self, caller: &Caller, row: &SessionRow) -> Result<Shared> {
        Ok(self.may_each(caller, std::iter::once(row)).await?.pop().unwrap_or(Shared::View))
    }

    /// The same of several.
    async fn may_each<'a>(
        &self,
        caller: &Caller,
        rows: impl Iterator<Item = &'a SessionRow> + Clone,
    ) -> Result<Vec<Shared>> {
        let viewer = viewer(caller)?;
        let others: Vec<&str> =
            rows.clone().filter(|row| row.owner != viewer.user).map(|row| &*row.id).collect();
        let shares = self.store.find_shares(&others, &viewer).await;
        let shares = shares.map_err(|e| report("reading whom a session is shared with", &e))?;
        let may = |row: &SessionRow| match shares.get(&row.id) {
            _ if row.owner == viewer.user => Shared::Control,
            Some(share) => *share,
            None => Shared::View,
        };
        Ok(rows.map(may).collect())
    }

    fn item(
        &self,
        caller: &Caller,
        row: &SessionRow,
        may: Shared,
        going_on: &GoingOn,
        booking: Option<&Booking>,
    ) -> SessionItem {
        let mine = caller.user().is_ok_and(|user| user == row.owner);
        let software = row.software();
        let (state, at) = (row.state(), |us: fn(&Booking) -> Micros| booking.map_or(row.asked_us, us));
        SessionItem {
            id: row.id.clone(),
            title: row.title.clone(),
            software: format!("{} {}", software.title, software.version).trim_end().to_owned(),
            kind: row.kind(),
            state,
            since_us: row.since_us,
            end: row.end_reason(),
            exit_code: row.exit_code,
            site: self.sites.title(&row.site).to_owned(),
            resources: row.resources(),
            start_us: at(|booking| booking.start_us),
            end_us: at(|booking| booking.end_us),
            now: now(row, going_on, state),
            actions: legal(row, may, mine),
            mine,
            control: may == Shared::Control,
        }
    }

    pub(super) async fn session_view(&self, caller: &Caller, row: SessionRow) -> Result<SessionView> {
        let fault = |e: sqlx::Error| report("reading a session", &e);
        let going_on = self.work.going_on(&row.id).await.map_err(fault)?;
        let booking = self.bookings.find(&row.booking).await.map_err(fault)?;
        let may = self.may(caller, &row).await?;
        let item = self.item(caller, &row, may, &going_on, booking.as_ref());
        let events = self.store.list_events(&row.id, 50).await.map_err(fault)?;
        let (software, mine) = (row.software(), item.mine);
        let shares = if mine { self.store.list_shares(&row.id).await.map_err(fault)? } else { Vec::new() };
        let lives = !matches!(item.state, SessionState::Ending | SessionState::Ended);
        Ok(SessionView {
            booking: row.booking.clone(),
            image: match &row.image {
                Some(id) if software.digest.is_empty() => format!("{}@{id}", software.reference),
                _ => software.reference.clone(),
            },
            asked_us: row.asked_us,
            ready_us: row.ready_us,
            steps: self.steps(&row).await?,
            progress: row.progress.as_deref().and_then(|text| serde_json::from_str(text).ok()),
            events: events.into_iter().map(|(at_us, what)| EventView { at_us, what }).collect(),
            usage: if item.state == SessionState::Running { self.usage(&row).await } else { None },
            data: row.data.as_deref().and_then(|text| serde_json::from_str(text).ok()).unwrap_or_default(),
            failure: failure(&row),
            output: self.output(&row).await,
            has_log: row.log_bytes > 0
                || matches!(item.state, SessionState::Starting | SessionState::Running),
            can_be_watched: software.interface.as_ref().is_some_and(|interface| interface.view.is_some()),
            shares,
            extend_minutes: self.config.extend_minutes,
            no_extension: match &booking {
                Some(booking) if lives && mine => self.no_extension(booking).await?,
                _ => None,
            },
            again: booking.as_ref().map(again).unwrap_or_default(),
            software: software.name,
            now_us: self.clock.now(),
            item,
        })
    }

    async fn no_extension(&self, booking: &Booking) -> Result<Option<String>> {
        let latest = self.bookings.latest_end(&booking.id).await;
        let latest = latest.map_err(|e| report("asking how long a session can be", &e))?;
        Ok(match latest {
            Some(latest) if latest > booking.end_us => None,
            _ => {
                Some("Its site has no time left after it, or this is the longest that it allows.".to_owned())
            }
        })
    }

    async fn steps(&self, row: &SessionRow) -> Result<Vec<StepView>> {
        let fault = |e: sqlx::Error| report("reading a session's steps", &e);
        let Some(operation) = self.work.find_last(&row.id).await.map_err(fault)? else {
            return Ok(Vec::new());
        };
        let begun = self.work.list_steps(&operation.id).await.map_err(fault)?;
        Ok(step_views(steps_of(&operation.verb), &begun, title))
    }

    async fn usage(&self, row: &SessionRow) -> Option<Usage> {
        let site = self.sites.find(&row.site)?;
        let used = tokio::time::timeout(LOOK, site.usage(row.place())).await.ok()?.ok()??;
        // Over its whole life: one look tells no more. What it used until it was ready is in it, so a young one is held to
        // what it has.
        let lived_us = u64::try_from(self.clock.now() - row.ready_us?).ok()?.max(1);
        Some(Usage {
            cores_milli: (used.cpu_ns / lived_us).min(u64::from(row.resources().cores) * 1000),
            memory_bytes: used.memory_bytes,
            memory_limit_bytes: used.memory_limit_bytes,
        })
    }

    async fn output(&self, row: &SessionRow) -> Vec<app::features::sessions::model::OutputFile> {
        if row.kind() != Kind::Batch || row.state() != SessionState::Ended {
            return Vec::new();
        }
        let folder = self.folders.output(&row.id);
        tokio::task::spawn_blocking(move || list_files(&folder)).await.unwrap_or_default()
    }
}

/// What happens now or next.
fn now(row: &SessionRow, going_on: &GoingOn, state: SessionState) -> Option<String> {
    if let (Some(verb), Some(position)) = (&going_on.verb, going_on.position) {
        let steps = steps_of(verb);
        let step = usize::try_from(position).ok().and_then(|at| steps.get(at));
        return Some(match (going_on.undoing, step, &going_on.note) {
            (Some(1), _, _) => "Cleaning up.".to_owned(),
            (_, Some(step), Some(note)) if step.name == "wait" => note.clone(),
            (_, Some(step), Some(note)) => format!("{}: {note}", title(step.name)),
            (_, Some(_), None) => sentences::now(state).unwrap_or_else(|| verb_title(verb)).to_owned(),
            (_, None, _) => verb_title(verb).to_owned(),
        });
    }
    match state {
        SessionState::Ended => failure(row).map(|failure| failure.what),
        SessionState::Running if row.address.is_none() && row.kind() != Kind::Batch => {
            Some("Its site does not answer now; it is looked for.".to_owned())
        }
        state => sentences::now(state).map(str::to_owned),
    }
}

fn failure(row: &SessionRow) -> Option<FailureView> {
    let failure: Failure = serde_json::from_str(row.failure.as_deref()?).ok()?;
    Some(FailureView {
        what: failure.what,
        words: failure.words,
        request: failure.request,
        cleaned: failure.cleaned,
        next: failure.next,
    })
}

/// What it was made with, for the next time.
fn again(booking: &Booking) -> Take {
    let wish = &booking.wish;
    let lines = |pairs: &[(String, String)]| {
        pairs.iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join("\n")
    };
    Take {
        question: PlanQuestion { when: When::Now, ..wish.question.clone() },
        command: wish.command.join("\n"),
        environment: lines(&wish.environment),
        title: wish.title.clone(),
        ..Take::default()
    }
}
