//! The document around the page, made by the server alone.

use super::assets::Assets;
use crate::App;
use leptos::nonce::use_nonce;
use leptos::prelude::*;
use leptos_meta::MetaTags;

/// The whole document. Runs before the first paint: nothing but the kept theme, so that no page flashes.
pub fn shell(assets: &Assets) -> impl IntoView + use<> {
    let Assets { js, wasm, css } = assets.clone();
    let theme =
        "try{const t=localStorage.getItem('theme');if(t)document.documentElement.dataset.theme=t}catch{}";
    let start = format!(
        "import('{js}').then(m=>m.default({{module_or_path:'{wasm}'}}).then(()=>m.hydrate()))\
         .catch(e=>console.error('Skyport runs without its script:',e))"
    );
    view! {
        <!DOCTYPE html>
        <html lang="en">
            <head>
                <meta charset="utf-8"/>
                <meta name="viewport" content="width=device-width, initial-scale=1"/>
                <meta name="color-scheme" content="light dark"/>
                <link rel="icon" href="/favicon.svg" type="image/svg+xml"/>
                <script nonce=use_nonce()>{theme}</script>
                <link rel="stylesheet" href=css/>
                <link rel="modulepreload" href=js crossorigin="" nonce=use_nonce()/>
                <link rel="preload" href=wasm r#as="fetch" r#type="application/wasm" crossorigin=""/>
                <script type="module" nonce=use_nonce()>{start}</script>
                <MetaTags/>
            </head>
            <body>
                <App/>
            </body>
        </html>
    }
}
