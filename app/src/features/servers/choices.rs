//! What is chosen for a new server, as rows with what matters for the choice. Every row is a radio button, or a link
//! where another choice brings another form.

use super::model::{KeyChoice, SiteView, SizeView};
use super::sentences;
use super::wish::lives_in_memory;
use super::wish_form::Desk;
use crate::text::counted;
use crate::ui::{ButtonLink, Card, FieldError, Icon, Notice, Shape, Tone};
use leptos::prelude::*;

/// The sites. Each is a link to this form with its own images and sizes.
#[component]
pub fn SiteChoice(
    /// All of them, in any order.
    mut sites: Vec<SiteView>,
    /// The form.
    desk: Desk,
) -> impl IntoView {
    let chosen = desk.site.with_value(|site| site.key.clone());
    // Each where it was, whichever is chosen.
    sites.sort_by(|a, b| a.title.cmp(&b.title));
    let rows = sites
        .into_iter()
        .map(|site| {
            let here = site.key == chosen;
            let key = site.key.clone();
            let href = move || desk.asked.with(|asked| asked.at_site(&key).address());
            let state = match (&site.trouble, site.wants_token) {
                (Some(_), _) => Some((Shape::Attention, "not usable now")),
                (None, true) => Some((Shape::SignIn, "wants an access token")),
                (None, false) => None,
            };
            let state = state.map(|(shape, words)| view! { <span class="warn"><Icon shape=shape/>{words}</span> });
            view! {
                <li>
                    <a class="choice" href=href aria-current=here.then_some("true") data-noscroll="">
                        <span class="dot"></span>
                        <span class="words"><b dir="auto">{site.title}</b>{site.note.map(|note| view! { <span class="sub" dir="auto">{note}</span> })}</span>
                        <span class="facts">{state}</span>
                    </a>
                </li>
            }
        })
        .collect_view();
    view! {
        <Card title="Site" flush=true>
            <ul class="choices" id="site">{rows}</ul>
            <div class="choices-error"><FieldError id="site" error=desk.fault_of("site")/></div>
        </Card>
    }
    .into_any()
}

/// A titled list of radio buttons with the fault under it.
#[component]
fn Radios(
    id: &'static str,
    title: &'static str,
    error: Signal<Option<String>>,
    children: Children,
) -> impl IntoView {
    view! {
        <Card title=title flush=true>
            <fieldset id=id aria-describedby=move || error.with(Option::is_some).then(|| format!("{id}-error"))>
                <legend class="unseen">{title}</legend>
                <ul class="choices">{children()}</ul>
            </fieldset>
            <div class="choices-error"><FieldError id=id error=error/></div>
        </Card>
    }
}

/// The images: system, version, whom one signs in as, what it needs.
#[component]
pub fn ImageChoice(
    /// The site that has them.
    site: StoredValue<SiteView>,
    /// The id of the one that is chosen at first.
    chosen: String,
    /// What is wrong with the choice.
    error: Signal<Option<String>>,
) -> impl IntoView {
    let images = site.with_value(|site| {
        site.images.iter().map(|image| (image.clone(), lives_in_memory(image, site))).collect::<Vec<_>>()
    });
    let rows = images
        .into_iter()
        .map(|(image, in_memory)| {
            let system = format!("{} {}", image.system, image.version);
            let system = (system.trim() != image.title).then_some(system);
            let needs = match (image.min_memory_mib, image.min_disk_gib) {
                (0, 0) => None,
                (mib, 0) => Some(format!("needs {} memory", sentences::memory(mib))),
                (0, gib) => Some(format!("needs {gib} GiB disk")),
                (mib, gib) => Some(format!("needs {} memory, {gib} GiB disk", sentences::memory(mib))),
            };
            view! {
                <li>
                    <label class="choice">
                        <input type="radio" name="wish[image]" checked=image.id == chosen value=image.id required=true/>
                        <span class="words">
                            <b dir="auto">{image.title}</b>
                            {system.map(|system| view! { <span class="sub" dir="auto">{system}</span> })}
                            {(!image.takes_user_data).then(|| view! { <span class="sub">{sentences::NO_USER_DATA}</span> })}
                            {in_memory.then(|| view! { <span class="sub">{sentences::LIVES_IN_MEMORY}</span> })}
                        </span>
                        <span class="facts">
                            <span>"user "<code>{image.access_user}</code></span>
                            {needs.map(|needs| view! { <span>{needs}</span> })}
                        </span>
                    </label>
                </li>
            }
        })
        .collect_view();
    view! { <Radios id="image" title="Image" error=error>{rows}</Radios> }
}

/// The sizes; what does not fit into what is left cannot be chosen, and says by how much.
#[component]
pub fn SizeChoice(
    /// What the site has, smallest first.
    sizes: Vec<SizeView>,
    /// The id of the one that is chosen at first.
    chosen: String,
    /// What is wrong with the choice.
    error: Signal<Option<String>>,
) -> impl IntoView {
    let rows = sizes
        .into_iter()
        .map(|size| {
            let SizeView { id, title, size, disk_as_image, short } = size;
            let disabled = short.is_some();
            let short = short.map(|short| {
                view! { <span class="sub warn"><Icon shape=Shape::Attention/><span>{short}</span></span> }
            });
            view! {
                <li>
                    <label class="choice size" class:off=disabled>
                        <input type="radio" name="wish[size]" checked=id == chosen value=id disabled=disabled required=true/>
                        <span class="words"><b dir="auto">{title}</b>{short}</span>
                        <span class="facts">
                            <span>{counted(size.cores, "core")}</span>
                            <span>{sentences::memory(size.memory_mib)}<span class="unseen">" memory"</span></span>
                            <span>{sentences::disk(size.disk_gib, disk_as_image)}</span>
                        </span>
                    </label>
                </li>
            }
        })
        .collect_view();
    view! { <Radios id="size" title="Size" error=error>{rows}</Radios> }
}

/// The access keys, or the way to the first one.
#[component]
pub fn KeyChoices(
    /// The user's keys.
    keys: Vec<KeyChoice>,
    /// The id of the one that is chosen at first.
    chosen: String,
    /// What is wrong with the choice.
    error: Signal<Option<String>>,
) -> impl IntoView {
    if keys.is_empty() {
        return view! {
            <Card title="Access key">
                <div id="key">
                    <Notice tone=Tone::Attention>
                        <p>{sentences::NO_KEY}</p>
                        <ButtonLink href="/keys" small=true>"Add a key"</ButtonLink>
                    </Notice>
                </div>
                <FieldError id="key" error=error/>
            </Card>
        }
        .into_any();
    }
    let rows = keys
        .into_iter()
        .map(|key| {
            view! {
                <li>
                    <label class="choice">
                        <input type="radio" name="wish[key]" checked=key.id == chosen value=key.id required=true/>
                        <span class="words"><b dir="auto">{key.name}</b><code class="sub">{key.sha256}</code></span>
                        <span class="facts"></span>
                    </label>
                </li>
            }
        })
        .collect_view();
    view! {
        <Radios id="key" title="Access key" error=error>
            {rows}
            <li class="other"><a href="/keys">"Add another key"</a></li>
        </Radios>
    }
    .into_any()
}
