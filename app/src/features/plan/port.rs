//! What the pages need of planning; the server implements it.

use super::model::{PlanQuestion, PlanView, Take};
use crate::asking::Caller;
use crate::error::Result;
use async_trait::async_trait;

/// When and where software can run.
#[async_trait]
pub trait PlanPort: Send + Sync {
    /// Every site's offers, or its reasons. Visitors may ask. Software that the caller may not see is as if it were not
    /// there.
    async fn ask(&self, caller: &Caller, question: &PlanQuestion) -> Result<PlanView>;
    /// Holds an offer for the caller for some minutes and gives the booking's id. Where somebody was quicker, the answer is
    /// [`crate::error::Error::Limit`] with a sentence that names the next start. The same `request` sent again gives the same id.
    async fn take(&self, caller: &Caller, offer: Take) -> Result<String>;
}
