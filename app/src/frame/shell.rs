//! The document around the page, made by the server alone.

use super::assets::Assets;
use super::lazy_page::chunk_of;
use crate::App;
use leptos::nonce::use_nonce;
use leptos::prelude::*;
use leptos_meta::MetaTags;
use std::iter;

/// Runs before the first paint: the kept theme, so that no page flashes.
const THEME: &str =
    "try{const t=localStorage.getItem('theme');if(t)document.documentElement.dataset.theme=t}catch{}";

/// The whole document. Where there is no script among the assets the pages stay as the server made them.
pub fn shell(assets: &Assets) -> impl IntoView + use<> {
    let path = use_context::<http::request::Parts>().map(|parts| parts.uri.path().to_owned());
    let script = (!assets.js.is_empty()).then(|| {
        let Assets { js, wasm, .. } = assets;
        let start = format!(
            "import('{js}').then(m=>m.default({{module_or_path:'{wasm}'}}).then(()=>m.hydrate()))\
             .catch(e=>console.error('Skyport runs without its script:',e))"
        );
        view! {
            <script nonce=use_nonce()>{early(assets, path.as_deref().unwrap_or_default())}</script>
            <script type="module" nonce=use_nonce()>{start}</script>
        }
    });
    let css = assets.css.clone();
    view! {
        <!DOCTYPE html>
        <html lang="en">
            <head>
                <meta charset="utf-8"/>
                <meta name="viewport" content="width=device-width, initial-scale=1"/>
                <meta name="color-scheme" content="light dark"/>
                <meta name="theme-color" media="(prefers-color-scheme: light)" content="#ffffff"/>
                <meta name="theme-color" media="(prefers-color-scheme: dark)" content="#0f141c"/>
                <meta name="description" content="Skyport: choose data, ask archives, and keep what you found."/>
                <link rel="icon" href="/favicon.svg" type="image/svg+xml"/>
                <script nonce=use_nonce()>{THEME}</script>
                <link rel="stylesheet" href=css/>
                {script}
                <MetaTags/>
            </head>
            <body>
                <App/>
            </body>
        </html>
    }
}

/// Asks for the script, the module and the page's own pieces while the document is still being read. A script does so,
/// since a browser follows a `<link rel="preload">` where scripts are switched off too.
fn early(assets: &Assets, path: &str) -> String {
    let pieces = chunk_of(path).and_then(|chunk| assets.pages.get(chunk.name())).into_iter().flatten();
    let modules: Vec<String> =
        iter::once(&assets.wasm).chain(pieces).map(|path| format!("'{path}'")).collect();
    format!(
        "for(const[rel,as,href]of[['modulepreload','script','{}'],...[{}].map(w=>['preload','fetch',w])])\
         document.head.append(Object.assign(document.createElement('link'),{{rel,as,href,crossOrigin:''}}))",
        assets.js,
        modules.join(",")
    )
}
