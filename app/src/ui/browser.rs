//! Everything that pages want of the browser itself, in one place. On the server each of these does nothing.

#[cfg(feature = "hydrate")]
mod real {
    use wasm_bindgen::{JsCast, JsValue};

    fn root() -> Option<web_sys::Element> {
        web_sys::window()?.document()?.document_element()
    }

    /// Called once the page answers to this browser.
    pub fn taken_over() {
        mark_hydrated();
        watch_menus();
    }

    /// Marks the document as hydrated, which shows everything of the class `js-only`.
    fn mark_hydrated() {
        if let Some(root) = root() {
            // Only a document that is being torn down refuses.
            let _ = root.set_attribute("data-js", "");
        }
    }

    /// The kept theme: `light`, `dark`, or nothing for the system's.
    pub fn kept_theme() -> Option<String> {
        root()?.get_attribute("data-theme")
    }

    /// Applies a theme and keeps it, as far as the browser lets a site keep anything.
    pub fn keep_theme(theme: Option<&str>) {
        let Some(root) = root() else { return };
        let storage = web_sys::window().and_then(|w| w.local_storage().ok().flatten());
        // A browser that keeps nothing still shows the theme until the page is left.
        let _ = if let Some(theme) = theme {
            let _ = storage.map(|s| s.set_item("theme", theme));
            root.set_attribute("data-theme", theme)
        } else {
            let _ = storage.map(|s| s.remove_item("theme"));
            root.remove_attribute("data-theme")
        };
    }

    /// Puts a text on the clipboard. False where the browser refuses, as it does on plain HTTP.
    pub async fn copy(text: &str) -> bool {
        let Some(window) = web_sys::window() else { return false };
        let clipboard = js_sys::Reflect::get(&window.navigator(), &JsValue::from_str("clipboard"))
            .ok()
            .and_then(|c| c.dyn_into::<web_sys::Clipboard>().ok());
        match clipboard {
            Some(clipboard) => wasm_bindgen_futures::JsFuture::from(clipboard.write_text(text)).await.is_ok(),
            None => false,
        }
    }

    /// An instant in the zone of this browser, the zone named: `22 Nov 2026, 17:09 CET`.
    pub fn local_time(micros: i64) -> Option<String> {
        let options = js_sys::Object::new();
        for (key, value) in [
            ("year", "numeric"),
            ("month", "short"),
            ("day", "numeric"),
            ("hour", "2-digit"),
            ("minute", "2-digit"),
            ("timeZoneName", "short"),
        ] {
            js_sys::Reflect::set(&options, &JsValue::from_str(key), &JsValue::from_str(value)).ok()?;
        }
        let date = js_sys::Date::new(&JsValue::from_f64(micros as f64 / 1000.0));
        if date.get_time().is_nan() {
            return None;
        }
        Some(String::from(date.to_locale_string("en-GB", &options)))
    }

    /// An instant as a `datetime-local` field shows it in the zone of this browser: `2026-11-22T17:09`.
    pub fn local_field(micros: i64) -> Option<String> {
        let shifted = micros + zone_us(micros)?;
        Some(crate::text::field(shifted))
    }

    /// What [`local_field`] writes, read again.
    pub fn of_local_field(text: &str) -> Option<i64> {
        crate::text::of_field(text)?;
        let date = js_sys::Date::new(&JsValue::from_str(text));
        (!date.get_time().is_nan()).then(|| (date.get_time() * 1000.0) as i64)
    }

    /// How far the zone of this browser is ahead of UTC at an instant, in microseconds.
    pub fn zone_us(micros: i64) -> Option<i64> {
        let date = js_sys::Date::new(&JsValue::from_f64(micros as f64 / 1000.0));
        (!date.get_time().is_nan()).then(|| -(date.get_timezone_offset() as i64) * 60_000_000)
    }

    /// Now, as this browser's clock has it.
    pub fn now_us() -> Option<i64> {
        Some((js_sys::Date::now() * 1000.0) as i64)
    }

    /// The browser's `Notification`, where it has one for this page.
    fn notification() -> Option<js_sys::Function> {
        let window = web_sys::window()?;
        let found = js_sys::Reflect::get(&window, &JsValue::from_str("Notification")).ok()?;
        found.dyn_into().ok()
    }

    /// Whether this page may show notifications: none where nobody was asked yet, or where there are no notifications.
    pub fn may_notify() -> Option<bool> {
        let class = notification()?;
        let permission = js_sys::Reflect::get(&class, &JsValue::from_str("permission")).ok()?;
        match permission.as_string()?.as_str() {
            "granted" => Some(true),
            "denied" => Some(false),
            _ => None,
        }
    }

    /// Whether there are notifications, so that one can be asked for them.
    pub fn can_notify() -> bool {
        notification().is_some()
    }

    /// Asks whether notifications are wanted; only ever on a press. True where they are.
    pub async fn ask_to_notify() -> bool {
        let asked = notification().and_then(|class| {
            let ask = js_sys::Reflect::get(&class, &JsValue::from_str("requestPermission")).ok()?;
            let promise = ask.dyn_into::<js_sys::Function>().ok()?.call0(&class).ok()?;
            promise.dyn_into::<js_sys::Promise>().ok()
        });
        if let Some(promise) = asked {
            // What was answered is read below.
            let _ = wasm_bindgen_futures::JsFuture::from(promise).await;
        }
        may_notify() == Some(true)
    }

    /// Shows a notification, where that is allowed. The same `tag` again takes the place of the one before.
    pub fn notify(title: &str, text: &str, tag: &str) {
        let Some(class) = notification().filter(|_| may_notify() == Some(true)) else { return };
        let options = js_sys::Object::new();
        for (key, value) in [("body", text), ("tag", tag)] {
            let _ = js_sys::Reflect::set(&options, &JsValue::from_str(key), &JsValue::from_str(value));
        }
        // Some browsers show them from a service worker alone; the page says the same.
        let _ = js_sys::Reflect::construct(&class, &js_sys::Array::of2(&JsValue::from_str(title), &options));
    }

    /// Opens an address as a new document, also where the browser shows that address already.
    pub fn open(address: &str) {
        let Some(location) = web_sys::window().map(|w| w.location()) else { return };
        let here = location.pathname().and_then(|path| Ok(path + &location.search()?));
        // Refused only while the document is being left anyway.
        let _ =
            if here.is_ok_and(|here| here == address) { location.reload() } else { location.assign(address) };
    }

    /// Moves the focus to an element as soon as it is in the document: what comes out of a `<Suspense>` is made before
    /// it is put there, and until then takes no focus. Gives up after so many frames.
    pub fn focus_when_there(element: web_sys::HtmlElement, frames: u32) {
        leptos::prelude::request_animation_frame(move || {
            if element.is_connected() {
                // An element that cannot take the focus leaves it where it is.
                let _ = element.focus();
            } else if frames > 0 {
                focus_when_there(element, frames - 1);
            }
        });
    }

    /// Ticks every box that a selector finds; unticks them where all are ticked already.
    pub fn tick_all(selector: &str) {
        let Some(found) =
            web_sys::window().and_then(|w| w.document()).and_then(|d| d.query_selector_all(selector).ok())
        else {
            return;
        };
        let boxes: Vec<web_sys::HtmlInputElement> =
            (0..found.length()).filter_map(|i| found.get(i)?.dyn_into().ok()).collect();
        let all = boxes.iter().all(web_sys::HtmlInputElement::checked);
        for tick in boxes {
            tick.set_checked(!all);
        }
    }

    /// Closes every open menu that the event did not happen in; on Escape all of them, the focus going back to the
    /// menu's own button.
    pub fn close_menus(event: &web_sys::Event) {
        let key = event.dyn_ref::<web_sys::KeyboardEvent>().map(web_sys::KeyboardEvent::key);
        if key.as_deref().is_some_and(|key| key != "Escape") {
            return;
        }
        let target = event.target().and_then(|t| t.dyn_into::<web_sys::Element>().ok());
        let Some(open) = web_sys::window()
            .and_then(|w| w.document())
            .and_then(|d| d.query_selector_all("details.menu[open]").ok())
        else {
            return;
        };
        for menu in (0..open.length()).filter_map(|i| open.get(i)) {
            let Ok(menu) = menu.dyn_into::<web_sys::Element>() else { continue };
            let within = target.as_ref().is_some_and(|t| menu.contains(Some(t)));
            let in_link = target.as_ref().is_some_and(|t| t.closest("a[href]").ok().flatten().is_some());
            if within && key.is_none() && !in_link {
                continue;
            }
            let _ = menu.remove_attribute("open");
            if within
                && key.is_some()
                && let Ok(Some(button)) = menu.query_selector("summary")
                && let Ok(button) = button.dyn_into::<web_sys::HtmlElement>()
            {
                let _ = button.focus();
            }
        }
    }

    /// Listens for clicks and keys anywhere, for the life of the page, to close menus.
    fn watch_menus() {
        let Some(document) = web_sys::window().and_then(|w| w.document()) else { return };
        let listener =
            wasm_bindgen::closure::Closure::<dyn Fn(web_sys::Event)>::new(|event: web_sys::Event| {
                close_menus(&event);
            });
        for kind in ["click", "keydown"] {
            let _ = document.add_event_listener_with_callback(kind, listener.as_ref().unchecked_ref());
        }
        listener.forget();
    }
}

#[cfg(feature = "hydrate")]
pub use real::*;

#[cfg(not(feature = "hydrate"))]
mod server {
    /// The kept theme: `light`, `dark`, or nothing for the system's.
    pub fn kept_theme() -> Option<String> {
        None
    }

    /// Applies a theme and keeps it.
    pub fn keep_theme(_theme: Option<&str>) {}

    /// Puts a text on the clipboard; false where that cannot be.
    pub async fn copy(_text: &str) -> bool {
        std::future::ready(false).await
    }

    /// An instant in the zone of the browser; the server knows none.
    pub fn local_time(_micros: i64) -> Option<String> {
        None
    }

    /// An instant as a field shows it in the zone of the browser.
    pub fn local_field(_micros: i64) -> Option<String> {
        None
    }

    /// What [`local_field`] writes, read again.
    pub fn of_local_field(_text: &str) -> Option<i64> {
        None
    }

    /// How far the zone of the browser is ahead of UTC.
    pub fn zone_us(_micros: i64) -> Option<i64> {
        None
    }

    /// Now, as the browser's clock has it; the server passes its own.
    pub fn now_us() -> Option<i64> {
        None
    }

    /// Whether this page may show notifications.
    pub fn may_notify() -> Option<bool> {
        None
    }

    /// Whether there are notifications.
    pub fn can_notify() -> bool {
        false
    }

    /// Asks whether notifications are wanted.
    pub async fn ask_to_notify() -> bool {
        std::future::ready(false).await
    }

    /// Shows a notification.
    pub fn notify(_title: &str, _text: &str, _tag: &str) {}

    /// Opens an address as a new document.
    pub fn open(_address: &str) {}

    /// Moves the focus to an element as soon as it is in the document.
    pub fn focus_when_there(_element: leptos::web_sys::HtmlElement, _frames: u32) {}

    /// Ticks every box that a selector finds; unticks them where all are ticked already.
    pub fn tick_all(_selector: &str) {}
}

#[cfg(not(feature = "hydrate"))]
pub use server::*;
