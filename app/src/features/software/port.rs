//! What the pages need of the catalogue; the server implements it.

use super::container::{Container, ContainerForm};
use super::model::{Found, Question, SoftwareView};
use crate::asking::Caller;
use crate::error::Result;
use async_trait::async_trait;

/// The catalogue of software. Everybody sees what the operator lists; what a user added is seen by them, by the group they
/// share it with, and by everybody where an operator features it. What the caller may not see is
/// [`crate::error::Error::NotFound`]; whatever keeps something is refused to visitors with
/// [`crate::error::Error::SignInNeeded`].
#[async_trait]
pub trait SoftwarePort: Send + Sync {
    /// What is found, best first, a page of it.
    async fn search(&self, caller: &Caller, question: &Question) -> Result<Found>;
    /// One entry by its name.
    async fn show(&self, caller: &Caller, name: &str) -> Result<SoftwareView>;
    /// Makes an entry a favourite of the caller's, or no longer. Saying it twice changes nothing.
    async fn set_favourite(&self, caller: &Caller, name: &str, favourite: bool) -> Result<()>;
    /// What the form of one's own container offers; where `change` names one of the caller's, what it is now.
    async fn form(&self, caller: &Caller, change: &str) -> Result<ContainerForm>;
    /// Asks the registry for the image and keeps the container; gives its name. What is wrong is refused at its field.
    async fn keep(&self, caller: &Caller, container: Container) -> Result<String>;
    /// Deletes one of the caller's own.
    async fn remove(&self, caller: &Caller, name: &str) -> Result<()>;
    /// Shows a user's container to everybody, or no longer. Whoever is no operator gets
    /// [`crate::error::Error::Forbidden`]. It is shown only as it was when the caller looked at it: `mark` is the view's.
    async fn feature(&self, caller: &Caller, name: &str, featured: bool, mark: &str) -> Result<()>;
}
