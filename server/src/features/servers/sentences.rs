//! What people are told when a site said no: what failed, and what to do now.

use crate::providers::{Account, Fault, Reason, Site};
use crate::work::Failure;

/// What is said of another's machine.
pub(super) const NOT_YOURS: &str =
    "At the site this machine belongs to somebody else, so Skyport does not touch it.";

/// What is said where a site is asked as somebody else than the server was made as, who sees nothing of it. None where
/// both are the same.
pub(super) fn other_account(made: &Account, now: &Account, site: &dyn Site) -> Option<Failure> {
    let (title, theirs, yours) = (site.title(), &made.project_name, &now.project_name);
    let is_other_project = made.project != now.project;
    if !is_other_project && made.user == now.user {
        return None;
    }
    let (what, next) = match (site.wants_token(), is_other_project) {
        (true, true) => (
            format!(
                "Your token for {title} is for the project \"{yours}\"; the server was made in the project \"{theirs}\"."
            ),
            format!("Sign in with a token for \"{theirs}\", or paste one."),
        ),
        (true, false) => (
            format!("Your token for {title} is another user's than the one who the server was made as."),
            format!("Sign in as that user of the project \"{theirs}\", or paste a token of theirs."),
        ),
        (false, _) => (
            format!(
                "Skyport is another user of {title} now, or in another project (\"{yours}\"); the server was made in the project \"{theirs}\"."
            ),
            "Tell the operator of this Skyport.".to_owned(),
        ),
    };
    Some(Failure { what, next, ..Failure::default() })
}

/// A fault of a site in words.
pub(super) fn failure(fault: &Fault, site: &str) -> Failure {
    let (what, next) = sentences(&fault.reason, site);
    Failure { what, words: fault.words.clone(), request: fault.request.clone(), next, cleaned: Vec::new() }
}

fn sentences(reason: &Reason, site: &str) -> (String, String) {
    let own = |what: &str, next: &str| (what.to_owned(), next.to_owned());
    match reason {
        Reason::Quota { resource, requested, used, limit } => (
            quota(resource, *requested, *used, *limit, site),
            "Delete a server that you no longer need, choose a smaller size, or ask the site for more."
                .to_owned(),
        ),
        Reason::NotAllowed => (
            format!("{site} does not let your account do this."),
            "Ask the people of that site, and tell them the words above; or choose another site.".to_owned(),
        ),
        Reason::NoImage => own("The image is not there any more.", "Choose another image."),
        Reason::NoFlavor => own("The size is not offered any more.", "Choose another size."),
        Reason::TooSmall => {
            own("The size is too small for the image.", "Choose a larger size, or another image.")
        }
        Reason::BadKey => (
            format!("{site} does not take this kind of access key."),
            "Choose an access key of another kind; ed25519 and RSA of 3072 bits are taken nearly everywhere."
                .to_owned(),
        ),
        Reason::NameTaken => own("Something else at the site has that name already.", "Choose another name."),
        Reason::BadUserData => {
            own("The site did not take the user data.", "Check it as cloud-init, or leave it out.")
        }
        Reason::NoNetwork => own(
            "The site could not tell which network the server belongs in.",
            "Choose a network under \"More options\".",
        ),
        Reason::NoAddress => own(
            "The site has no public address for this server.",
            "Try again later, choose another network, or do without a public address under \"More options\".",
        ),
        Reason::SignInNeeded => (
            format!("Your sign-in at {site} has run out."),
            "Sign in there again; the work then goes on by itself.".to_owned(),
        ),
        Reason::NotAMember => (
            format!("{site} does not know you as a member of a group that may use it."),
            "Ask to join such a group (a virtual organisation), or choose another site.".to_owned(),
        ),
        Reason::SignInSetup => (
            format!("{site} is not set up for signing in from here."),
            "Tell the operator of this Skyport.".to_owned(),
        ),
        Reason::Busy(_) => {
            (format!("{site} is busy and asked us to wait."), "It is tried again by itself.".to_owned())
        }
        Reason::WrongState => own(
            "The site says that this cannot be done while the machine is at what it is at, or that it is locked.",
            "Wait until it is done with that, then try again.",
        ),
        Reason::NoHost => own(
            "No machine of the site has room for a server of this size now.",
            "Try a smaller size, try again later, or choose another site.",
        ),
        Reason::BuildFailed => own(
            "The site began to make the machine and gave up.",
            "Try again; if it fails again, choose another image or size, and tell the site the words above.",
        ),
        Reason::NotYours => own(NOT_YOURS, "Ask the people of that site."),
        Reason::Unreachable => (
            format!("{site} cannot be reached."),
            "Try again in a few minutes, or choose another site.".to_owned(),
        ),
        Reason::OutcomeUnknown => (
            format!("{site} broke off in the middle of its answer."),
            "Try again in a few minutes, or choose another site.".to_owned(),
        ),
        Reason::Broken => (
            format!("Something that {site} needs to make servers is missing or broken."),
            "Tell the operator of this Skyport; the words above say what.".to_owned(),
        ),
    }
}

fn quota(
    resource: &str,
    requested: Option<u64>,
    used: Option<u64>,
    limit: Option<u64>,
    site: &str,
) -> String {
    let resource = match resource {
        "ram" => "memory (MiB)",
        "floatingip" | "floating_ips" => "public addresses",
        "instances" => "servers",
        "memory_mib" => "MiB of memory",
        "disk_gib" => "GiB of disk",
        other => other,
    };
    match (requested, used, limit) {
        (Some(requested), Some(used), Some(limit)) => format!(
            "There is no room left at \"{site}\": {requested} {resource} are needed, and {used} of {limit} are used."
        ),
        _ => format!("There are no {resource} left for you at \"{site}\"."),
    }
}

/// How many of something are short, for a size that does not fit.
pub(super) fn short(what: &str, needed: u64, used: u64, limit: u64, whose: &str) -> Option<String> {
    let left = limit.saturating_sub(used);
    (needed > left).then(|| format!("Needs {needed} {what}, and {left} of {limit} are left ({whose})."))
}
