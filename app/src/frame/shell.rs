//! The document around the page, made by the server alone.

use super::assets::Assets;
use crate::App;
use leptos::nonce::use_nonce;
use leptos::prelude::*;
use leptos_meta::MetaTags;

/// Runs before the first paint: nothing but the kept theme, so that no page flashes.
const THEME: &str =
    "try{const t=localStorage.getItem('theme');if(t)document.documentElement.dataset.theme=t}catch{}";

/// The whole document. Where there is no script among the assets the pages stay as the server made them.
pub fn shell(assets: &Assets) -> impl IntoView + use<> {
    let Assets { js, wasm, css } = assets.clone();
    let script = (!js.is_empty()).then(|| {
        let start = format!(
            "import('{js}').then(m=>m.default({{module_or_path:'{wasm}'}}).then(()=>m.hydrate()))\
             .catch(e=>console.error('Skyport runs without its script:',e))"
        );
        view! {
            <link rel="modulepreload" href=js crossorigin="" nonce=use_nonce()/>
            <link rel="preload" href=wasm r#as="fetch" r#type="application/wasm" crossorigin=""/>
            <script type="module" nonce=use_nonce()>{start}</script>
        }
    });
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
