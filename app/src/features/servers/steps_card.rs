//! What goes on or went on last, step by step, with the time that each step took.

use super::model::{StepState, StepView};
use super::sentences;
use super::stream::now_us;
use crate::text::duration;
use crate::ui::{Card, Icon, Time};
use leptos::leptos_dom::helpers::set_interval_with_handle;
use leptos::prelude::*;
use std::time::Duration;

/// The steps; nothing where there are none.
#[component]
pub fn Steps(
    /// What they lead to.
    #[prop(into)]
    title: Signal<String>,
    /// All of them, in their order.
    #[prop(into)]
    steps: Signal<Vec<StepView>>,
) -> impl IntoView {
    move || {
        let steps = steps.get();
        (!steps.is_empty()).then(|| {
            let total = total(&steps).map(|us| format!("{} in all", duration(us)));
            let rows = steps.into_iter().map(|step| view! { <Step step=step/> }).collect_view();
            view! { <Card title=title.get() flush=true more=move || total.clone()><ol class="work">{rows}</ol></Card> }
        })
    }
}

/// Microseconds from the first beginning to the last end, once nothing goes on any more.
fn total(steps: &[StepView]) -> Option<i64> {
    if steps.iter().any(|step| matches!(step.state, StepState::Running | StepState::Waiting)) {
        return None;
    }
    let begun = steps.iter().filter_map(|step| step.started_us).min()?;
    Some(steps.iter().filter_map(|step| step.ended_us).max()? - begun)
}

#[component]
fn Step(step: StepView) -> impl IntoView {
    let (shape, class) = sentences::step_look(step.state);
    let time = match (step.state, step.started_us, step.ended_us) {
        (StepState::Running, Some(began), _) => view! { <Elapsed began=began/> }.into_any(),
        (_, Some(began), Some(ended)) => duration(ended - began).into_any(),
        _ => ().into_any(),
    };
    view! {
        <li class=class>
            <Icon shape=shape/>
            <span class="words">
                <span dir="auto">{step.title}</span><span class="unseen">", "{sentences::step_word(step.state)}</span>
                {step.note.map(|note| view! { <span class="sub" dir="auto">{note}</span> })}
            </span>
            <span class="time">{time}</span>
        </li>
    }
    .into_any()
}

/// How long something goes on already: counted in the browser; when it began, without a script.
#[component]
fn Elapsed(began: i64) -> impl IntoView {
    let passed = RwSignal::new(None::<i64>);
    Effect::new(move |_| {
        let tick = move || {
            let _ = passed.try_set(now_us().map(|now| now - began));
        };
        tick();
        if let Ok(handle) = set_interval_with_handle(tick, Duration::from_secs(1)) {
            on_cleanup(move || handle.clear());
        }
    });
    move || match passed.get() {
        // Whole seconds, and never less than none where this clock is behind the server's.
        Some(us) => duration((us.max(0) / 1_000_000).max(0) * 1_000_000).replace(".00", "").into_any(),
        None => view! { "since "<Time us=began/> }.into_any(),
    }
}

#[cfg(test)]
mod tests {
    use super::total;
    use crate::features::servers::model::{StepState, StepView};

    fn step(state: StepState, started_us: Option<i64>, ended_us: Option<i64>) -> StepView {
        StepView { title: "Starting".into(), state, started_us, ended_us, note: None }
    }

    #[test]
    fn the_whole_time_is_known_at_the_end() {
        let done = [step(StepState::Done, Some(10), Some(20)), step(StepState::Done, Some(25), Some(90))];
        assert_eq!(total(&done), Some(80));
        let failed =
            [step(StepState::Undone, Some(10), Some(20)), step(StepState::Failed, Some(25), Some(90))];
        assert_eq!(total(&failed), Some(80));
        assert_eq!(
            total(&[step(StepState::Done, Some(10), Some(20)), step(StepState::Waiting, None, None)]),
            None
        );
        assert_eq!(total(&[]), None);
    }
}
