//! The browser's entry point: hydrates the page that the server rendered.

use leptos::prelude::document;
use wasm_bindgen::prelude::wasm_bindgen;

/// Called by the page once the module is loaded. Fetches the page's own piece of the module, then takes the page over;
/// without the piece the page stays as the server made it, and works so.
#[wasm_bindgen]
pub async fn hydrate() {
    let path = document().location().and_then(|location| location.pathname().ok()).unwrap_or_default();
    let Some(body) = document().body() else { return };
    if !app::fetch_page(&path).await {
        return;
    }
    leptos::mount::hydrate_from_async(body, app::App).await.forget();
    app::ui::browser::taken_over();
}
