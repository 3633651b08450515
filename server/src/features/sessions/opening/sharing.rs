//! Whom a session is shared with.

use app::asking::Caller;

/// What whom a session is shared with may do with its interface.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Shared {
    /// Look at it alone.
    View,
    /// Use it as its owner does.
    Control,
}

impl Shared {
    /// As it is kept.
    pub(crate) fn of(control: i64) -> Self {
        if control == 0 { Self::View } else { Self::Control }
    }
}

/// Whether a share means this caller: a group that their provider says they are in, or a user by id, since names are not
/// one person's alone.
pub(crate) fn is_shared_with(caller: &Caller, group: bool, with: &str) -> bool {
    let Ok(user) = caller.user() else { return false };
    if group { caller.groups.iter().any(|theirs| theirs == with) } else { user == with }
}

#[cfg(test)]
mod tests {
    use super::is_shared_with;
    use app::asking::{Caller, Owner};

    #[test]
    fn a_name_is_no_group() {
        let caller = Caller {
            owner: Owner::User("u".to_owned()),
            name: "ann".to_owned(),
            groups: vec!["dust".to_owned()],
            ..Caller::nobody()
        };
        assert!(is_shared_with(&caller, false, "u") && is_shared_with(&caller, true, "dust"));
        assert!(!is_shared_with(&caller, false, "ann"), "a name is nobody's alone");
        assert!(!is_shared_with(&caller, true, "u") && !is_shared_with(&caller, false, "dust"));
        assert!(!is_shared_with(&caller, true, "") && !is_shared_with(&caller, false, ""));
        let visitor = Caller { owner: Owner::Visitor("u".to_owned()), ..caller };
        assert!(!is_shared_with(&visitor, false, "u") && !is_shared_with(&visitor, true, "dust"));
    }
}
