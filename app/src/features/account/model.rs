//! Wire types of accounts.

use crate::features::sessions::model::Brief;
use serde::{Deserialize, Serialize};

/// What the frame shows on every page.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct FrameView {
    /// The signed-in person's name, if there is one.
    pub name: Option<String>,
    /// Whether sign-in goes to the demo issuer, which the banner says.
    pub demo: bool,
    /// Things in the basket.
    pub basket: u64,
    /// Queries queued or running.
    pub running: u64,
    /// Sessions.
    pub sessions: Brief,
}

/// A provider that one may sign in with.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProviderView {
    /// Its key in the configuration, used in forms.
    pub id: String,
    /// Its name for people.
    pub name: String,
    /// Whether it is the demo issuer.
    pub demo: bool,
}

/// One place where the user is signed in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignInView {
    /// Public id of the row, not the cookie.
    pub id: String,
    /// Browser and system in words, from the User-Agent.
    pub device: String,
    /// Provider's name.
    pub provider: String,
    /// When it began, UTC microseconds.
    pub since_us: i64,
    /// When it was last used, UTC microseconds (kept to the minute).
    pub last_seen_us: i64,
    /// When it ends at the latest, UTC microseconds.
    pub ends_us: i64,
    /// Whether this is the browser that asks.
    pub this_one: bool,
}

/// The account page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccountView {
    /// Name for people.
    pub name: String,
    /// Address of mail, where the provider gave one.
    pub email: Option<String>,
    /// What the issuer calls this user (the claim `sub`): others share with them by it.
    pub subject: String,
    /// The issuer that vouches for this user.
    pub issuer: String,
    /// Groups and entitlements.
    pub groups: Vec<String>,
    /// Open sign-ins, newest first.
    pub sign_ins: Vec<SignInView>,
}
