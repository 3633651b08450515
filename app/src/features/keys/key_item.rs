//! One key of the list: what it is, where it is, and deleting it.

use super::api::RemoveKey;
use super::model::KeyView;
use super::sentences;
use crate::frame::address::escape;
use crate::ui::{Confirm, Copy, Icon, Look, Shape, SubmitButton, Time};
use leptos::prelude::*;

/// An `<li>` of the list.
#[component]
pub fn Item(
    /// The key.
    key: KeyView,
    /// Deletes it.
    remove: ServerAction<RemoveKey>,
) -> impl IntoView {
    let question = sentences::delete_question(&key);
    let KeyView {
        id,
        name,
        kind,
        bits,
        sha256,
        md5,
        public_key,
        added_us,
        last_used_us,
        servers,
        server_count,
    } = key;
    let more = server_count.saturating_sub(servers.len() as u64);
    let carried = servers
        .into_iter()
        .enumerate()
        .map(|(i, server)| {
            view! {
                {(i > 0).then_some(", ")}
                <a href=format!("/servers/{}", escape(&server.server))><bdi>{server.name}</bdi></a>
            }
        })
        .collect_view();
    let place = if server_count == 0 {
        view! { "in no server now" }.into_any()
    } else {
        let rest = (more > 0).then(|| format!(" and {more} more"));
        view! { "in "{carried}{rest} }.into_any()
    };
    let used = last_used_us.map(|us| view! { " · last used "<Time us=us/> });
    view! {
        <li>
            <div class="what">
                <h3><Icon shape=Shape::Key/><bdi>{name.clone()}</bdi><span class="kind">{format!("{kind}, {bits} bits")}</span></h3>
                <dl class="kv prints">
                    <dt>"SHA256"</dt>
                    <dd class="copyable"><code>{sha256.clone()}</code><Copy text=sha256 what=format!("the SHA256 fingerprint of {name}")/></dd>
                    <dt>"MD5"</dt>
                    <dd class="copyable"><code>{md5.clone()}</code><Copy text=md5 what=format!("the MD5 fingerprint of {name}")/></dd>
                </dl>
                <div class="sub">"added "<Time us=added_us/>" · "{place}{used}</div>
                <details class="more-of">
                    <summary>"Public key"<Icon shape=Shape::Down/></summary>
                    <p class="line"><code>{public_key.clone()}</code></p>
                </details>
            </div>
            <div class="act">
                <Copy text=public_key what=format!("the public key {name}") label="Copy public key"/>
                <Confirm label="Delete" question=question small=true>
                    <ActionForm action=remove>
                        <input type="hidden" name="id" value=id/>
                        <SubmitButton look=Look::Danger pending=remove.pending()><span>"Delete "<bdi>{name}</bdi></span></SubmitButton>
                    </ActionForm>
                </Confirm>
            </div>
        </li>
    }
    .into_any()
}
