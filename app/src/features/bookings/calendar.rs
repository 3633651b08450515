//! The bookings as a calendar of weeks. Days are those of the browser's zone; of UTC without a script.

use super::booking_item::page_of;
use super::model::{BookingState, BookingView};
use super::sentences;
use crate::text;
use crate::ui::browser;
use leptos::prelude::*;

/// Microseconds of a day.
pub const DAY_US: i64 = 86_400_000_000;
/// The names of the days, as a week begins.
const DAYS: [&str; 7] = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];

/// Weeks from `from_us`, a Monday, to `to_us`.
#[component]
pub fn Calendar(
    /// What lies in them.
    items: Vec<BookingView>,
    /// UTC microseconds.
    from_us: i64,
    /// UTC microseconds.
    to_us: i64,
    /// UTC microseconds.
    now_us: i64,
) -> impl IntoView {
    let zone = RwSignal::new(None::<i64>);
    Effect::new(move |_| zone.set(browser::zone_us(from_us)));
    let heads = DAYS.iter().map(|day| view! { <th scope="col">{*day}</th> }).collect_view();
    let items: Vec<_> = items
        .into_iter()
        .filter(|b| !matches!(b.state, BookingState::Cancelled | BookingState::Expired))
        .collect();
    let weeks = move || {
        let shift = zone.get().unwrap_or_default();
        days(from_us, to_us)
            .chunks(7)
            .map(|week| {
                let cells = week.iter().map(|day| cell(*day - shift, shift, &items, now_us)).collect_view();
                view! { <tr>{cells}</tr> }
            })
            .collect_view()
    };
    let said = move || match zone.get() {
        Some(_) => "Days in your time zone",
        None => "Days in UTC",
    };
    view! {
        <div class="table-wrap" tabindex="0" role="region" aria-label="Calendar">
            <table class="calendar">
                <caption class="unseen">{said}</caption>
                <thead><tr>{heads}</tr></thead>
                <tbody>{weeks}</tbody>
            </table>
        </div>
    }
    .into_any()
}

/// The beginnings of whole weeks of days; at most ten weeks.
fn days(from_us: i64, to_us: i64) -> Vec<i64> {
    let weeks = ((to_us - from_us).max(1) + 7 * DAY_US - 1) / (7 * DAY_US);
    (0..weeks.clamp(1, 10) * 7).map(|day| from_us + day * DAY_US).collect()
}

fn cell(from: i64, shift: i64, items: &[BookingView], now_us: i64) -> AnyView {
    let to = from + DAY_US;
    // The day's number, of the zone that it is shown in.
    let date = text::iso_utc(from + shift);
    let (full, number) = (date[..10].to_owned(), date[8..10].trim_start_matches('0').to_owned());
    let today = (from..to).contains(&now_us);
    let entries = items
        .iter()
        .filter(|booking| booking.start_us < to && booking.end_us > from)
        .map(|booking| {
            let begins = booking.start_us.max(from);
            let time = text::iso_utc(begins + shift)[11..16].to_owned();
            let class = format!("entry {}", sentences::tone(booking.state).class());
            view! {
                <li>
                    <a class=class href=page_of(&booking.id)>
                        <span class="at">{if booking.start_us < from { "…".to_owned() } else { time }}</span>
                        <span dir="auto">{booking.title.clone()}</span>
                        <span class="unseen">", "{sentences::word(booking.state)}</span>
                    </a>
                </li>
            }
        })
        .collect::<Vec<_>>();
    let entries = (!entries.is_empty()).then(|| view! { <ul>{entries}</ul> });
    view! {
        <td class:today=today class:past={to <= now_us}>
            <time datetime=full aria-current=today.then_some("date")>{number}</time>
            {entries}
        </td>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::{DAY_US, days};

    #[test]
    fn weeks_are_whole() {
        let monday = 1_795_392_000_000_000;
        assert_eq!(days(monday, monday + 35 * DAY_US).len(), 35);
        assert_eq!(days(monday, monday + 30 * DAY_US).len(), 35);
        assert_eq!(days(monday, monday).len(), 7);
        assert_eq!(days(0, i64::MAX / 2).len(), 70);
    }
}
