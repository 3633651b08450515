//! What is in use of each limit, as bars with their numbers, and what a new server would add.

use super::model::Usage;
use super::sentences;
use super::wish::Takes;
use leptos::prelude::*;

/// The length of a whole bar, in the drawing's own units.
const WHOLE: u64 = 1000;

/// The lengths of a bar: what is in use, and what is added. A limit of nothing is full as soon as anything is wanted.
fn lengths(used: u64, adds: u64, limit: u64) -> (u64, u64) {
    let part = |number: u64| {
        let share = u128::from(number) * u128::from(WHOLE) / u128::from(limit.max(1));
        // What is there is seen, however little it is.
        u64::try_from(share).unwrap_or(WHOLE).clamp(u64::from(number > 0) * 8, WHOLE)
    };
    let used = part(used);
    (used, part(adds).min(WHOLE - used))
}

/// A list of bars, under the name of whose limits they are. The numbers stand beside each, so that nobody needs the bar.
#[component]
pub fn UsageBars(
    /// What is in use.
    usage: Vec<Usage>,
    /// What is added.
    #[prop(optional, into)]
    takes: Signal<Takes>,
) -> impl IntoView {
    let mut groups: Vec<(String, Vec<Usage>)> = Vec::new();
    for one in usage {
        match groups.iter_mut().find(|(whose, _)| *whose == one.whose) {
            Some((_, group)) => group.push(one),
            None => groups.push((one.whose.clone(), vec![one])),
        }
    }
    groups
        .into_iter()
        .map(|(whose, usage)| {
            let rows = usage.into_iter().map(|one| view! { <Bar usage=one takes=takes/> }).collect_view();
            view! { <div class="usage"><p class="whose">{whose.clone()}</p><ul aria-label=whose>{rows}</ul></div> }
        })
        .collect_view()
}

#[component]
fn Bar(usage: Usage, takes: Signal<Takes>) -> impl IntoView {
    let Usage { measure, used, limit, .. } = usage;
    let adds = Memo::new(move |_| takes.with(|takes| takes.of(measure)));
    let over = move || limit.is_some_and(|limit| adds.get() > 0 && used.saturating_add(adds.get()) > limit);
    let bar = limit.map(|limit| {
        let ends = Memo::new(move |_| lengths(used, adds.get(), limit));
        view! {
            <svg class="bar" viewBox="0 0 1000 8" preserveAspectRatio="none" aria-hidden="true" focusable="false">
                <rect class="used" width=move || ends.get().0 height="8"/>
                <rect class="adds" x=move || ends.get().0 width=move || ends.get().1 height="8"/>
            </svg>
        }
    });
    view! {
        <li class:over=over>
            <span class="measure">{sentences::measure(measure)}</span>
            <span class="level">{move || sentences::level(measure, used, adds.get(), limit)}</span>
            {bar}
        </li>
    }
}

#[cfg(test)]
mod tests {
    use super::lengths;

    #[test]
    fn bars_never_leave_their_frame() {
        assert_eq!(lengths(1, 1, 4), (250, 250));
        assert_eq!(lengths(3, 4, 4), (750, 250));
        assert_eq!(lengths(9, 1, 4), (1000, 0));
        assert_eq!(lengths(0, 0, 0), (0, 0));
        assert_eq!(lengths(0, 1, 0), (0, 1000));
        assert_eq!(lengths(1, 0, 100_000), (8, 0), "a little is seen");
        assert_eq!(lengths(u64::MAX, u64::MAX, u64::MAX), (1000, 0));
    }
}
