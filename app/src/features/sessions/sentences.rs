//! What the pages of sessions say.

use super::model::{EndReason, Progress, SessionItem, SessionState};
use crate::features::software::model::Kind;
use crate::features::software::sentences::resources;
use crate::text::{bytes, minutes};
use crate::ui::Tone;

/// Under the heading of the list.
pub const LEAD: &str = "Software that runs for you now, waits for its time, or ran.";
/// No sessions yet.
pub const NOTHING: &str = "A session runs software of the catalogue with your basket's data inside, and opens in your browser. Choose what should run, then when.";
/// For visitors.
pub const VISITOR: &str = "A session belongs to an account, and so does the data that it finds inside. The catalogue can be looked at without one.";
/// Under the field of a new name.
pub const NAME_HINT: &str = "For you; it may be changed as often as you like.";
/// Under the field of whom it is shared with.
pub const SHARE_HINT: &str = "Who looks at it sees its interface and changes nothing. Who uses it does there what you could, in your name. Each time somebody opens it is among the events.";
/// The same, where the software has no way to be watched.
pub const SHARE_HINT_NO_VIEW: &str = "Who looks at it sees this page with its log: this software cannot be watched without being used. Who uses it does there what you could, in your name. Each time somebody opens it is among the events.";
/// What is not theirs to change.
pub const NOT_MINE: &str =
    "Its owner shares it with you, to use as they do. They alone can extend, end or share it.";
/// What one who may look alone is told.
pub const NOT_MINE_TO_USE: &str =
    "Its owner shares it with you, to look at. They alone can use, extend, end or share it.";
/// Before the end.
pub const SAVE_FIRST: &str = "What is not saved under /home/user by then is lost.";
/// The same of a batch run.
pub const BATCH_STOPS: &str = "A run that is not over by then is stopped.";

/// The state in a word; how it ended where it did.
pub fn word(item: &SessionItem) -> &'static str {
    match (item.state, item.end) {
        (SessionState::Ended, Some(EndReason::StoppedByOwner)) if !item.mine => "Stopped by its owner",
        (SessionState::Ended, Some(reason)) => reason.word(),
        (state, _) => state.word(),
    }
}

/// How the state is meant.
pub fn tone(item: &SessionItem) -> Tone {
    match (item.state, item.end) {
        (SessionState::Running, _) => Tone::Running,
        (SessionState::Ended, Some(EndReason::Finished)) => Tone::Done,
        (SessionState::Ended, Some(reason)) if !reason.is_peaceful() => Tone::Failed,
        (SessionState::Ended, _) => Tone::Quiet,
        _ => Tone::Waiting,
    }
}

/// Why it ended, and what to do about it.
pub fn why(item: &SessionItem) -> Option<&'static str> {
    Some(match item.end? {
        EndReason::Finished => "Its software ended by itself.",
        EndReason::StoppedByOwner if item.mine => "You ended it.",
        EndReason::StoppedByOwner => "Its owner ended it.",
        EndReason::StoppedByOperator => {
            "An operator of this Skyport ended it. Ask them why, if they have not said."
        }
        EndReason::TimeUp => "The time that was booked is over. Next time extend it before, or book longer.",
        EndReason::Idle => "Nobody used it for a while, and its software says that it may then end.",
        EndReason::OutOfMemory => "It wanted more memory than it was given. Run it again with more.",
        EndReason::ImageNotFound => {
            "Its image is not where the catalogue says. Choose another version, or ask whoever keeps the entry."
        }
        EndReason::ImageNotAllowed => {
            "Its image may not be fetched or run here. Choose other software, or ask the operator."
        }
        EndReason::DataMissing => {
            "The data of your basket could not be put in place. Look at what is in the basket, and run it again."
        }
        EndReason::NotReady => {
            "It was started, and its interface did not answer in time. Its log may say why."
        }
        EndReason::Crashed => "Its software ended with a fault. Its log may say why.",
        EndReason::SiteUnreachable => {
            "Its site could not be reached for too long. Run it again, at another site if there is one."
        }
        EndReason::DiskFull => {
            "Its disk, or your home, was full. Remove something from your home, or run it again with more disk."
        }
        EndReason::Vanished => "Its site does not have it any more, and nobody ended it here.",
        EndReason::Failed => "It could not be started.",
    })
}

/// What it runs, where, and with what: `JupyterLab 4.4 · This machine · 2 cores, 4 GiB memory`.
pub fn about(item: &SessionItem) -> String {
    let mut parts = vec![item.software.clone(), item.site.clone()];
    parts.extend(resources(&item.resources));
    parts.join(" · ")
}

/// What the button of extending says.
pub fn extend(by_minutes: u32) -> String {
    if by_minutes == 0 { "Extend".to_owned() } else { format!("Extend by {}", minutes(by_minutes)) }
}

/// The question before a session is ended: the thing, and what is lost.
pub fn end_question(item: &SessionItem) -> String {
    let SessionItem { title, state, kind, .. } = item;
    match (state, kind) {
        (SessionState::Waiting, _) => {
            format!(
                "“{title}” will not start, and its time is given back. Nothing is lost that is kept elsewhere."
            )
        }
        (_, Kind::Batch) => format!(
            "The run “{title}” stops where it is. What it wrote to its output folder so far is kept, and so is its log."
        ),
        _ => format!(
            "“{title}” stops at once, for everybody who has it open. What runs in it and what is not saved under /home/user is lost; its log is kept."
        ),
    }
}

/// How far something is.
pub fn progress(progress: &Progress) -> String {
    match progress.of_bytes {
        Some(all) => format!("{} of {}", bytes(progress.done_bytes), bytes(all)),
        None => bytes(progress.done_bytes),
    }
}

/// Thousandths of cores.
pub fn cores(milli: u64) -> String {
    format!("{:.2}", milli as f64 / 1000.0)
}

/// How many minutes before the end one is warned: the last of these that is reached.
pub const WARNINGS: [i64; 3] = [30, 10, 2];

/// The warning that is due with so much left, in minutes.
pub fn warning(left_us: i64) -> Option<i64> {
    WARNINGS.into_iter().rfind(|minutes| left_us > 0 && left_us <= minutes * 60_000_000)
}

#[cfg(test)]
mod tests {
    use super::{progress, warning};
    use crate::features::sessions::model::Progress;

    #[test]
    fn warns_when_it_is_time() {
        let minute = 60_000_000;
        assert_eq!(warning(31 * minute), None);
        assert_eq!(
            [30, 11, 10, 3, 2, 1].map(|left| warning(left * minute)),
            [30, 30, 10, 10, 2, 2].map(Some)
        );
        assert_eq!(warning(0), None, "it is over");
    }

    #[test]
    fn says_how_far_something_is() {
        assert_eq!(
            progress(&Progress { done_bytes: 1_200_000, of_bytes: Some(31_000_000) }),
            "1.2 MB of 31 MB"
        );
        assert_eq!(progress(&Progress { done_bytes: 500, of_bytes: None }), "500 B");
    }
}
