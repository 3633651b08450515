//! What users are told of their sessions: what happened, and what to do now.

use crate::features::sessions::staging::Outlook;
use crate::features::software::service::AtRegistry;
use crate::providers::session_site::{Fault, Reason};
use crate::work::Failure;
use app::error::Error;
use app::features::sessions::model::{EndReason, SessionState, Verdict};
use app::text;

/// Why a session ended, and what to do now; none where nothing went wrong.
pub(super) fn end(reason: EndReason, exit_code: Option<i64>, site: &str) -> Failure {
    let code = exit_code.map_or_else(String::new, |code| format!(" with exit code {code}"));
    let (what, next) = match reason {
        EndReason::Finished | EndReason::StoppedByOwner | EndReason::Idle => (String::new(), ""),
        EndReason::StoppedByOperator => {
            ("An operator of this Skyport ended it.".to_owned(), "Ask them why, or run it again.")
        }
        EndReason::TimeUp => (
            "The time of its booking was up.".to_owned(),
            "Your home folder is as you left it. Run it again, and extend it in time.",
        ),
        EndReason::OutOfMemory => (
            "It used up its memory and was ended for it.".to_owned(),
            "Run it again with more memory, or work on less data at once.",
        ),
        EndReason::ImageNotFound => (
            "Its image is not there.".to_owned(),
            "Choose another version of the software, or tell its maintainer.",
        ),
        EndReason::ImageNotAllowed => (
            "Its image may not be fetched, or does not run at this site.".to_owned(),
            "Choose another version or site; for a container of your own check its user and password.",
        ),
        EndReason::DataMissing => (
            "The data of your basket could not be put in place.".to_owned(),
            "Look at your basket: a result may have been removed. Then run it again.",
        ),
        EndReason::NotReady => (
            "Its interface did not answer in time.".to_owned(),
            "Read its log below. Run it again; if it fails again, try another version or more memory.",
        ),
        EndReason::Crashed => {
            (format!("Its software ended{code}."), "Read its log below: its last lines usually say why.")
        }
        EndReason::SiteUnreachable => (
            format!("{site} could not be reached for too long."),
            "What is left of it there is removed when the site is back. Run it again, or at another site.",
        ),
        EndReason::DiskFull => (
            "Your home folder, or its disk, was full.".to_owned(),
            "Remove what you no longer need from your home folder in a new session, or ask for more disk.",
        ),
        EndReason::Vanished => (
            format!("{site} does not have it any more, and nobody here ended it."),
            "Run it again. If it happens again, tell the operator of this Skyport.",
        ),
        EndReason::Failed => (
            "It could not be started.".to_owned(),
            "Try again; if it stays, tell the operator of this Skyport the words below.",
        ),
    };
    Failure { what, next: next.to_owned(), ..Failure::default() }
}

/// A site's fault: why the session ends for it, and what is said.
pub(super) fn fault(fault: &Fault, site: &str) -> (EndReason, Failure) {
    let (reason, what) = match fault.reason {
        Reason::Unreachable => (EndReason::SiteUnreachable, format!("{site} does not answer.")),
        Reason::NoNode => (
            EndReason::SiteUnreachable,
            format!("{site} does not have the node any more that it was booked on."),
        ),
        Reason::NoImage => (EndReason::ImageNotFound, String::new()),
        Reason::NoRegistry => {
            (EndReason::ImageNotFound, "The registry of its image does not answer.".to_owned())
        }
        Reason::ImageRefused => {
            (EndReason::ImageNotAllowed, "The registry does not give out its image.".to_owned())
        }
        Reason::WrongProcessor => {
            (EndReason::ImageNotAllowed, format!("Its image is built for another processor than {site} has."))
        }
        Reason::NoCommand => (EndReason::Crashed, "Its image has no such command.".to_owned()),
        Reason::DiskFull => (EndReason::DiskFull, format!("The disk of {site} is full.")),
        Reason::Taken | Reason::Broken => (EndReason::Failed, format!("{site} could not start it.")),
    };
    let mut failure = end(reason, None, site);
    if !what.is_empty() {
        failure.what = what;
    }
    if matches!(fault.reason, Reason::NoCommand) {
        "Check the command: its first line is the program.".clone_into(&mut failure.next);
    }
    failure.words.clone_from(&fault.words);
    (reason, failure)
}

/// What is said while a site does not do what ends a session.
pub(super) fn not_ended(fault: &Fault, site: &str) -> Failure {
    let what = match fault.reason {
        Reason::Unreachable => format!("{site} does not answer."),
        _ => format!("{site} could not end it yet."),
    };
    Failure { what, words: fault.words.clone(), ..Failure::default() }
}

/// What is said in the list of events when it is over.
pub(super) fn ended(reason: EndReason, exit_code: Option<i64>) -> String {
    match (reason, exit_code) {
        (EndReason::StoppedByOwner, _) => "It was ended by its owner.".to_owned(),
        (EndReason::StoppedByOperator, _) => "It was ended by an operator.".to_owned(),
        (EndReason::Crashed, Some(code)) => format!("It ended: crashed with exit code {code}."),
        (reason, _) => {
            let word = reason.word();
            let first = word.chars().next().map(char::to_lowercase).into_iter().flatten();
            format!("It ended: {}{}.", first.collect::<String>(), word.chars().skip(1).collect::<String>())
        }
    }
}

/// A warning before the end.
pub(super) fn warning(minutes: i64) -> String {
    let left = text::counted(minutes.unsigned_abs(), "minute");
    format!("Its time is up in {left}. Extend it if you need longer.")
}

/// A warning before it ends unused.
pub(super) fn idle_warning(minutes: i64) -> String {
    let left = text::counted(minutes.unsigned_abs(), "minute");
    format!("Nobody has used it for a while. It ends in {left} unless somebody opens it.")
}

/// What is at a state, where no step says it better.
pub(super) fn now(state: SessionState) -> Option<&'static str> {
    Some(match state {
        SessionState::Waiting => "Waits for its time.",
        SessionState::Preparing => "Its data is put in place.",
        SessionState::Pulling => "Its image is fetched.",
        SessionState::Starting => "It starts; its interface has not answered yet.",
        SessionState::Ending => "Its log is kept, and it is removed.",
        SessionState::Running | SessionState::Ended => return None,
    })
}

pub(super) fn too_many(most: u32) -> Error {
    Error::Limit(format!(
        "You have {} already, which is the most at once here. End one that you no longer need, then press again.",
        text::counted(u64::from(most), "session")
    ))
}

pub(super) fn no_software(title: &str) -> Error {
    Error::Limit(format!("{title} is not in the catalogue any more. Choose other software."))
}

pub(super) fn home_full(holds: u64, most: u64) -> String {
    format!(
        "Your home folder is full: it holds {} of {}. Remove what you no longer need in a session that runs, or ask the operator of this Skyport for more.",
        text::bytes(holds),
        text::bytes(most)
    )
}

pub(super) fn before_launch(failure: &Failure) -> String {
    format!("It would not start: {} {}", failure.what, failure.next)
}

/// What is said of data that could not be looked at.
pub(super) const DATA_NOT_LOOKED_AT: &str = "The basket could not be looked at in time. What is wrong with it, if anything, is said when the session prepares its data.";

/// How many sessions somebody has, of how many.
pub(super) fn count(live: i64, most: u32) -> (Verdict, String) {
    if live >= i64::from(most) {
        return (Verdict::Bad, too_many(most).to_string());
    }
    let (live, most) = (text::count(live.unsigned_abs()), text::count(u64::from(most)));
    (Verdict::Good, format!("You have {live} now, and may have {most} at once."))
}

/// What a home holds.
pub(super) fn home(holds: Option<u64>, most: u64) -> (Verdict, String) {
    let Some(holds) = holds else {
        let words = "It is large, and still being measured. Should it be full, the session does not start.";
        return (Verdict::Doubtful, words.to_owned());
    };
    if holds > most {
        return (Verdict::Bad, home_full(holds, most));
    }
    let words = format!("It holds {} of {}.", text::bytes(holds), text::bytes(most));
    if holds > most / 10 * 9 {
        let more = "A session that fills it is ended; remove what you no longer need soon.";
        return (Verdict::Doubtful, format!("{words} {more}"));
    }
    (Verdict::Good, words)
}

pub(super) fn image_here(site: &str) -> String {
    format!("{site} has it already.")
}

/// What a registry says of an image that a site has not.
pub(super) fn at_registry(asked: &AtRegistry) -> (Verdict, String) {
    let no = |reason, what: String| {
        let failure = Failure { what, ..end(reason, None, "") };
        (Verdict::Bad, before_launch(&failure))
    };
    match asked {
        AtRegistry::There { registry, size_bytes } => (
            Verdict::Good,
            format!("It is at {registry}; {} of it are fetched first.", text::bytes(*size_bytes)),
        ),
        AtRegistry::Missing { registry } => {
            no(EndReason::ImageNotFound, format!("{registry} has no such image."))
        }
        AtRegistry::Refused { registry } => {
            no(EndReason::ImageNotAllowed, format!("{registry} does not give out its image."))
        }
        AtRegistry::Silent { registry } => (
            Verdict::Doubtful,
            format!(
                "{registry} does not answer now. It is asked for the image again when the session starts."
            ),
        ),
        AtRegistry::NotAsked { registry } => {
            let whence = registry.as_deref().unwrap_or("its registry");
            (Verdict::Good, format!("It is fetched from {whence} first, which was not asked for it now."))
        }
    }
}

/// What the basket brings.
pub(super) fn data(outlook: &Outlook) -> (Verdict, String) {
    let rows = text::counted(outlook.rows, "row");
    let files = match outlook.files {
        0 => String::new(),
        files => format!(", and {} of archives", text::counted(files as u64, "file")),
    };
    if outlook.rows == 0 {
        return (Verdict::Good, "Your basket is empty: /data lists nothing.".to_owned());
    }
    let words = format!("{rows} of your basket, {}{files}.", text::bytes(outlook.bytes));
    match outlook.doubts.as_slice() {
        [] => (Verdict::Good, words),
        doubts => (Verdict::Doubtful, format!("{words} {}", doubts.join(" "))),
    }
}

pub(super) fn not_running() -> Error {
    Error::Limit("The session is over. Run it again from its page.".to_owned())
}

pub(super) fn not_over() -> Error {
    Error::Limit("The session still lives. End it first.".to_owned())
}

pub(super) fn nobody(with: &str) -> Error {
    Error::field(
        "with",
        format!(
            "Nobody with the sign-in name or mail \"{with}\" has signed in here, or more than one has. Their account page shows both."
        ),
    )
}

/// What is said where a step could not read what it needs.
pub(super) fn database_away() -> Failure {
    Failure { what: "Skyport could not reach its database.".to_owned(), ..Failure::default() }
}

/// What is said where a folder of ours could not be used.
pub(super) fn folder_fault(error: &std::io::Error) -> Failure {
    Failure {
        what: "A folder of the session could not be made or read.".to_owned(),
        words: Some(error.to_string()),
        next: "Try again; if it stays, tell the operator of this Skyport.".to_owned(),
        ..Failure::default()
    }
}
