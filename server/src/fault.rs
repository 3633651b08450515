//! Faults of ours: logged once, whole, under a reference; the page gets the reference alone.

use crate::clock::Entropy;
use app::error::Error;

/// An error and all its causes on one line.
pub fn chain(error: &(dyn std::error::Error + 'static)) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(inner) = cause {
        let inner_text = inner.to_string();
        if !text.ends_with(&inner_text) {
            text.push_str(": ");
            text.push_str(&inner_text);
        }
        cause = inner.source();
    }
    text
}

/// Logs the fault with its causes and gives the error for the page. A database that is away becomes
/// [`Error::Unavailable`], so that the answer is 503 and can be tried again.
pub fn report(what: &'static str, error: &(dyn std::error::Error + 'static)) -> Error {
    let reference = reference();
    tracing::error!(fault.reference = %reference, fault.what = what, fault.chain = %chain(error), "{what} failed");
    if is_database_away(error) { Error::Unavailable { reference } } else { Error::Internal { reference } }
}

/// Whether somewhere down the causes the database could not be reached.
pub fn is_database_away(error: &(dyn std::error::Error + 'static)) -> bool {
    let mut cause = Some(error);
    while let Some(inner) = cause {
        if let Some(sql) = inner.downcast_ref::<sqlx::Error>() {
            return match sql {
                sqlx::Error::Io(_) | sqlx::Error::PoolTimedOut | sqlx::Error::PoolClosed => true,
                sqlx::Error::Database(db) => {
                    db.code().is_some_and(|c| c.starts_with("57P") || c.starts_with("08"))
                }
                _ => false,
            };
        }
        cause = inner.source();
    }
    false
}

/// A short reference that a person can read out: `k7m2-9qxa`.
pub fn reference() -> String {
    let id = crate::ids::new_id(&Entropy::system());
    format!("{}-{}", &id[..4], &id[4..8])
}
