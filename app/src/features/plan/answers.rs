//! What the sites answer: offers as cards, the best first; reasons where there is none; and how full each site is.

use super::address::Asked;
use super::load_line::LoadLine;
use super::model::{OfferView, PlanQuestion, PlanView, SiteAnswer, When};
use super::plan_page::Desk;
use super::sentences;
use crate::features::software::model::Kind;
use crate::frame::address::sign_in;
use crate::text::minutes;
use crate::ui::{ButtonLink, Card, Icon, Look, Notice, Shape, Span, SubmitButton, TextArea, TextInput, Tone};
use leptos::prelude::*;

/// The form that holds an offer: each offer's button sends it.
const FORM: &str = "take";
/// Offers of one site that are seen at once.
const AT_ONCE: usize = 3;

/// Everything that was answered.
#[component]
pub fn Answers(
    /// The page.
    desk: Desk,
) -> impl IntoView {
    let sites = Memo::new(move |_| desk.view.with(|view| view.sites.clone()));
    let offers = move || {
        let view = desk.view.get();
        let (with, without): (Vec<_>, Vec<_>) =
            view.sites.iter().cloned().partition(|site| !site.offers.is_empty());
        let nothing = view.sites.is_empty().then(|| {
            view! { <Notice tone=Tone::Attention><p>{sentences::NO_SITES}</p></Notice> }
        });
        let cards = with
            .into_iter()
            .map(|site| view! { <SiteOffers site=site view=view.clone() desk=desk/> })
            .collect_view();
        let reasons = without.into_iter().map(|site| view! { <Reasons site=site/> }).collect_view();
        view! { {nothing}{cards}{reasons} }
    };
    view! {
        <RunForm desk=desk/>
        {offers}
        {move || {
            let sites = sites.get();
            sites.iter().any(|site| !site.load.is_empty()).then(|| view! { <LoadLine sites=sites/> })
        }}
    }
    .into_any()
}

/// The fields that go along with whatever offer is held: the question, a name, and what a batch run does.
#[component]
fn RunForm(desk: Desk) -> impl IntoView {
    let (software, signed_in) = desk.view.with_untracked(|view| (view.software.clone(), view.signed_in));
    let Some(software) = software.filter(|_| signed_in) else { return ().into_any() };
    let asked = desk.asked.get_untracked();
    let batch = (software.kind == Kind::Batch).then(|| {
        view! {
            <TextArea name="offer[command]" id="command" label="Command" value=asked.command.clone() rows=3 code=true
                hint=Signal::stored(Some(sentences::COMMAND_HINT.to_owned())) maxlength=8000/>
            <TextArea name="offer[environment]" id="environment" label="Environment" rows=3 code=true placeholder="OMP_NUM_THREADS=4"
                hint=Signal::stored(Some(sentences::ENVIRONMENT_HINT.to_owned())) maxlength=16_000/>
        }
    });
    let title = if batch.is_some() { "The run" } else { "The session" };
    view! {
        <Card title=title>
            <ActionForm action=desk.take attr:id=FORM attr:class="stacked">
                {move || hidden(&desk.view.get())}
                <TextInput name="offer[title]" id="title" label="Its name" value=asked.title.clone() placeholder=software.title
                    maxlength=100 autocomplete="off"/>
                {batch}
            </ActionForm>
        </Card>
    }
    .into_any()
}

/// The question that the offers answer, as the form sends it.
fn hidden(view: &PlanView) -> AnyView {
    let PlanQuestion { software, version, resources, nodes, minutes, when, data } = view.question.clone();
    let mut pairs = vec![
        ("request", view.request.clone()),
        ("question][software", software),
        ("question][version", version),
        ("question][resources][cores", resources.cores.to_string()),
        ("question][resources][memory_mib", resources.memory_mib.to_string()),
        ("question][resources][disk_gib", resources.disk_gib.to_string()),
        ("question][resources][gpus", resources.gpus.to_string()),
        ("question][nodes", nodes.to_string()),
        ("question][minutes", minutes.to_string()),
        ("question][data", data.to_string()),
    ];
    match when {
        When::Now => pairs.push(("question][when", "Now".to_owned())),
        When::Within { from_us, to_us } => {
            pairs.push(("question][when][Within][from_us", from_us.to_string()));
            pairs.push(("question][when][Within][to_us", to_us.to_string()));
        }
    }
    let field = |(name, value): (&str, String)| view! { <input type="hidden" name=format!("offer[{name}]") value=value/> };
    pairs.into_iter().map(field).collect_view().into_any()
}

#[component]
fn SiteOffers(site: SiteAnswer, view: PlanView, desk: Desk) -> impl IntoView {
    let mut offers: Vec<_> = site
        .offers
        .iter()
        .map(|offer| {
            view! { <Offer offer=offer.clone() site=site.title.clone() view=view.clone() desk=desk/> }
                .into_any()
        })
        .collect();
    let more = offers.split_off(offers.len().min(AT_ONCE));
    let more = (!more.is_empty()).then(|| {
        let words = format!("{} more times", more.len());
        view! { <details class="more-options"><summary><Icon shape=Shape::Right/>{words}</summary><ul class="offers">{more}</ul></details> }
    });
    let has = site.has.clone();
    view! {
        <Card title=site.title.clone() flush=true more=move || view! { <span dir="auto">{has.clone()}</span> }>
            <ul class="offers">{offers}</ul>
            {more}
        </Card>
    }
    .into_any()
}

#[component]
fn Offer(offer: OfferView, site: String, view: PlanView, desk: Desk) -> impl IntoView {
    let OfferView { site: key, start_us, end_us, parts, why, best } = offer;
    let value = format!("{start_us}@{key}");
    let look = if best { Look::Primary } else { Look::Plain };
    let unseen = format!(" at {site}, {}", crate::text::utc(start_us));
    let button = if parts.len() > 1 {
        view! { <span class="hint">{sentences::ONE_NODE}</span> }.into_any()
    } else if view.software.is_none() {
        view! { <span class="hint">{sentences::CHOOSE_FIRST}</span> }.into_any()
    } else if view.signed_in {
        view! {
            <SubmitButton form=FORM name="offer[offer]" value=value look=look pending=desk.take.pending()>
                <span>"Hold this offer"<span class="unseen">{unseen}</span></span>
            </SubmitButton>
        }
        .into_any()
    } else {
        let href = sign_in(&Asked { question: view.question.clone(), ..Asked::default() }.address());
        view! { <ButtonLink href=href look=look><span>"Sign in to hold it"<span class="unseen">{unseen}</span></span></ButtonLink> }.into_any()
    };
    let nodes = parts
        .iter()
        .map(|part| view! { <li><bdi>{part.node.clone()}</bdi>": "{sentences::size(&part.resources)}</li> })
        .collect_view();
    let lasts = u32::try_from((end_us - start_us) / 60_000_000).unwrap_or_default();
    view! {
        <li class="offer" class:best=best>
            <div class="what">
                <p class="when"><Span from_us=start_us to_us=end_us/><span class="sub">{minutes(lasts)}</span></p>
                <p class="why">{best.then(|| view! { <span class="tag">"Best"</span> })}<span dir="auto">{why}</span></p>
                <ul class="parts sub">{nodes}</ul>
            </div>
            <div class="act">{button}</div>
        </li>
    }
    .into_any()
}

#[component]
fn Reasons(site: SiteAnswer) -> impl IntoView {
    let reasons =
        site.reasons.iter().map(|reason| view! { <li dir="auto">{reason.clone()}</li> }).collect_view();
    let has = site.has.clone();
    view! {
        <Card title=site.title more=move || view! { <span dir="auto">{has.clone()}</span> }>
            <p class="state warn"><Icon shape=Shape::Attention/>"No offer"</p>
            <ul class="reasons">{reasons}</ul>
        </Card>
    }
    .into_any()
}
