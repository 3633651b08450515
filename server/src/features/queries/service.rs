//! The rules of queries.

use super::resolve::Resolver;
use super::result_store::ResultStore;
use super::results::Results;
use super::run::Progress;
use super::scheduler::Scheduler;
use super::store::{QueryRow, QueryStore};
use super::views::{query_view, tables_of, title_of};
use crate::clock::{Clock, Entropy, SECOND};
use crate::config::Config;
use crate::config::queries::QueriesConfig;
use crate::db::Db;
use crate::fault::report;
use crate::features::archives::service::ArchivesService;
use crate::ids::new_id;
use crate::metrics::Metrics;
use crate::start::StartError;
use app::asking::{Caller, Owner};
use app::error::{AdqlFault, Error, Result};
use app::features::queries::model::{
    CompletionView, LimitsView, PlotQuestion, PlotView, QueryState, QueryView, Question, ResultColumn,
    Target, WindowQuestion, WindowView,
};
use app::features::queries::port::QueriesPort;
use app::text;
use async_trait::async_trait;
use std::sync::Arc;
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

/// Longest ADQL text, in bytes.
const LONGEST_ADQL: usize = 100_000;
/// Longest title, in characters.
const LONGEST_TITLE: usize = 200;
/// Queries on one page of the list.
const PAGE: i64 = 50;

/// Queries and results.
pub struct QueriesService {
    config: QueriesConfig,
    store: QueryStore,
    pub(super) results: Results,
    files: ResultStore,
    scheduler: Arc<Scheduler>,
    archives: Arc<ArchivesService>,
    resolver: Resolver,
    clock: Clock,
    entropy: Entropy,
}

impl QueriesService {
    /// Marks what an earlier process left running as interrupted, then takes questions.
    #[expect(clippy::too_many_arguments, reason = "wiring happens once")]
    pub async fn start(
        config: &Config,
        db: &Db,
        clock: &Clock,
        entropy: &Entropy,
        metrics: &Metrics,
        archives: Arc<ArchivesService>,
        stopping: &CancellationToken,
        tasks: &TaskTracker,
    ) -> std::result::Result<Arc<Self>, StartError> {
        let files = ResultStore::open(config)?;
        let store = QueryStore::new(db.clone());
        let scheduler = Scheduler::new(
            &config.queries,
            store.clone(),
            files.clone(),
            archives.clone(),
            clock.clone(),
            entropy,
            stopping.clone(),
            tasks.clone(),
        );
        scheduler.start(config.database_url().starts_with("sqlite:")).await?;
        Ok(Arc::new(Self {
            config: config.queries.clone(),
            store,
            results: Results::new(files.clone()),
            files,
            scheduler,
            resolver: Resolver::new(config, &archives, metrics)?,
            archives,
            clock: clock.clone(),
            entropy: entropy.clone(),
        }))
    }

    /// Queries queued or running, of everybody.
    pub async fn count_active(&self) -> i64 {
        self.store.count_active().await.unwrap_or_default()
    }

    /// The caller's queries that are queued or running.
    pub async fn count_running(&self, caller: &Caller) -> Result<u64> {
        let Some(owner) = caller.owner.key() else { return Ok(0) };
        let count = self.store.count_unfinished(&owner).await;
        count.map(i64::unsigned_abs).map_err(|e| report("counting queries", &e))
    }

    /// What a visitor asked becomes the user's. Both are owner keys ([`Owner::key`]).
    pub async fn adopt(&self, visitor: &str, user: &str) -> Result<()> {
        let longer_us = (self.config.kept_s - self.config.kept_visitor_s) * SECOND;
        let adopted =
            self.store.adopt(visitor, user, longer_us).await.map_err(|e| report("adopting queries", &e))?;
        if adopted > 0 {
            tracing::info!(queries.adopted = adopted, "a visitor's queries became a user's");
        }
        Ok(())
    }

    /// Keeps a result without end, because it lies in a basket.
    pub async fn keep_for_ever(&self, caller: &Caller, id: &str) -> Result<bool> {
        self.keep(caller, id, None).await
    }

    /// Keeps a result for the usual time from now on, because it left the basket.
    pub async fn keep_as_usual(&self, caller: &Caller, id: &str) -> Result<bool> {
        self.keep(caller, id, Some(self.clock.now() + self.config.kept_s * SECOND)).await
    }

    async fn keep(&self, caller: &Caller, id: &str, until: Option<i64>) -> Result<bool> {
        let owner = caller.owner.key().ok_or(Error::NotFound)?;
        self.store.keep(id, &owner, until).await.map_err(|e| report("keeping a result", &e))
    }

    /// The caller's query as it is kept; what is not theirs is not found.
    pub(super) async fn row(&self, caller: &Caller, id: &str) -> Result<QueryRow> {
        let owner = caller.owner.key().ok_or(Error::NotFound)?;
        // PostgreSQL takes no text with a NUL, not even to say that there is no such thing.
        if id.contains('\0') {
            return Err(Error::NotFound);
        }
        let row = self.store.find(id, &owner).await.map_err(|e| report("reading a query", &e))?;
        row.ok_or(Error::NotFound)
    }

    /// The key of the caller's result, and its columns' order.
    pub async fn result_key(&self, caller: &Caller, id: &str) -> Result<String> {
        self.row(caller, id).await?.result_key.ok_or(Error::NotFound)
    }

    /// What the basket needs of the caller's result.
    pub async fn result_source(&self, caller: &Caller, id: &str) -> Result<ResultSource> {
        let row = self.row(caller, id).await?;
        Ok(ResultSource {
            query: row.id,
            key: row.result_key.ok_or(Error::NotFound)?,
            tables: tables_of(&row.adql),
            archive: row.archive,
            title: row.title,
            columns: serde_json::from_str(&row.result_columns).unwrap_or_default(),
            rows: row.row_count.unsigned_abs(),
        })
    }

    /// Reading of results, for the basket and for downloads.
    pub fn results(&self) -> &Results {
        &self.results
    }

    /// How far the query is, where it runs in this process.
    pub(super) fn progress(&self, id: &str) -> Option<watch::Receiver<Progress>> {
        self.scheduler.progress(id)
    }

    async fn view(&self, row: QueryRow) -> Result<QueryView> {
        let (id, owner, asked_us) = (row.id.clone(), row.owner.clone(), row.asked_us);
        let title = self.archive_title(&row.archive);
        let mut view = query_view(row, &title);
        match view.state {
            QueryState::Queued => {
                let before = self.store.count_before(&owner, asked_us, &id).await;
                view.before_it = Some(before.map_err(|e| report("counting queries", &e))?.unsigned_abs());
            }
            QueryState::Running => {
                if let Some(progress) = self.scheduler.progress(&id) {
                    let Progress { rows, bytes } = *progress.borrow();
                    (view.rows, view.bytes) = (rows, bytes);
                }
            }
            _ => {}
        }
        Ok(view)
    }

    /// An archive's name for people.
    pub fn archive_title(&self, name: &str) -> String {
        self.archives.archive(name).map_or_else(|| name.to_owned(), |archive| archive.card().title.clone())
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
                text::counted(waiting.unsigned_abs(), "query").replace("querys", "queries")
            )));
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
}

#[async_trait]
impl QueriesPort for QueriesService {
    async fn ask(&self, caller: &Caller, ask: Question) -> Result<QueryView> {
        let owner = caller.owner.key().ok_or(Error::SignInNeeded)?;
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

    async fn list(&self, caller: &Caller, offset: u64) -> Result<(Vec<QueryView>, u64)> {
        let Some(owner) = caller.owner.key() else { return Ok((Vec::new(), 0)) };
        let offset = i64::try_from(offset).unwrap_or(i64::MAX);
        let fault = |e: sqlx::Error| report("listing queries", &e);
        let rows = self.store.list(&owner, offset, PAGE).await.map_err(fault)?;
        let total = self.store.count(&owner).await.map_err(fault)?.unsigned_abs();
        let mut views = Vec::with_capacity(rows.len());
        for row in rows {
            views.push(self.view(row).await?);
        }
        Ok((views, total))
    }

    async fn show(&self, caller: &Caller, id: &str) -> Result<QueryView> {
        self.view(self.row(caller, id).await?).await
    }

    async fn cancel(&self, caller: &Caller, id: &str) -> Result<QueryView> {
        let row = self.row(caller, id).await?;
        let wanted = self.store.want_cancel(id, &row.owner, self.clock.now()).await;
        wanted.map_err(|e| report("cancelling a query", &e))?;
        if let Some(over) = self.scheduler.cancel(id) {
            // The work ends at once; the page should see that rather than "running".
            let _ = tokio::time::timeout(std::time::Duration::from_secs(2), over.cancelled()).await;
        }
        self.show(caller, id).await
    }

    async fn remove(&self, caller: &Caller, id: &str) -> Result<()> {
        let row = self.row(caller, id).await?;
        if matches!(row.state.as_str(), "queued" | "running") {
            return Err(Error::Limit("This query still works. Cancel it first, then remove it.".to_owned()));
        }
        if row.result_key.is_some() && row.kept_until_us.is_none() {
            return Err(Error::Limit(
                "This whole result lies in your basket. Remove it there first, then remove the query."
                    .to_owned(),
            ));
        }
        let removed = self.store.remove(id, &row.owner).await.map_err(|e| report("removing a query", &e))?;
        if let Some(Some(key)) = removed {
            self.files.remove(&key).await.map_err(|e| report("removing a result", &e))?;
        }
        Ok(())
    }

    async fn window(&self, caller: &Caller, id: &str, question: WindowQuestion) -> Result<WindowView> {
        let key = self.result_key(caller, id).await?;
        self.results.window(&key, question).await
    }

    async fn plot(&self, caller: &Caller, id: &str, question: PlotQuestion) -> Result<PlotView> {
        let key = self.result_key(caller, id).await?;
        self.results.plot(&key, question).await
    }

    async fn check(&self, _caller: &Caller, archive: &str, adql: &str) -> Result<Option<AdqlFault>> {
        if adql.len() > LONGEST_ADQL {
            return Err(Error::field("adql", "The text is too long for one question."));
        }
        let archive = self.archives.archive(archive).ok_or(Error::NotFound)?;
        Ok(archive.check(adql))
    }

    async fn complete(
        &self,
        _caller: &Caller,
        archive: &str,
        adql: &str,
        at: usize,
    ) -> Result<Vec<CompletionView>> {
        if adql.len() > LONGEST_ADQL || !adql.is_char_boundary(at.min(adql.len())) {
            return Ok(Vec::new());
        }
        let archive = self.archives.archive(archive).ok_or(Error::NotFound)?;
        let Some(catalogue) = archive.catalogue() else { return Ok(Vec::new()) };
        let completions = adql::complete(adql, at.min(adql.len()), &catalogue);
        Ok(completions.into_iter().take(50).map(completion_view).collect())
    }

    async fn resolve(&self, _caller: &Caller, text: &str) -> Result<Target> {
        self.resolver.resolve(text).await
    }

    async fn limits(&self, caller: &Caller) -> Result<LimitsView> {
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

/// What the basket needs of a result.
#[derive(Debug, Clone)]
pub struct ResultSource {
    /// The query's id.
    pub query: String,
    /// Where the result is kept.
    pub key: String,
    /// The archive's key.
    pub archive: String,
    /// The query's name for people.
    pub title: String,
    /// The tables that it asked, with commas between; empty where the text is beyond our reading.
    pub tables: String,
    /// Its columns.
    pub columns: Vec<ResultColumn>,
    /// Its rows.
    pub rows: u64,
}
