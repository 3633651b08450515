//! Images on their way. A fetch may take longer than anybody waits for one answer, so it goes on by itself, one for each
//! image and node, and is asked how far it is. After a crash it is simply begun again: the engine has what it has.

use super::Node;
use super::faults::fault;
use crate::providers::session_site::{Fault, Fetch, Login, Reason};
use ::containers::Progress;
use futures::StreamExt as _;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};
use tokio::task::JoinHandle;

/// Who waits for a fetch asks again within a minute or so.
const FORGOTTEN: Duration = Duration::from_mins(2);

/// All that are on their way.
#[derive(Default)]
pub(super) struct Fetches(Mutex<HashMap<Key, Going>>);

/// Node, image, and the user at its registry: what one may have is not what another one may.
type Key = (String, String, String);

struct Going {
    told: Arc<Mutex<Told>>,
    task: JoinHandle<Result<(), Fault>>,
    asked: Instant,
}

/// What was told so far.
#[derive(Debug, Default)]
struct Told {
    words: Option<String>,
    /// Of each part: bytes here and in all.
    parts: HashMap<String, (u64, u64)>,
}

impl Fetches {
    /// Begins a fetch, or says how far it is; the fault that ended it is told once.
    pub(super) async fn go_on(
        &self,
        node: &Arc<Node>,
        reference: &str,
        login: Option<Login>,
    ) -> Result<Fetch, Fault> {
        let user = login.as_ref().map(|login| login.user.clone()).unwrap_or_default();
        let key = (node.name.clone(), reference.to_owned(), user);
        let over = {
            let mut all = self.lock();
            // Whoever began it went away: what it came to long ago is nobody's answer.
            all.retain(|_, going| !going.task.is_finished() || going.asked.elapsed() < FORGOTTEN);
            match all.get_mut(&key) {
                Some(going) if !going.task.is_finished() => {
                    going.asked = Instant::now();
                    return Ok(going.how_far());
                }
                Some(_) => all.remove(&key),
                None => {
                    let going = Going::begin(node.clone(), reference, login);
                    let how_far = going.how_far();
                    all.insert(key, going);
                    return Ok(how_far);
                }
            }
        };
        match over {
            None => Ok(Fetch::Going { words: None, bytes: None }),
            Some(going) => {
                let ended = going.task.await;
                ended.map_err(|error| Fault::new(Reason::Unreachable, error.to_string()))??;
                let image = node.image(reference).await?;
                image.map(Fetch::There).ok_or_else(|| {
                    Fault::new(Reason::NoImage, format!("{reference} was fetched and is not there"))
                })
            }
        }
    }

    /// It is there.
    pub(super) fn forget(&self, node: &str, reference: &str) {
        self.lock().retain(|(of, image, _), _| of != node || image != reference);
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<Key, Going>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Going {
    fn begin(node: Arc<Node>, reference: &str, login: Option<Login>) -> Self {
        let (told, reference) = (Arc::new(Mutex::new(Told::default())), reference.to_owned());
        let telling = told.clone();
        let task = tokio::spawn(async move {
            let engine = node.engine().await?;
            let login = login.map(|login| ::containers::Login {
                user: login.user,
                secret: login.secret.expose().to_owned(),
            });
            let mut progress = engine.pull(&reference, login.as_ref());
            while let Some(next) = progress.next().await {
                let next = next.map_err(|error| fault(&error))?;
                telling.lock().unwrap_or_else(PoisonError::into_inner).hear(&next);
            }
            Ok(())
        });
        Self { told, task, asked: Instant::now() }
    }

    fn how_far(&self) -> Fetch {
        let told = self.told.lock().unwrap_or_else(PoisonError::into_inner);
        let sum = told
            .parts
            .values()
            .fold((0_u64, 0_u64), |sum, part| (sum.0.saturating_add(part.0), sum.1.saturating_add(part.1)));
        Fetch::Going { words: told.words.clone(), bytes: (sum.1 > 0).then_some(sum) }
    }
}

impl Told {
    fn hear(&mut self, progress: &Progress) {
        if let (Some(part), Some(bytes), Some(of)) = (&progress.part, progress.bytes, progress.of_bytes) {
            self.parts.insert(part.clone(), (bytes.min(of), of));
        }
        if !progress.words.is_empty() {
            self.words = Some(progress.words.chars().take(200).collect());
        }
    }
}
