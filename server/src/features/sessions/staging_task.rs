//! The data of sessions on its way. Putting it in place may take longer than a step is waited for, so it goes on by itself
//! and is asked how far it is; after a crash it is begun again, and comes out the same.

use super::folders::{Folders, on_disk};
use super::staging::{self, Outlook, Products, StagingFault, stage, stage_nothing};
use super::store::SessionStore;
use crate::features::basket::service::BasketService;
use crate::features::queries::service::QueriesService;
use app::features::sessions::model::{DataFile, Progress, SessionState};
use std::collections::HashMap;
use std::io;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};
use tokio::task::JoinHandle;

/// While another portal has it.
const BETWEEN_TRIES: Duration = Duration::from_millis(500);
/// Whether the session is over meanwhile is looked at so often.
const BETWEEN_LOOKS: Duration = Duration::from_secs(5);
/// What it came to waits so long to be asked for; longer where another portal went on with the session.
const KEPT: Duration = Duration::from_hours(1);

/// What is staged for one session.
#[derive(Debug, Clone)]
pub(super) struct Order {
    /// The session.
    pub(super) session: String,
    /// The user whose basket it is.
    pub(super) owner: String,
    /// Whether the basket's data comes along.
    pub(super) data: bool,
}

/// How it stands.
pub(super) enum Staged {
    /// It goes on.
    Going(Option<Progress>),
    /// It is there.
    There(Vec<DataFile>),
}

type Told = Arc<Mutex<Option<Progress>>>;

/// How far it is, and the task that does it.
struct Going {
    told: Told,
    task: JoinHandle<Result<Vec<DataFile>, StagingFault>>,
    begun: Instant,
}

/// Where data comes from and goes to, and how much of it. Cheap to clone.
#[derive(Clone)]
pub(super) struct Stage {
    pub(super) basket: Arc<BasketService>,
    pub(super) queries: Arc<QueriesService>,
    pub(super) products: Products,
    pub(super) folders: Folders,
    pub(super) store: SessionStore,
    /// Most bytes of one session's data.
    pub(super) most_bytes: u64,
}

/// All that is on its way.
pub(super) struct Stagings {
    stage: Stage,
    /// By session.
    going: Mutex<HashMap<String, Going>>,
}

impl Stagings {
    pub(super) fn new(stage: Stage) -> Self {
        Self { stage, going: Mutex::default() }
    }

    /// Begins it, or says how far it is; what it came to is told once.
    pub(super) async fn go_on(&self, order: &Order) -> Result<Staged, StagingFault> {
        let over = {
            let mut going = self.lock();
            match going.get(&order.session) {
                Some(Going { told, task, .. }) if !task.is_finished() => {
                    let told = told.lock().unwrap_or_else(PoisonError::into_inner);
                    return Ok(Staged::Going(told.clone()));
                }
                Some(_) => going.remove(&order.session),
                None => {
                    going.retain(|_, it| !it.task.is_finished() || it.begun.elapsed() < KEPT);
                    let told = Told::default();
                    let task = tokio::spawn(self.stage.clone().place(order.clone(), told.clone()));
                    going.insert(order.session.clone(), Going { told, task, begun: Instant::now() });
                    return Ok(Staged::Going(None));
                }
            }
        };
        let Some(Going { task, .. }) = over else { return Ok(Staged::Going(None)) };
        match task.await {
            Ok(done) => done.map(Staged::There),
            Err(error) => Err(broken(io::Error::other(error))),
        }
    }

    /// It is not wanted any more: stops it, and waits until nothing of it goes on.
    pub(super) async fn stop(&self, session: &str) {
        let going = self.lock().remove(session);
        if let Some(Going { task, .. }) = going {
            task.abort();
            // Cancelled, or done in its last moment.
            let _ = task.await;
        }
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<String, Going>> {
        self.going.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn broken(error: io::Error) -> StagingFault {
    StagingFault::Broken(error.into())
}

impl Stage {
    /// What putting an owner's basket in place would come to.
    pub(super) async fn look(&self, owner: &str) -> Result<Outlook, StagingFault> {
        staging::look(&self.basket, &self.queries, &self.products, owner, self.most_bytes).await
    }

    /// Everything in the owner's basket as files; without data a manifest that lists nothing.
    async fn place(self, order: Order, told: Told) -> Result<Vec<DataFile>, StagingFault> {
        let Order { session, owner, data } = order;
        // Another portal may be at it: then it is waited for, and what it made is found.
        let _held = loop {
            if self.is_over(&session).await? {
                return Ok(Vec::new());
            }
            let (folders, id) = (self.folders.clone(), session.clone());
            if let Some(held) = on_disk(move || folders.hold_data(&id)).await.map_err(broken)? {
                break held;
            }
            tokio::time::sleep(BETWEEN_TRIES).await;
        };
        let tell = |done_bytes, of_bytes| {
            let progress = Some(Progress { done_bytes, of_bytes });
            *told.lock().unwrap_or_else(PoisonError::into_inner) = progress;
        };
        let folder = self.folders.data(&session);
        let stage = async {
            let Self { basket, queries, products, most_bytes, .. } = &self;
            if data {
                stage(basket, queries, products, &owner, &folder, *most_bytes, tell).await
            } else {
                stage_nothing(&folder).await.map(|()| Vec::new())
            }
        };
        let files = tokio::select! {
            files = stage => files,
            () = self.until_over(&session) => Ok(Vec::new()),
        };
        let (folders, id) = (self.folders.clone(), session.clone());
        // Ended meanwhile by another portal, which could not stop this.
        if self.is_over(&session).await? {
            on_disk(move || folders.remove_data(&id)).await.map_err(broken)?;
            return Ok(Vec::new());
        }
        let files = files?;
        on_disk(move || folders.open_data(&id)).await.map_err(broken)?;
        Ok(files)
    }

    async fn is_over(&self, session: &str) -> Result<bool, StagingFault> {
        let row = self.store.find(session).await.map_err(|error| broken(io::Error::other(error)))?;
        Ok(row.is_none_or(|row| matches!(row.state(), SessionState::Ending | SessionState::Ended)))
    }

    async fn until_over(&self, session: &str) {
        loop {
            tokio::time::sleep(BETWEEN_LOOKS).await;
            if matches!(self.is_over(session).await, Ok(true)) {
                return;
            }
        }
    }
}
