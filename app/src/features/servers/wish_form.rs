//! The form itself: what is asked at one site, with what it would take beside it.

use super::api::{GiveToken, SendWish};
use super::choices::{ImageChoice, KeyChoices, SiteChoice, SizeChoice};
use super::model::{AddressPolicy, CreateServer, NewServerView, SiteView};
use super::more_options::MoreOptions;
use super::sentences;
use super::token_form::TokenForm;
use super::usage_bars::UsageBars;
use super::wish::{Asked, Takes, misfit, preselect};
use crate::features::queries::{dom, pause::Pause};
use crate::ui::{Card, ErrorBox, Look, Notice, SubmitButton, TextInput, Tone, failure_of};
use leptos::html;
use leptos::prelude::*;

/// The form's id: the button stands beside it.
const FORM: &str = "create";

/// What the parts of the form share.
#[derive(Clone, Copy)]
pub struct Desk {
    /// What is chosen now.
    pub asked: RwSignal<Asked>,
    /// The site that it is chosen at.
    pub site: StoredValue<SiteView>,
    /// What was wrong when it was sent last.
    action: ServerAction<SendWish>,
}

impl Desk {
    /// What is wrong with a field, in a sentence.
    pub fn fault_of(self, field: &'static str) -> Signal<Option<String>> {
        let value = self.action.value();
        Signal::derive(move || {
            value.with(|last| last.as_ref()?.as_ref().err()?.of_field(field).map(str::to_owned))
        })
    }
}

/// Sites, the sign-in that one of them may want, and the form.
#[component]
pub fn WishForm(
    /// What is offered.
    view: NewServerView,
    /// What is asked for, kept by the page.
    asked: RwSignal<Asked>,
    /// Gives an access token.
    token: ServerAction<GiveToken>,
) -> impl IntoView {
    let wish = preselect(&asked.get_untracked(), &view);
    let Some(site) = view.sites.iter().find(|site| site.key == wish.site).cloned() else {
        return view! {
            <Notice tone=Tone::Attention>
                <p>"No site makes servers for this Skyport at the moment. Ask its operator."</p>
            </Notice>
        }
        .into_any();
    };
    asked.update_untracked(|asked| {
        asked.address = Some(wish.address);
        asked.wish = wish.clone();
        asked.forget_name(&view.suggestion);
    });
    let action = ServerAction::<SendWish>::new();
    let desk = Desk { asked, site: StoredValue::new(site.clone()), action };
    let blocked = why_not(&view, &site);
    let several = view.sites.len() > 1;
    let sites = several.then(|| view! { <SiteChoice sites=view.sites.clone() desk=desk/> });
    let (title, trouble) = (site.title.clone(), site.trouble.clone());
    let trouble = trouble.map(|trouble| {
        view! { <Notice tone=Tone::Attention><p class="title">{title}</p><p>{trouble}</p></Notice> }
    });
    let token = site
        .wants_token
        .then(|| view! { <TokenForm site=site.key.clone() title=site.title.clone() action=token/> });
    let offers = !site.images.is_empty() && !site.sizes.is_empty();
    let form = offers.then(|| view! { <Fields view=view.clone() first=wish desk=desk blocked=blocked/> });
    let nothing = (!offers && site.trouble.is_none() && !site.wants_token)
        .then(|| view! { <Notice tone=Tone::Attention><p>{sentences::NOTHING_OFFERED}</p></Notice> });
    view! {
        <ErrorBox error=failure_of(action)/>
        {sites}
        {trouble}
        {token}
        {nothing}
        {form}
    }
    .into_any()
}

/// Why the button cannot be pressed, known before anything is typed.
fn why_not(view: &NewServerView, site: &SiteView) -> Option<String> {
    let reason = if site.wants_token {
        sentences::TOKEN_FIRST
    } else if view.keys.is_empty() {
        sentences::KEY_FIRST
    } else if site.sizes.iter().all(|size| size.short.is_some()) {
        sentences::NOTHING_FITS
    } else {
        return None;
    };
    Some(reason.to_owned())
}

#[component]
fn Fields(
    view: NewServerView,
    first: CreateServer,
    desk: Desk,
    #[prop(optional_no_strip)] blocked: Option<String>,
) -> impl IntoView {
    let Desk { asked, site, action } = desk;
    let form = NodeRef::<html::Form>::new();
    let pause = Pause::new();
    let suggestion = StoredValue::new(view.suggestion.clone());
    let take = move || {
        let Some(form) = form.get_untracked() else { return };
        let mut new = Asked::read_form(&dom::form_pairs(&form));
        suggestion.with_value(|suggestion| new.forget_name(suggestion));
        new.again = asked.with_untracked(|asked| asked.again.clone());
        if asked.with_untracked(|old| *old != new) {
            asked.set(new);
        }
    };
    let changed = move || {
        take();
        pause.then(250, move || dom::show_address(&asked.with_untracked(Asked::address)));
    };
    // What was typed before the page was hydrated, or kept by the browser, counts too.
    Effect::new(move |_| {
        if form.get().is_some() {
            take();
        }
    });
    let takes = Signal::derive(move || asked.with(|a| site.with_value(|site| Takes::of_wish(&a.wish, site))));
    let too_small = Memo::new(move |_| {
        asked.with(|asked| {
            site.with_value(|site| {
                let image = site.images.iter().find(|image| image.id == asked.wish.image)?;
                let size = site.sizes.iter().find(|size| size.id == asked.wish.size)?;
                misfit(image, size, asked.wish.disk_gib, site)
            })
        })
    });
    let wrong_size = desk.fault_of("size");
    let wrong_size = Signal::derive(move || too_small.get().or_else(|| wrong_size.get()));
    let name_hint = Signal::derive(move || {
        Some(match asked.with(|asked| asked.wish.count) {
            0 | 1 => sentences::NAME_HINT.to_owned(),
            several => sentences::several_names(several),
        })
    });
    let CreateServer { request, name, site: at, image, size, key, .. } = first.clone();
    let reason = blocked.clone().map(|why| view! { <p class="hint why">{why}</p> });
    let usage: Vec<_> =
        view.usage.iter().chain(&site.with_value(|site| site.usage.clone())).cloned().collect();
    let sizes = site.with_value(|site| site.sizes.clone());
    view! {
        <div class="grid creating" on:input=move |_| changed() on:change=move |_| changed()>
            <div class="c8">
                <ActionForm action=action node_ref=form attr:id=FORM attr:class="stack">
                    <Card title="Name">
                        <TextInput name="wish[name]" id="name" label="Name of the server" label_unseen=true value=name
                            hint=name_hint error=desk.fault_of("name") maxlength=63 autocomplete="off"/>
                    </Card>
                    <ImageChoice site=site chosen=image error=desk.fault_of("image")/>
                    <SizeChoice sizes=sizes chosen=size error=wrong_size/>
                    <KeyChoices keys=view.keys chosen=key error=desk.fault_of("key")/>
                    <MoreOptions desk=desk first=first/>
                    <input type="hidden" name="wish[request]" value=request/>
                    <input type="hidden" name="wish[site]" value=at/>
                </ActionForm>
            </div>
            <div class="c4 beside">
                <Card title="What it takes">
                    <UsageBars usage=usage takes=takes/>
                    <div class="send">
                        <SubmitButton form=FORM look=Look::Primary pending=action.pending() disabled_because=blocked>
                            {move || match asked.with(|asked| asked.wish.count) {
                                0 | 1 => "Create server".to_owned(),
                                several => format!("Create {several} servers"),
                            }}
                        </SubmitButton>
                        {reason}
                    </div>
                </Card>
            </div>
        </div>
    }
    .into_any()
}

/// Whether anything under "More options" is not as it usually is.
pub fn is_unusual(asked: &Asked) -> bool {
    let wish = &asked.wish;
    wish.disk_gib.is_some()
        || !wish.network.is_empty()
        || wish.address != AddressPolicy::Automatic
        || !wish.user_data.is_empty()
        || wish.count > 1
        || asked.user_data_gone
}
