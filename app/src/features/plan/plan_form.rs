//! The question: what should run, how large, for how long, when, and with which data. A plain GET form.

use super::address::{PLAN, gib, hours, write_size};
use super::amount_field::AmountField;
use super::model::{NamedSize, PlanQuestion, PlanView, PlannedSoftware, When};
use super::plan_page::Desk;
use super::sentences;
use crate::features::queries::dom;
use crate::features::software::card::{page_of, shape_of};
use crate::features::software::model::Resources;
use crate::text::minutes;
use crate::ui::{ButtonLink, Card, Icon, Look, Notice, Select, Shape, SubmitButton, TimeInput, Tone};
use leptos::prelude::*;
use leptos_router::components::Form;

/// The form's id.
const FORM: &str = "plan";

/// The form's numbers, as they stand in their fields.
#[derive(Clone, Copy)]
pub struct Amounts {
    cores: RwSignal<String>,
    memory: RwSignal<String>,
    disk: RwSignal<String>,
    gpus: RwSignal<String>,
    hours: RwSignal<String>,
}

impl Amounts {
    /// Those of a question.
    pub fn of(question: &PlanQuestion) -> Self {
        let amounts = Self {
            cores: RwSignal::default(),
            memory: RwSignal::default(),
            disk: RwSignal::default(),
            gpus: RwSignal::default(),
            hours: RwSignal::default(),
        };
        amounts.fill(question);
        amounts
    }

    /// Puts those of another question there.
    pub fn fill(self, question: &PlanQuestion) {
        self.resize(&question.resources);
        self.hours.set(hours(question.minutes));
    }

    fn resize(self, size: &Resources) {
        self.cores.set(size.cores.to_string());
        self.memory.set(gib(size.memory_mib));
        self.disk.set(size.disk_gib.to_string());
        self.gpus.set(size.gpus.to_string());
    }

    fn is(self, size: &Resources) -> bool {
        self.cores.get() == size.cores.to_string()
            && self.memory.get() == gib(size.memory_mib)
            && self.disk.get() == size.disk_gib.to_string()
            && self.gpus.get() == size.gpus.to_string()
    }
}

/// The form.
#[component]
pub fn PlanForm(
    /// The page.
    desk: Desk,
    /// Told what the form would send, whenever something in it changes.
    changed: Callback<String>,
) -> impl IntoView {
    let view = desk.view.get_untracked();
    let tell = move || {
        // What is set by script is in its field once this turn is over.
        request_animation_frame(move || {
            if let Some(pairs) = dom::pairs_of_form(FORM) {
                changed.run(pairs);
            }
        });
    };
    let none =
        Memo::new(move |_| desk.view.with(|view| view.sites.iter().all(|site| site.offers.is_empty())));
    view! {
        <div class="stack" on:input=move |_| tell() on:change=move |_| tell()>
            <Form method="get" action=PLAN attr:id=FORM attr:class="stack">
                <What view=view.clone()/>
                <HowMuch desk=desk view=view.clone() tell=Callback::new(move |()| tell())/>
                <WhenCard desk=desk/>
                <DataCard view=view/>
                <p class="act">
                    {move || {
                        let look = if none.get() { Look::Primary } else { Look::Plain };
                        view! { <SubmitButton look=look>"Find offers"</SubmitButton> }
                    }}
                </p>
            </Form>
        </div>
    }
    .into_any()
}

#[component]
fn What(view: PlanView) -> impl IntoView {
    let PlanView { question, software, .. } = view;
    let named = !question.software.is_empty();
    let Some(software) = software else {
        return view! {
            <Card title="What should run">
                <Notice tone=if named { Tone::Attention } else { Tone::Waiting }>
                    <p>{if named { sentences::GONE_SOFTWARE } else { sentences::NO_SOFTWARE }}</p>
                </Notice>
                <ButtonLink href="/software">"Choose software"</ButtonLink>
            </Card>
        }
        .into_any();
    };
    let PlannedSoftware { name, title, purpose, kind, versions, .. } = software;
    let versions: Vec<_> =
        versions.into_iter().map(|version| (version.version.clone(), version.version)).collect();
    let choice = if versions.len() > 1 {
        view! { <Select name="version" label="Version" options=versions value=question.version/> }.into_any()
    } else {
        view! { <input type="hidden" name="version" value=question.version/> }.into_any()
    };
    view! {
        <Card title="What should run" more=|| view! { <a href="/software">"Other software"</a> }>
            <div class="stacked">
                <p class="planned">
                    <Icon shape=shape_of(kind)/>
                    <span class="words">
                        <a href=page_of(&name) dir="auto">{title}</a>
                        <span class="sub" dir="auto">{kind.word()}" · "{purpose}</span>
                    </span>
                </p>
                <input type="hidden" name="software" value=name/>
                {choice}
            </div>
        </Card>
    }
    .into_any()
}

#[component]
fn HowMuch(desk: Desk, view: PlanView, tell: Callback<()>) -> impl IntoView {
    let amounts = desk.amounts;
    let PlanView { question, sizes, largest, longest_minutes, software, .. } = view;
    let sizes = sizes
        .into_iter()
        .map(|size| view! { <SizeButton size=size amounts=amounts tell=tell/> })
        .collect_view();
    let needs =
        software.and_then(|software| crate::features::software::sentences::resources(&software.minimum));
    let needs = needs.map(|needs| view! { <p class="hint">"It needs at least "{needs}"."</p> });
    let gpus = (largest.gpus > 0 || question.resources.gpus > 0).then(|| {
        view! { <AmountField name="gpus" label="GPUs" value=amounts.gpus most=f64::from(largest.gpus) step=1.0/> }
    });
    let words = Signal::derive(move || {
        let hours = amounts.hours.with(|hours| hours.parse::<f64>().ok())?;
        (hours.fract() != 0.0 && hours > 0.0 && hours < 1e5).then(|| minutes((hours * 60.0).round() as u32))
    });
    let longest = (f64::from(longest_minutes) / 60.0).clamp(1.0, 72.0);
    let nodes = question.nodes.max(1);
    let unusual = nodes > 1 || question.resources.gpus > 0;
    view! {
        <Card title="How much, for how long">
            <div class="stacked">
                <div class="sizes" role="group" aria-label="Sizes">{sizes}</div>
                {needs}
                <AmountField name="cores" label="Cores" value=amounts.cores most=f64::from(largest.cores) step=1.0/>
                <AmountField name="memory" label="Memory, GiB" value=amounts.memory most=(largest.memory_mib / 1024) as f64 step=0.5/>
                <AmountField name="hours" label="For how long, hours" value=amounts.hours most=longest step=0.25 hint=words/>
            </div>
            <details class="more-options inside" open=unusual>
                <summary><Icon shape=Shape::Right/>"Disk, GPUs, several nodes"</summary>
                <div class="stacked">
                    <AmountField name="disk" label="Disk, GiB" value=amounts.disk most=largest.disk_gib as f64 step=1.0/>
                    {gpus}
                    <AmountField name="nodes" label="Spread over at most so many nodes" value=RwSignal::new(nodes.to_string()) most=8.0 step=1.0/>
                </div>
            </details>
        </Card>
    }
    .into_any()
}

/// A size with a name. Without a script it sends the form with its numbers, which go before those in the fields.
#[component]
fn SizeButton(size: NamedSize, amounts: Amounts, tell: Callback<()>) -> impl IntoView {
    let resources = size.resources;
    view! {
        <button
            type="submit"
            class="btn size"
            name="size"
            value=write_size(&resources)
            aria-pressed=move || if amounts.is(&resources) { "true" } else { "false" }
            on:click=move |event| {
                event.prevent_default();
                amounts.resize(&resources);
                tell.run(());
            }
        >
            <b>{size.title}</b>
            <span class="sub">{sentences::size(&resources)}</span>
        </button>
    }
    .into_any()
}

#[component]
fn WhenCard(desk: Desk) -> impl IntoView {
    let (question, now_us) = desk.view.with_untracked(|view| (view.question.clone(), view.now_us));
    let (within, from_us, to_us) = match question.when {
        When::Now => (false, 0, 0),
        When::Within { from_us, to_us } => (true, from_us, to_us),
    };
    // The next full hour, and a week.
    let from_us = if from_us == 0 { (now_us / 3_600_000_000 + 1) * 3_600_000_000 } else { from_us };
    let to_us = if to_us == 0 { from_us + 7 * 86_400_000_000 } else { to_us };
    view! {
        <Card title="When">
            <fieldset class="when stacked">
                <legend class="unseen">"When"</legend>
                <label class="option"><input type="radio" name="when" value="now" checked=!within/>"As soon as it can"</label>
                <label class="option"><input type="radio" name="when" value="within" checked=within/>"Some time within a window"</label>
                <div class="pair window">
                    <TimeInput name="from" id="from" label="Not before" us=Some(from_us)/>
                    <TimeInput name="to" id="to" label="Over by" us=Some(to_us)/>
                </div>
            </fieldset>
        </Card>
    }
    .into_any()
}

#[component]
fn DataCard(view: PlanView) -> impl IntoView {
    let PlanView { question, data, signed_in, .. } = view;
    if data.items == 0 {
        let words = if signed_in {
            sentences::EMPTY_BASKET
        } else {
            "Data comes from your basket, once you are signed in."
        };
        return view! {
            <Card title="Data">
                <p class="quiet-text">{words}</p>
                {(!question.data).then(|| view! { <input type="hidden" name="data" value="0"/> })}
            </Card>
        }
        .into_any();
    }
    view! {
        <Card title="Data" more=|| view! { <a href="/basket">"Your basket"</a> }>
            <input type="hidden" name="data" value="0"/>
            <label class="option">
                <input type="checkbox" name="data" value="1" checked=question.data/>
                <span>"Put my basket into "<code>"/data"</code><span class="sub">{sentences::basket(data)}", read-only"</span></span>
            </label>
        </Card>
    }
    .into_any()
}
