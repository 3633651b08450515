//! Stops the work of a question for which nobody waits any more.
//!
//! Dropping a stream is not enough: a join may compute for minutes within one poll, and a task is only dropped between
//! polls. So the question's own function and the leaves of its plan look at its token and fail once it is cancelled.

use datafusion::arrow::array::RecordBatch;
use datafusion::arrow::datatypes::SchemaRef;
use datafusion::common::tree_node::{Transformed, TransformedResult as _, TreeNode as _, TreeNodeRecursion};
use datafusion::error::{DataFusionError, Result};
use datafusion::execution::{RecordBatchStream, SendableRecordBatchStream, TaskContext};
use datafusion::physical_expr::PhysicalExpr;
use datafusion::physical_plan::{
    DisplayAs, DisplayFormatType, ExecutionPlan, PlanProperties, ReplaceChildrenOptions,
};
use futures::{Stream, StreamExt as _};
use std::fmt;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::task::{Context, Poll};
use tokio_util::sync::CancellationToken;

/// What the questions of an archive do at the moment.
#[derive(Debug, Default)]
pub struct Meter {
    readers: AtomicUsize,
    distances: AtomicU64,
}

impl Meter {
    /// Plans' readers of tables that are alive: zero when no question is worked on.
    pub fn readers(&self) -> usize {
        self.readers.load(Ordering::SeqCst)
    }

    /// Distances on the sky worked out so far.
    pub fn distances(&self) -> u64 {
        self.distances.load(Ordering::SeqCst)
    }

    pub(super) fn count_distances(&self, rows: usize) {
        self.distances.fetch_add(rows as u64, Ordering::Relaxed);
    }
}

/// A question that may be stopped. Copies watch the same.
#[derive(Debug, Clone)]
pub struct Watch {
    cancel: CancellationToken,
    meter: Arc<Meter>,
}

/// Nobody waits any more.
#[derive(Debug, thiserror::Error)]
#[error("the question was cancelled")]
struct Stopped;

impl Watch {
    /// Until `cancel` goes off.
    pub fn new(cancel: CancellationToken, meter: Arc<Meter>) -> Self {
        Self { cancel, meter }
    }

    /// Goes off when nobody waits.
    pub(super) fn cancelled(&self) -> &CancellationToken {
        &self.cancel
    }

    pub(super) fn meter(&self) -> &Meter {
        &self.meter
    }

    /// Whether both watch the same question of the same archive.
    pub(super) fn is(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.meter, &other.meter)
    }

    /// An error once nobody waits any more.
    pub(super) fn go_on(&self) -> Result<()> {
        if self.cancel.is_cancelled() { Err(DataFusionError::External(Box::new(Stopped))) } else { Ok(()) }
    }

    /// The plan with a watch at each leaf.
    pub(super) fn plan(&self, plan: Arc<dyn ExecutionPlan>) -> Result<Arc<dyn ExecutionPlan>> {
        plan.transform_up(|node| {
            Ok(if node.children().is_empty() {
                Transformed::yes(Arc::new(WatchedExec { input: node, watch: self.clone() }) as _)
            } else {
                Transformed::no(node)
            })
        })
        .data()
    }
}

/// Whether the error is the one of [`Watch::go_on`].
pub(super) fn is_stop(error: &DataFusionError) -> bool {
    matches!(error.find_root(), DataFusionError::External(inner) if inner.is::<Stopped>())
}

/// A leaf that looks at the token before each batch.
#[derive(Debug)]
struct WatchedExec {
    input: Arc<dyn ExecutionPlan>,
    watch: Watch,
}

impl DisplayAs for WatchedExec {
    fn fmt_as(&self, _: DisplayFormatType, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("WatchedExec")
    }
}

impl ExecutionPlan for WatchedExec {
    fn name(&self) -> &'static str {
        "WatchedExec"
    }

    fn properties(&self) -> &Arc<PlanProperties> {
        self.input.properties()
    }

    fn maintains_input_order(&self) -> Vec<bool> {
        vec![true]
    }

    fn children(&self) -> Vec<&Arc<dyn ExecutionPlan>> {
        vec![&self.input]
    }

    fn apply_expressions(
        &self,
        _: &mut dyn FnMut(&Arc<dyn PhysicalExpr>) -> Result<TreeNodeRecursion>,
    ) -> Result<TreeNodeRecursion> {
        Ok(TreeNodeRecursion::Continue)
    }

    fn replace_children(
        self: Arc<Self>,
        children: Vec<Arc<dyn ExecutionPlan>>,
        _: ReplaceChildrenOptions,
    ) -> Result<Arc<dyn ExecutionPlan>> {
        self.with_input(children)
    }

    fn with_new_children(
        self: Arc<Self>,
        children: Vec<Arc<dyn ExecutionPlan>>,
    ) -> Result<Arc<dyn ExecutionPlan>> {
        self.with_input(children)
    }

    fn execute(&self, partition: usize, context: Arc<TaskContext>) -> Result<SendableRecordBatchStream> {
        let input = self.input.execute(partition, context)?;
        self.watch.meter.readers.fetch_add(1, Ordering::SeqCst);
        Ok(Box::pin(WatchedStream { input, watch: self.watch.clone() }))
    }
}

impl WatchedExec {
    fn with_input(&self, mut children: Vec<Arc<dyn ExecutionPlan>>) -> Result<Arc<dyn ExecutionPlan>> {
        match (children.pop(), children.is_empty()) {
            (Some(input), true) => Ok(Arc::new(Self { input, watch: self.watch.clone() })),
            _ => Err(DataFusionError::Internal("WatchedExec has one child".to_owned())),
        }
    }
}

struct WatchedStream {
    input: SendableRecordBatchStream,
    watch: Watch,
}

impl Drop for WatchedStream {
    fn drop(&mut self) {
        self.watch.meter.readers.fetch_sub(1, Ordering::SeqCst);
    }
}

impl Stream for WatchedStream {
    type Item = Result<RecordBatch>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        if let Err(stop) = self.watch.go_on() {
            return Poll::Ready(Some(Err(stop)));
        }
        self.input.poll_next_unpin(cx)
    }
}

impl RecordBatchStream for WatchedStream {
    fn schema(&self) -> SchemaRef {
        self.input.schema()
    }
}
