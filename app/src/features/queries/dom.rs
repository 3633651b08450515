//! What these pages want of the browser beyond events. On the server each of these does nothing.

#[cfg(feature = "hydrate")]
mod real {
    use crate::features::queries::caret::unit_of_byte;
    use crate::features::queries::model::QueryView;
    use leptos::prelude::on_cleanup;
    use send_wrapper::SendWrapper;
    use wasm_bindgen::{JsCast, JsValue, closure::Closure};
    use web_sys::{
        Element, EventSource, HtmlElement, HtmlFormElement, HtmlInputElement, HtmlTextAreaElement,
        MessageEvent,
    };

    fn window() -> Option<web_sys::Window> {
        web_sys::window()
    }

    /// Puts the address into the address bar, in place of the one that is there. Nothing is loaded.
    pub fn show_address(address: &str) {
        let Some(window) = window() else { return };
        let path = address.split('?').next().unwrap_or_default();
        // The page may be on its way out: the address of the next one must stay.
        if window.location().pathname().is_ok_and(|here| here != path) {
            return;
        }
        if let Ok(history) = window.history() {
            // A browser that is asked too often refuses for a while; the next change is shown again.
            let _ = history.replace_state_with_url(&JsValue::NULL, "", Some(address));
        }
    }

    /// Loads another page of this site from the server.
    pub fn load_page(address: &str) {
        if let Some(window) = window() {
            let _ = window.location().set_href(address);
        }
    }

    /// This page's scheme, host and port.
    pub fn origin() -> String {
        window().and_then(|w| w.location().origin().ok()).unwrap_or_default()
    }

    /// Sets a property of the element's style by script, which a content security policy without inline styles allows.
    pub fn set_style(element: &Element, property: &str, value: &str) {
        if let Some(element) = element.dyn_ref::<HtmlElement>() {
            let _ = element.style().set_property(property, value);
        }
    }

    /// Where on the element's own 0..1 by 0..1 square a client position lies.
    pub fn share_of(element: &Element, client_x: f64, client_y: f64) -> (f64, f64) {
        let rect = element.get_bounding_client_rect();
        ((client_x - rect.left()) / rect.width().max(1.0), (client_y - rect.top()) / rect.height().max(1.0))
    }

    /// Height of an element as drawn.
    pub fn height_of(element: &Element) -> f64 {
        element.get_bounding_client_rect().height()
    }

    /// What a form would send, as a query string.
    pub fn form_pairs(form: &HtmlFormElement) -> String {
        web_sys::FormData::new_with_form(form)
            .and_then(|data| web_sys::UrlSearchParams::new_with_str_sequence_sequence(&data))
            .map(|params| String::from(params.to_string()))
            .unwrap_or_default()
    }

    /// The numbers of the rows of a query's result that are ticked in the document.
    pub fn ticked_rows(query: &str) -> Vec<u64> {
        let ticked = format!("form:has(input[name='query'][value='{query}']) input[name='rows[]']:checked");
        let rows = window().and_then(|w| w.document()).and_then(|d| d.query_selector_all(&ticked).ok());
        let Some(rows) = rows else { return Vec::new() };
        (0..rows.length())
            .filter_map(|i| rows.item(i)?.dyn_into::<HtmlInputElement>().ok()?.value().parse().ok())
            .collect()
    }

    /// What the form with an id would send; nothing where there is none.
    pub fn pairs_of_form(id: &str) -> Option<String> {
        let form = window()?.document()?.get_element_by_id(id)?.dyn_into::<HtmlFormElement>().ok()?;
        Some(form_pairs(&form))
    }

    /// Puts a text in place of a byte range, as typing would: the browser's undo takes it back.
    pub fn type_into(area: &HtmlTextAreaElement, start: usize, end: usize, text: &str) {
        let value = area.value();
        let (start, end) = (unit_of_byte(&value, start) as u32, unit_of_byte(&value, end) as u32);
        let _ = area.focus();
        let _ = area.set_selection_range(start, end);
        let document =
            window().and_then(|w| w.document()).and_then(|d| d.dyn_into::<web_sys::HtmlDocument>().ok());
        let typed = document.is_some_and(|d| {
            d.exec_command_with_show_ui_and_value("insertText", false, text).unwrap_or(false)
        });
        if !typed {
            let _ = area.set_range_text_with_start_and_end(text, start, end);
            let _ = web_sys::Event::new("input").map(|event| area.dispatch_event(&event));
        }
    }

    /// Listens to a running query until it is over or the page is left. `lost` is told when the stream breaks off.
    pub fn watch_query(id: &str, seen: impl Fn(QueryView) + 'static, lost: impl Fn() + 'static) {
        let Ok(source) = EventSource::new(&format!("/queries/{id}/events")) else { return lost() };
        let on_state = Closure::<dyn Fn(MessageEvent)>::new({
            let source = source.clone();
            move |event: MessageEvent| {
                let query =
                    event.data().as_string().and_then(|text| serde_json::from_str::<QueryView>(&text).ok());
                if let Some(query) = query {
                    if query.state.is_over() {
                        source.close();
                    }
                    seen(query);
                }
            }
        });
        let on_error = Closure::<dyn Fn()>::new({
            let source = source.clone();
            move || {
                source.close();
                lost();
            }
        });
        let _ = source.add_event_listener_with_callback("state", on_state.as_ref().unchecked_ref());
        source.set_onerror(Some(on_error.as_ref().unchecked_ref()));
        let kept = SendWrapper::new((source, on_state, on_error));
        on_cleanup(move || {
            kept.0.close();
            kept.0.set_onerror(None);
        });
    }
}

#[cfg(feature = "hydrate")]
pub use real::*;

#[cfg(not(feature = "hydrate"))]
mod server {
    use crate::features::queries::model::QueryView;
    use leptos::web_sys::{Element, HtmlFormElement, HtmlTextAreaElement};

    /// Puts the address into the address bar.
    pub fn show_address(_address: &str) {}

    /// Loads another page of this site.
    pub fn load_page(_address: &str) {}

    /// This page's scheme, host and port; the server knows none.
    pub fn origin() -> String {
        String::new()
    }

    /// Sets a property of the element's style by script.
    pub fn set_style(_element: &Element, _property: &str, _value: &str) {}

    /// Where on the element's own square a client position lies.
    pub fn share_of(_element: &Element, _client_x: f64, _client_y: f64) -> (f64, f64) {
        (0.0, 0.0)
    }

    /// Height of an element as drawn.
    pub fn height_of(_element: &Element) -> f64 {
        0.0
    }

    /// What a form would send.
    pub fn form_pairs(_form: &HtmlFormElement) -> String {
        String::new()
    }

    /// The numbers of the rows of a query's result that are ticked in the document.
    pub fn ticked_rows(_query: &str) -> Vec<u64> {
        Vec::new()
    }

    /// What the form with an id would send.
    pub fn pairs_of_form(_id: &str) -> Option<String> {
        None
    }

    /// Puts a text in place of a byte range.
    pub fn type_into(_area: &HtmlTextAreaElement, _start: usize, _end: usize, _text: &str) {}

    /// Listens to a running query.
    pub fn watch_query(_id: &str, _seen: impl Fn(QueryView) + 'static, _lost: impl Fn() + 'static) {}
}

#[cfg(not(feature = "hydrate"))]
pub use server::*;
