//! DataFusion over the archive's files, on threads of its own, so that a heavy question never holds up a page.

use super::data::Data;
use super::description::Description;
use super::distance::SkyDistance;
use super::watch::Watch;
use crate::features::archives::fault::Cause;
use datafusion::catalog::MemorySchemaProvider;
use datafusion::common::TableReference;
use datafusion::error::Result;
use datafusion::execution::SessionStateBuilder;
use datafusion::execution::disk_manager::{DiskManagerBuilder, DiskManagerMode};
use datafusion::execution::memory_pool::GreedyMemoryPool;
use datafusion::execution::options::ParquetReadOptions;
use datafusion::execution::runtime_env::RuntimeEnvBuilder;
use datafusion::execution::session_state::SessionState;
use datafusion::logical_expr::ScalarUDF;
use datafusion::physical_plan::ExecutionPlan;
use datafusion::prelude::{SQLOptions, SessionConfig, SessionContext};
use object_store::memory::InMemory;
use object_store::{ObjectStoreExt as _, PutPayload};
use std::future::Future;
use std::num::NonZeroUsize;
use std::sync::Arc;
use tokio::runtime::Runtime;
use tokio::sync::OnceCell;
use url::Url;

/// The address of the files inside the engine; it leads nowhere else.
const STORE: &str = "archive://local/";

/// The recursion over plans takes some stack in a build for development.
const STACK_BYTES: usize = 8 << 20;

/// The engine.
pub(super) struct Engine {
    /// None once it is being dropped.
    threads: Option<Runtime>,
    session: Arc<Session>,
}

struct Session {
    base: SessionContext,
    files: Vec<(TableReference, String, bytes::Bytes)>,
    filled: OnceCell<()>,
}

impl Engine {
    /// The threads and an empty session; files are looked into at the first question.
    pub(super) fn start(
        description: &Description,
        data: &Data,
        memory_bytes: usize,
    ) -> std::result::Result<Self, Cause> {
        let cores = std::thread::available_parallelism().map_or(1, NonZeroUsize::get).min(8);
        let threads = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(cores)
            .thread_name("local-archive")
            .thread_stack_size(STACK_BYTES)
            .enable_time()
            .build()?;
        let mut files = Vec::new();
        for table in description.files() {
            let bytes = data.file(&table.file).ok_or_else(|| format!("{} is missing", table.file))?;
            let name = TableReference::partial(table.schema.as_str(), table.name.as_str());
            files.push((name, table.file.clone(), bytes));
        }
        let base = session(cores, memory_bytes)?;
        Ok(Self {
            threads: Some(threads),
            session: Arc::new(Session { base, files, filled: OnceCell::new() }),
        })
    }

    /// Works on a future on the engine's own threads.
    pub(super) fn spawn(&self, work: impl Future<Output = ()> + Send + 'static) {
        if let Some(threads) = &self.threads {
            threads.spawn(work);
        }
    }

    /// A handle for work that is spawned.
    pub(super) fn planner(&self) -> Planner {
        Planner(self.session.clone())
    }
}

impl Drop for Engine {
    fn drop(&mut self) {
        // Waiting for threads is forbidden inside another runtime.
        if let Some(threads) = self.threads.take() {
            threads.shutdown_background();
        }
    }
}

/// Makes plans.
pub(super) struct Planner(Arc<Session>);

impl Planner {
    /// The plan of a statement, watched, and the session to run it in.
    pub(super) async fn plan(
        &self,
        sql: &str,
        watch: &Watch,
    ) -> Result<(Arc<dyn ExecutionPlan>, SessionContext)> {
        let Session { base, files, filled } = &*self.0;
        filled.get_or_try_init(|| fill(base, files)).await?;
        let context = SessionContext::new_with_state(base.state());
        context.register_udf(ScalarUDF::from(SkyDistance::new(watch.clone())));
        let only_questions =
            SQLOptions::new().with_allow_ddl(false).with_allow_dml(false).with_allow_statements(false);
        let frame = context.sql_with_options(sql, only_questions).await?;
        let plan = frame.create_physical_plan().await?;
        Ok((watch.plan(plan)?, context))
    }
}

fn session(cores: usize, memory_bytes: usize) -> Result<SessionContext> {
    let runtime = RuntimeEnvBuilder::new()
        .with_memory_pool(Arc::new(GreedyMemoryPool::new(memory_bytes)))
        // A question that needs the disk is not one to ask a portal.
        .with_disk_manager_builder(DiskManagerBuilder::default().with_mode(DiskManagerMode::Disabled))
        .build_arc()?;
    let mut config = SessionConfig::new()
        .with_target_partitions(cores)
        .with_information_schema(false)
        .with_collect_statistics(true)
        .set_usize("datafusion.sql_parser.recursion_limit", adql::SQL_RECURSION_LIMIT);
    let options = config.options_mut();
    // Plain text columns: nothing behind this reads views.
    options.sql_parser.map_string_types_to_utf8view = false;
    options.execution.parquet.schema_force_view_types = false;
    // A cone is a few pages of a large table: look at positions first, and read the rest for those rows alone.
    options.execution.parquet.pushdown_filters = true;
    options.execution.parquet.reorder_filters = true;
    let state: SessionState = SessionStateBuilder::new()
        .with_config(config)
        .with_runtime_env(runtime)
        .with_default_features()
        .build();
    Ok(SessionContext::new_with_state(state))
}

/// Puts the files into the session.
async fn fill(context: &SessionContext, files: &[(TableReference, String, bytes::Bytes)]) -> Result<()> {
    let store = Arc::new(InMemory::new());
    let address = Url::parse(STORE).map_err(|e| datafusion::error::DataFusionError::External(e.into()))?;
    context.register_object_store(&address, store.clone());
    for (name, file, bytes) in files {
        store.put(&file.as_str().into(), PutPayload::from_bytes(bytes.clone())).await?;
        let state = context.state();
        let options = state.config_options();
        if let (Some(catalog), Some(schema)) =
            (context.catalog(&options.catalog.default_catalog), name.schema())
            && catalog.schema(schema).is_none()
        {
            catalog.register_schema(schema, Arc::new(MemorySchemaProvider::new()))?;
        }
        context
            .register_parquet(name.clone(), format!("{STORE}{file}"), ParquetReadOptions::default())
            .await?;
    }
    Ok(())
}
