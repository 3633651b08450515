//! A time from then till then: in the user's zone with the zone named, in UTC on hover.

use super::browser;
use crate::text;
use leptos::prelude::*;

/// Two instants, the day said once where it is the same.
#[component]
pub fn Span(
    /// UTC microseconds.
    from_us: i64,
    /// UTC microseconds.
    to_us: i64,
) -> impl IntoView {
    let utc = joined(&utc_parts(from_us), &utc_parts(to_us));
    let shown = RwSignal::new(utc.clone());
    Effect::new(move |_| {
        if let (Some(from), Some(to)) = (browser::local_time(from_us), browser::local_time(to_us)) {
            shown.set(joined(&local_parts(&from), &local_parts(&to)));
        }
    });
    view! { <span class="span" title=utc>{move || shown.get()}</span> }
}

/// Day, time and zone.
type Parts = [String; 3];

fn utc_parts(us: i64) -> Parts {
    let text = text::utc(us);
    [text[..10].to_owned(), text[11..16].to_owned(), "UTC".to_owned()]
}

/// The browser writes `22 Nov 2026, 17:09 CET`.
fn local_parts(text: &str) -> Parts {
    let (day, rest) = text.split_once(", ").unwrap_or(("", text));
    let (time, zone) = rest.split_once(' ').unwrap_or((rest, ""));
    [day, time, zone].map(str::to_owned)
}

fn joined(from: &Parts, to: &Parts) -> String {
    let [from_day, from_time, from_zone] = from;
    let [to_day, to_time, to_zone] = to;
    let (first_zone, second_day) = match (from_zone == to_zone, from_day == to_day) {
        (true, true) => (String::new(), String::new()),
        (true, false) => (String::new(), format!("{to_day} ")),
        (false, _) => (format!(" {from_zone}"), format!("{to_day} ")),
    };
    format!("{from_day} {from_time}{first_zone} – {second_day}{to_time} {to_zone}")
}

#[cfg(test)]
mod tests {
    use super::{joined, local_parts, utc_parts};

    #[test]
    fn says_once_what_is_the_same() {
        let from = 1_795_363_758_000_000;
        let said = |to| joined(&utc_parts(from), &utc_parts(to));
        assert_eq!(said(from + 3_600_000_000), "2026-11-22 16:09 – 17:09 UTC");
        assert_eq!(said(from + 36_000_000_000), "2026-11-22 16:09 – 2026-11-23 02:09 UTC");
        let summer = local_parts("25 Oct 2026, 02:30 CEST");
        assert_eq!(
            joined(&summer, &local_parts("25 Oct 2026, 02:30 CET")),
            "25 Oct 2026 02:30 CEST – 25 Oct 2026 02:30 CET"
        );
    }
}
