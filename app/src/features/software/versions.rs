//! The versions of an entry, newest first, each with what exactly it is.

use super::model::Version;
use super::sentences;
use crate::text::bytes;
use crate::ui::{Card, Copy};
use leptos::prelude::*;

/// The list.
#[component]
pub fn Versions(
    /// The image without a tag.
    image: String,
    /// Its versions, newest first.
    versions: Vec<Version>,
) -> impl IntoView {
    let dated = versions.iter().any(|version| !version.date.is_empty());
    let sized = versions.iter().any(|version| version.size_bytes > 0);
    let rows = versions
        .into_iter()
        .map(|version| {
            let reference = version.reference(&image);
            let digest = match sentences::short_digest(&version) {
                Some(short) => view! { <code title=version.digest.clone()>{short}</code> }.into_any(),
                None => view! { <span class="quiet-text">{sentences::NOT_PINNED}</span> }.into_any(),
            };
            let size = if version.size_bytes > 0 { bytes(version.size_bytes) } else { "–".to_owned() };
            let date = if version.date.is_empty() { "–".to_owned() } else { version.date.clone() };
            view! {
                <tr>
                    <th scope="row" dir="auto">{version.version.clone()}</th>
                    {dated.then(|| view! { <td>{date}</td> })}
                    {sized.then(|| view! { <td class="n">{size}</td> })}
                    <td>{digest}</td>
                    <td>
                        <span class="copyable">
                            <code>{reference.clone()}</code>
                            <Copy text=reference what=format!("the reference of version {}", version.version)/>
                        </span>
                    </td>
                </tr>
            }
        })
        .collect_view();
    view! {
        <Card title="Versions" flush=true>
            <div class="table-wrap" tabindex="0" role="region" aria-label="Versions">
                <table class="versions">
                    <thead>
                        <tr>
                            <th scope="col">"Version"</th>
                            {dated.then(|| view! { <th scope="col">"Published"</th> })}
                            {sized.then(|| view! { <th scope="col" class="n">"To fetch"</th> })}
                            <th scope="col">"Digest"</th>
                            <th scope="col">"Image"</th>
                        </tr>
                    </thead>
                    <tbody>{rows}</tbody>
                </table>
            </div>
        </Card>
    }
    .into_any()
}
