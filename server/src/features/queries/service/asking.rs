//! Asking: what is refused before it is written down, and help while it is written.

use super::QueriesService;
use crate::fault::report;
use crate::features::queries::scheduler::is_visitor;
use crate::features::queries::store::QueryRow;
use crate::features::queries::views::title_of;
use crate::ids::new_id;
use app::asking::{Caller, Owner};
use app::error::{AdqlFault, Error, Result};
use app::features::queries::model::{CompletionView, LimitsView, QueryView, Question};
use app::text;

/// Longest ADQL text, in bytes.
const LONGEST_ADQL: usize = 100_000;
/// Longest title, in characters.
const LONGEST_TITLE: usize = 200;

impl QueriesService {
    /// Writes a question down; the scheduler takes it from there.
    pub(super) async fn write_down(&self, caller: &Caller, ask: Question) -> Result<QueryView> {
        let owner = caller.owner.key().ok_or(Error::SignInNeeded)?;
        self.limit_asking(caller, &owner)?;
        self.admit(&owner, &ask).await?;
        let title = ask.title.replace(char::is_control, " ");
        let title: String =
            title.split_whitespace().collect::<Vec<_>>().join(" ").chars().take(LONGEST_TITLE).collect();
        let row = QueryRow {
            id: new_id(&self.entropy),
            owner,
            archive: ask.archive,
            title: if title.is_empty() { title_of(&ask.adql) } else { title },
            adql: ask.adql,
            state: "queued".to_owned(),
            row_count: 0,
            byte_count: 0,
            row_limit: i64::try_from(self.row_limit(caller)).unwrap_or(i64::MAX),
            overflow: None,
            reason: None,
            fault: None,
            result_columns: "[]".to_owned(),
            result_key: None,
            asked_us: self.clock.now(),
            started_us: None,
            ended_us: None,
            kept_until_us: None,
        };
        self.store.insert(&row).await.map_err(|e| report("writing a query down", &e))?;
        self.scheduler.wake();
        self.view(row).await
    }

    /// Refuses visitors who ask too often: a visitor costs nothing to make, so each address has a limit as well.
    fn limit_asking(&self, caller: &Caller, owner: &str) -> Result<()> {
        if matches!(caller.owner, Owner::User(_)) {
            return Ok(());
        }
        let refused = |who: &str, most: u32, wait_s: i64| {
            Err(Error::Limit(format!(
                "{who} asked {} within a minute, the most without signing in. Ask again in {}, or sign in.",
                text::counted(most.into(), "query"),
                text::counted(wait_s.unsigned_abs(), "second"),
            )))
        };
        if let Some(address) = caller.address
            && let Err(wait_s) = self.asked_from.take(address)
        {
            return refused("Visitors at your network address", self.config.asks_per_minute_address, wait_s);
        }
        match self.asked_by.take_named(owner) {
            Ok(()) => Ok(()),
            Err(wait_s) => refused("You", self.config.asks_per_minute_visitor, wait_s),
        }
    }

    /// Refuses what can be refused before it is written down.
    async fn admit(&self, owner: &str, ask: &Question) -> Result<()> {
        if ask.adql.trim().is_empty() {
            return Err(Error::field("adql", "There is no question yet. Fill in the form, or write ADQL."));
        }
        if ask.adql.len() > LONGEST_ADQL {
            let most = text::bytes(LONGEST_ADQL as u64);
            return Err(Error::field(
                "adql",
                format!("The text is longer than {most}, the most that one question may have."),
            ));
        }
        if ask.adql.chars().any(|c| c.is_control() && !c.is_whitespace()) {
            return Err(Error::field(
                "adql",
                "The text contains a character that cannot be shown. Type it again without it.",
            ));
        }
        let Some(archive) = self.archives.archive(&ask.archive) else {
            return Err(Error::field("archive", "There is no such archive here. Choose one of the list."));
        };
        if let Some(fault) = archive.check(&ask.adql) {
            return Err(Error::Adql(fault));
        }
        let waiting = self.store.count_unfinished(owner).await.map_err(|e| report("counting queries", &e))?;
        if waiting.unsigned_abs() >= self.config.waiting_per_owner {
            return Err(Error::Limit(format!(
                "{} of yours are waiting or running, the most that may. Wait for one to end, or cancel one.",
                text::counted(waiting.unsigned_abs(), "query")
            )));
        }
        if is_visitor(owner) {
            let waiting =
                self.store.count_waiting_visitors().await.map_err(|e| report("counting queries", &e))?;
            if waiting.unsigned_abs() >= self.config.waiting_visitors {
                return Err(Error::Limit(format!(
                    "{} of visitors are waiting, the most that may. Ask again in a few minutes, or sign in.",
                    text::counted(waiting.unsigned_abs(), "query")
                )));
            }
        }
        let used = self
            .store
            .count_bytes(owner)
            .await
            .map_err(|e| report("counting kept results", &e))?
            .unsigned_abs();
        let quota = self.config.quota_mib << 20;
        if used >= quota {
            return Err(Error::Limit(format!(
                "Your kept results take {} of {}. Remove some in Queries, then ask again.",
                text::bytes(used),
                text::bytes(quota)
            )));
        }
        Ok(())
    }

    fn row_limit(&self, caller: &Caller) -> u64 {
        if caller.user().is_ok() { self.config.rows_user } else { self.config.rows_visitor }
    }

    /// The first fault that can be told before asking.
    pub(super) fn first_fault(&self, archive: &str, adql: &str) -> Result<Option<AdqlFault>> {
        if adql.len() > LONGEST_ADQL {
            return Err(Error::field("adql", "The text is too long for one question."));
        }
        let archive = self.archives.archive(archive).ok_or(Error::NotFound)?;
        Ok(archive.check(adql))
    }

    /// What may stand at a place in a text.
    pub(super) fn completions(&self, archive: &str, adql: &str, at: usize) -> Result<Vec<CompletionView>> {
        if adql.len() > LONGEST_ADQL || !adql.is_char_boundary(at.min(adql.len())) {
            return Ok(Vec::new());
        }
        let archive = self.archives.archive(archive).ok_or(Error::NotFound)?;
        let Some(catalogue) = archive.catalogue() else { return Ok(Vec::new()) };
        let completions = adql::complete(adql, at.min(adql.len()), &catalogue);
        Ok(completions.into_iter().take(50).map(completion_view).collect())
    }

    /// The limits that apply to the caller.
    pub(super) async fn limits_of(&self, caller: &Caller) -> Result<LimitsView> {
        let used = match caller.owner.key() {
            Some(owner) => {
                self.store.count_bytes(&owner).await.map_err(|e| report("counting kept results", &e))?
            }
            None => 0,
        };
        let kept_s = if matches!(caller.owner, Owner::User(_)) {
            self.config.kept_s
        } else {
            self.config.kept_visitor_s
        };
        Ok(LimitsView {
            rows: self.row_limit(caller),
            rows_signed_in: self.config.rows_user,
            used_bytes: used.unsigned_abs(),
            quota_bytes: self.config.quota_mib << 20,
            kept_s: kept_s.unsigned_abs(),
        })
    }
}

fn completion_view(completion: adql::Completion) -> CompletionView {
    CompletionView {
        kind: match completion.kind {
            adql::CompletionKind::Table => "table",
            adql::CompletionKind::Column => "column",
            adql::CompletionKind::Function => "function",
            adql::CompletionKind::Keyword => "keyword",
        }
        .to_owned(),
        text: completion.text,
        detail: completion.detail,
        start: completion.replace.start,
        end: completion.replace.end,
    }
}
