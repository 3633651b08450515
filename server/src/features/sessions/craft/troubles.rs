//! What went wrong with steps that are tried again: since when, and how often. Looking how far something is counts for
//! nothing, however often that was done; what is quiet for long is over, and each kind of trouble has a patience of its own.
//! It is kept in memory: after a restart the patience begins anew.

use crate::clock::{Micros, SECOND};
use crate::providers::session_site::Reason;
use crate::work::{Failure, OperationRow, Outcome};
use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// Without any for so long, the next one is the first.
const QUIET_US: Micros = 3600 * SECOND;
/// The longest pause between two tries.
const LONGEST_US: Micros = 30 * SECOND;

/// By operation.
#[derive(Default)]
pub(in crate::features::sessions) struct Troubles(Mutex<HashMap<String, Trouble>>);

/// What goes wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum TroubleOf {
    /// The site says why not.
    Site(Reason),
    /// Files cannot be read or written.
    Folder,
    /// Data does not come.
    Data,
}

/// What went wrong with a step, one time after the other.
#[derive(Debug, Clone, Copy)]
pub(super) struct Trouble {
    position: i64,
    of: TroubleOf,
    /// When it first did.
    pub(super) since: Micros,
    last: Micros,
    /// How often.
    pub(super) times: i64,
}

impl Troubles {
    /// Once more.
    pub(super) fn count(&self, operation: &OperationRow, of: TroubleOf, now: Micros) -> Trouble {
        let position = operation.position;
        let first = Trouble { position, of, since: now, last: now, times: 0 };
        let mut all = self.lock();
        all.retain(|_, trouble| now - trouble.last <= QUIET_US);
        let trouble = all.entry(operation.id.clone()).or_insert(first);
        if (trouble.position, trouble.of) != (position, of) || trouble.times == 0 {
            *trouble = first;
        }
        (trouble.last, trouble.times) = (now, trouble.times + 1);
        *trouble
    }

    /// The site answers: that it did not is over.
    pub(super) fn answered(&self, operation: &OperationRow) {
        let mut all = self.lock();
        if let Some(trouble) = all.get_mut(&operation.id)
            && trouble.of == TroubleOf::Site(Reason::Unreachable)
        {
            trouble.times = 0;
        }
    }

    /// When something last went wrong with the step.
    pub(super) fn last(&self, operation: &OperationRow) -> Option<Micros> {
        let all = self.lock();
        let trouble = all.get(&operation.id)?;
        (trouble.position == operation.position).then_some(trouble.last)
    }

    /// It is done, or given up.
    pub(super) fn forget(&self, operation: &OperationRow) {
        self.lock().remove(&operation.id);
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<String, Trouble>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Trouble {
    /// Another try, after a pause that grows.
    pub(super) fn again(&self, failure: &Failure) -> Outcome {
        let pause = (SECOND << (self.times - 1).clamp(0, 5)).min(LONGEST_US);
        let note = format!("{} Trying again.", failure.what);
        Outcome::Again(Duration::from_micros(pause.unsigned_abs()), Some(note))
    }
}

#[cfg(test)]
mod tests {
    use super::{QUIET_US, TroubleOf, Troubles};
    use crate::clock::SECOND;
    use crate::providers::session_site::Reason;
    use crate::work::OperationRow;

    #[test]
    fn each_kind_has_a_patience_of_its_own() {
        let (away, broken) = (TroubleOf::Site(Reason::Unreachable), TroubleOf::Site(Reason::Broken));
        let (troubles, mut run) =
            (Troubles::default(), OperationRow { id: "a".to_owned(), ..OperationRow::default() });
        for i in 0..6 {
            let trouble = troubles.count(&run, away, i * SECOND);
            assert_eq!((trouble.times, trouble.since), (i + 1, 0));
        }
        assert_eq!(troubles.count(&run, broken, 7 * SECOND).times, 1, "another kind");
        assert_eq!(troubles.count(&run, broken, 8 * SECOND).times, 2);
        troubles.answered(&run);
        assert_eq!(troubles.count(&run, broken, 9 * SECOND).times, 3, "an answer does not mend what it says");
        troubles.count(&run, away, 10 * SECOND);
        troubles.answered(&run);
        assert_eq!(troubles.last(&run), Some(10 * SECOND), "which is known");
        assert_eq!(troubles.count(&run, away, 20 * SECOND).since, 20 * SECOND, "it had answered between");
        run.position = 1;
        assert_eq!(troubles.last(&run), None, "of another step");
        assert_eq!(troubles.count(&run, away, 21 * SECOND).times, 1);
        assert_eq!(troubles.count(&run, away, 22 * SECOND + QUIET_US).times, 1, "long after");
        troubles.forget(&run);
        assert_eq!(troubles.last(&run), None);
    }
}
