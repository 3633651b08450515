//! What the pages of queries say: what happened, and what to do now.

use super::model::{LimitsView, QueryState, QueryView, Target};
use crate::text::{bytes, count, counted, duration};
use crate::ui::Tone;

/// The row limit is above what the caller may have.
pub fn too_many_rows(limits: &LimitsView) -> String {
    let most = count(limits.rows);
    if limits.rows < limits.rows_signed_in {
        format!("At most {most} rows without signing in. Sign in for up to {}.", count(limits.rows_signed_in))
    } else {
        format!("At most {most} rows in one result. Add a condition, or ask for parts.")
    }
}

/// Which row limit applies.
pub fn row_limit(limits: &LimitsView) -> String {
    if limits.rows < limits.rows_signed_in {
        format!("rows, up to {}; signed in up to {}", count(limits.rows), count(limits.rows_signed_in))
    } else {
        format!("rows, up to {}", count(limits.rows))
    }
}

/// A target with its place and who says so: `M 42 · 83.8187°, −5.3897° · resolved here`.
pub fn target_found(target: &Target) -> String {
    let degrees = |value: f64| format!("{value:.4}°").replace('-', "\u{2212}");
    format!("{} · {}, {} · {}", target.name, degrees(target.ra_deg), degrees(target.dec_deg), target.source)
}

/// How a state is meant.
pub fn tone(state: QueryState) -> Tone {
    match state {
        QueryState::Queued => Tone::Waiting,
        QueryState::Running => Tone::Running,
        QueryState::Completed => Tone::Done,
        QueryState::Failed => Tone::Failed,
        QueryState::Interrupted => Tone::Attention,
        QueryState::Cancelled | QueryState::Expired => Tone::Quiet,
    }
}

/// What a queued query waits for.
pub fn waits_for(before_it: Option<u64>) -> String {
    match before_it {
        None | Some(0) => "It is next and starts as soon as a place is free.".to_owned(),
        Some(1) => "1 of your queries is before it.".to_owned(),
        Some(n) => format!("{} of your queries are before it.", count(n)),
    }
}

/// Why a query ended, in a sentence with the next step; none for one that ended well or goes on.
pub fn end_reason(query: &QueryView) -> Option<String> {
    let usual = match query.state {
        QueryState::Queued | QueryState::Running | QueryState::Completed => return None,
        QueryState::Failed => "The archive did not answer this query. Try again, or change the text.",
        QueryState::Cancelled => "You stopped it. Ask again whenever you like.",
        QueryState::Interrupted => {
            "Skyport was stopped while this query ran. Nothing of it goes on; ask again."
        }
        QueryState::Expired => {
            "Its rows were kept as long as was promised and are gone now. Ask again to have them."
        }
    };
    Some(query.reason.clone().unwrap_or_else(|| usual.to_owned()))
}

/// The numbers of a query in one line: `412 rows · 31 kB · 0.08 s`.
pub fn numbers(query: &QueryView) -> String {
    let mut parts = Vec::new();
    if query.has_result || query.rows > 0 {
        parts.push(counted(query.rows, "row"));
    }
    if query.bytes > 0 {
        parts.push(bytes(query.bytes));
    }
    if let Some(micros) = time_taken(query) {
        parts.push(duration(micros));
    }
    parts.join(" · ")
}

/// Microseconds from start to end, once it is over.
pub fn time_taken(query: &QueryView) -> Option<i64> {
    Some(query.ended_us? - query.started_us?)
}

/// How many rows are shown of how many: `412 of 118,216 rows`.
pub fn rows_shown(matching: u64, rows: u64) -> String {
    if matching == rows {
        counted(rows, "row")
    } else {
        format!("{} of {}", count(matching), counted(rows, "row"))
    }
}

/// What was put into the basket.
pub fn added(added: u64, already: u64) -> String {
    match (added, already) {
        (0, 0) => "Nothing was added to the basket.".to_owned(),
        (0, n) => format!("{} in the basket already; nothing was added.", is_are(n)),
        (n, 0) => format!("{} added to the basket.", counted(n, "item")),
        (n, m) => format!("{} added to the basket; {} there already.", counted(n, "item"), is_are(m)),
    }
}

fn is_are(n: u64) -> String {
    if n == 1 { "1 item is".to_owned() } else { format!("{} items are", count(n)) }
}

/// How much room the kept results take.
pub fn quota(limits: &LimitsView) -> String {
    format!(
        "{} of {} used. Results are kept for {}.",
        bytes(limits.used_bytes),
        bytes(limits.quota_bytes),
        duration(i64::try_from(limits.kept_s).unwrap_or(i64::MAX / 1_000_000).saturating_mul(1_000_000))
    )
}

/// What is lost when a query is removed.
pub fn removal(query: &QueryView) -> String {
    let result = match (query.has_result, query.rows) {
        (false, _) => "It has no result.".to_owned(),
        (true, rows) => {
            format!(
                "Its result of {} goes with it. What you put in the basket stays there.",
                counted(rows, "row")
            )
        }
    };
    format!("“{}” is removed from the list. {result}", query.title)
}

/// To visitors: what happens to their queries.
pub const VISITORS_QUERIES: &str = "You are not signed in: these are the queries of this browser, and they vanish after a while. Sign in to keep them.";

/// On a form that no longer describes the text.
pub const WRITTEN_BY_HAND: &str = "The text was changed by hand; the form does not describe it any more.";

/// On a form whose faults keep it from becoming a text.
pub const FORM_HAS_FAULTS: &str = "The form needs another look before it can run.";

/// Over a selection that came back from the sign-in.
pub fn restored(rows: u64) -> String {
    format!(
        "You are signed in. The {} that you had selected {} selected again.",
        counted(rows, "row"),
        if rows == 1 { "is" } else { "are" }
    )
}

#[cfg(test)]
mod tests {
    use super::{added, row_limit, rows_shown, target_found, too_many_rows, waits_for};
    use crate::features::queries::model::{LimitsView, Target};

    #[test]
    fn counts_agree_with_their_verbs() {
        assert_eq!(added(3, 1), "3 items added to the basket; 1 item is there already.");
        assert_eq!(added(0, 2), "2 items are in the basket already; nothing was added.");
        assert_eq!(waits_for(Some(1)), "1 of your queries is before it.");
        assert_eq!(waits_for(Some(2)), "2 of your queries are before it.");
        assert_eq!(rows_shown(412, 118_216), "412 of 118,216 rows");
        assert_eq!(rows_shown(1, 1), "1 row");
    }

    #[test]
    fn visitors_are_told_what_signing_in_gives() {
        let mut limits =
            LimitsView { rows: 10_000, rows_signed_in: 1_000_000, used_bytes: 0, quota_bytes: 1, kept_s: 1 };
        assert!(row_limit(&limits).contains("signed in up to 1,000,000"));
        assert!(too_many_rows(&limits).contains("Sign in"));
        limits.rows = 1_000_000;
        assert!(!row_limit(&limits).contains("sign") && !too_many_rows(&limits).contains("Sign"));
    }

    #[test]
    fn a_target_says_where_and_who_says_so() {
        let target =
            Target { name: "M 42".into(), ra_deg: 83.8187, dec_deg: -5.3897, source: "resolved here".into() };
        assert_eq!(target_found(&target), "M 42 · 83.8187°, \u{2212}5.3897° · resolved here");
    }
}
