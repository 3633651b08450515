//! The two ready users.

/// A user of the demo issuer.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct DemoUser {
    /// Subject, and the word to choose it by.
    pub(super) subject: &'static str,
    /// Name for people.
    pub(super) name: &'static str,
    /// Address of mail, at a domain that exists nowhere (RFC 2606).
    pub(super) email: &'static str,
    /// Groups.
    pub(super) groups: &'static [&'static str],
    /// What one can try as this user.
    pub(super) sentence: &'static str,
}

/// All of them.
pub(super) const USERS: [DemoUser; 2] = [
    DemoUser {
        subject: "astronomer",
        name: "Demo Astronomer",
        email: "astronomer@demo.invalid",
        groups: &["astronomers"],
        sentence: "Asks archives and keeps what is found.",
    },
    DemoUser {
        subject: "operator",
        name: "Demo Operator",
        email: "operator@demo.invalid",
        groups: &["astronomers", "operators"],
        sentence: "The same, and runs this Skyport.",
    },
];

/// The user of this subject.
pub(super) fn find(subject: &str) -> Option<&'static DemoUser> {
    USERS.iter().find(|user| user.subject == subject)
}
