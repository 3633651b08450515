//! What the page of keys wants of this browser: random numbers, a file's text, a download, a word before leaving. On the
//! server each of these does nothing.

#[cfg(feature = "hydrate")]
mod real {
    use leptos::leptos_dom::helpers::{set_timeout, window_event_listener_untyped};
    use leptos::prelude::{GetUntracked, Signal, on_cleanup};
    use send_wrapper::SendWrapper;
    use std::time::Duration;
    use wasm_bindgen::closure::Closure;
    use wasm_bindgen::{JsCast, JsValue};
    use web_sys::{Blob, BlobPropertyBag, Element, Event, HtmlAnchorElement, HtmlInputElement, Url};

    /// 32 bytes from the browser's generator for keys.
    pub fn random() -> Option<[u8; 32]> {
        let mut bytes = [0; 32];
        web_sys::window()?.crypto().ok()?.get_random_values_with_u8_array(&mut bytes).ok()?;
        Some(bytes)
    }

    /// The text of the chosen file, which is then no longer chosen; none where there is none, it is larger than `most`
    /// bytes (the size is then given), or it cannot be read.
    pub async fn chosen_text(input: &HtmlInputElement, most: usize) -> Result<String, Option<usize>> {
        let file = input.files().and_then(|files| files.get(0)).ok_or(None)?;
        let size = file.size() as usize;
        let text =
            if size > most { None } else { wasm_bindgen_futures::JsFuture::from(file.text()).await.ok() };
        // Choosing the same file again is a change too.
        input.set_value("");
        match text.and_then(|text| text.as_string()) {
            Some(text) => Ok(text),
            None => Err((size > most).then_some(size)),
        }
    }

    /// Saves a text as a file; false where the browser does not let us.
    pub fn save(name: &str, text: &str) -> bool {
        try_save(name, text).is_some()
    }

    fn try_save(name: &str, text: &str) -> Option<()> {
        let options = BlobPropertyBag::new();
        options.set_type("application/octet-stream");
        let parts = js_sys::Array::of1(&JsValue::from_str(text));
        let blob = Blob::new_with_str_sequence_and_options(&parts, &options).ok()?;
        let address = Url::create_object_url_with_blob(&blob).ok()?;
        let document = web_sys::window()?.document()?;
        let link: HtmlAnchorElement = document.create_element("a").ok()?.dyn_into().ok()?;
        link.set_href(&address);
        link.set_download(name);
        link.click();
        // Not at once: some browsers begin to read only after the click is over.
        let forget = move || drop(Url::revoke_object_url(&address));
        set_timeout(forget, Duration::from_secs(20));
        Some(())
    }

    /// While `pending`, asks before the page is left: by closing or loading, and by a link inside the site.
    pub fn ask_before_leaving(pending: Signal<bool>, question: &'static str) {
        let unload = window_event_listener_untyped("beforeunload", move |event: Event| {
            if pending.get_untracked() {
                event.prevent_default();
            }
        });
        on_cleanup(move || unload.remove());
        let Some(document) = web_sys::window().and_then(|w| w.document()) else { return };
        let ask = Closure::<dyn Fn(Event)>::new(move |event: Event| {
            let target = event.target().and_then(|t| t.dyn_into::<Element>().ok());
            let link = target.and_then(|t| t.closest("a[href]").ok().flatten());
            let leaves =
                link.is_some_and(|link| !link.get_attribute("href").is_some_and(|to| to.starts_with('#')));
            if !leaves || !pending.get_untracked() {
                return;
            }
            let stays = web_sys::window().is_some_and(|w| w.confirm_with_message(question) == Ok(false));
            if stays {
                event.prevent_default();
            }
        });
        // Before the router hears of the click: it leaves alone what was prevented.
        let _ =
            document.add_event_listener_with_callback_and_bool("click", ask.as_ref().unchecked_ref(), true);
        let listening = SendWrapper::new((document, ask));
        on_cleanup(move || {
            let (document, ask) = &*listening;
            let _ = document.remove_event_listener_with_callback_and_bool(
                "click",
                ask.as_ref().unchecked_ref(),
                true,
            );
        });
    }
}

#[cfg(feature = "hydrate")]
pub use real::*;

#[cfg(not(feature = "hydrate"))]
mod server {
    use leptos::prelude::Signal;
    use leptos::web_sys::HtmlInputElement;

    /// 32 bytes from the browser's generator for keys.
    pub fn random() -> Option<[u8; 32]> {
        None
    }

    /// The text of the chosen file.
    pub async fn chosen_text(_input: &HtmlInputElement, _most: usize) -> Result<String, Option<usize>> {
        std::future::ready(Err(None)).await
    }

    /// Saves a text as a file.
    pub fn save(_name: &str, _text: &str) -> bool {
        false
    }

    /// Asks before the page is left.
    pub fn ask_before_leaving(_pending: Signal<bool>, _question: &'static str) {}
}

#[cfg(not(feature = "hydrate"))]
pub use server::*;
