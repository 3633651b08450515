//! News of servers as they happen: the server tells that something changed, and the page asks for what is so now.

use crate::features::queries::pause::Pause;
use leptos::prelude::*;
use leptos::task::spawn_local;

/// Milliseconds until a stream that broke off is opened again, the first time; every further time twice as long.
const FIRST_MS: u64 = 2000;
/// The longest of these waits.
const LONGEST_MS: u64 = 60_000;

/// Runs `changed` at every event `changed` of the stream at an address, in the browser, until the page is left. Where
/// the stream breaks off it is opened again, and `changed` runs, since something may have been missed.
pub fn watch(address: String, changed: impl Fn() + Send + Sync + 'static) {
    let stream = Stream {
        address: StoredValue::new(address),
        changed: Callback::new(move |()| changed()),
        pause: Pause::new(),
        wait_ms: StoredValue::new(FIRST_MS),
        open: StoredValue::new(None),
    };
    Effect::new(move |_| stream.open());
    on_cleanup(move || {
        let _ = stream.open.try_update_value(Option::take);
    });
}

#[derive(Clone, Copy)]
struct Stream {
    address: StoredValue<String>,
    changed: Callback<()>,
    pause: Pause,
    wait_ms: StoredValue<u64>,
    open: StoredValue<Option<source::Listening>>,
}

impl Stream {
    fn open(self) {
        let Some(address) = self.address.try_get_value() else { return };
        let told = move || {
            let _ = self.wait_ms.try_set_value(FIRST_MS);
            self.changed.run(());
        };
        let listening = source::listen(&address, told, move || self.lost());
        let _ = self.open.try_set_value(listening);
    }

    fn lost(self) {
        let Some(wait) = self.wait_ms.try_get_value() else { return };
        let _ = self.wait_ms.try_set_value((wait * 2).min(LONGEST_MS));
        self.pause.then(wait, move || {
            self.changed.run(());
            self.open();
        });
    }
}

/// Lets one question be on its way at a time; what is asked meanwhile is asked once, afterwards.
#[derive(Clone, Copy)]
pub struct OneAtATime(StoredValue<(bool, bool)>);

impl OneAtATime {
    /// Nothing is on its way.
    pub fn new() -> Self {
        Self(StoredValue::new((false, false)))
    }

    /// Asks now, or once more when the question that is on its way was answered.
    pub fn run<F>(self, ask: impl Fn() -> F + 'static)
    where
        F: Future<Output = ()> + 'static,
    {
        let first = self.0.try_update_value(|(busy, again)| {
            *again = *busy;
            !std::mem::replace(busy, true)
        });
        if first != Some(true) {
            return;
        }
        spawn_local(async move {
            loop {
                ask().await;
                let more = self.0.try_update_value(|(busy, again)| {
                    *busy = std::mem::take(again);
                    *busy
                });
                if more != Some(true) {
                    break;
                }
            }
        });
    }
}

impl Default for OneAtATime {
    fn default() -> Self {
        Self::new()
    }
}

/// Now, in UTC microseconds as this browser's clock has it; the server does not say.
pub fn now_us() -> Option<i64> {
    source::now_us()
}

#[cfg(feature = "hydrate")]
mod source {
    use send_wrapper::SendWrapper;
    use wasm_bindgen::{JsCast, closure::Closure};
    use web_sys::EventSource;

    /// An open stream; closed when dropped.
    pub(super) struct Listening(SendWrapper<(EventSource, Handler, Handler)>);

    /// What the browser calls.
    type Handler = Closure<dyn Fn()>;

    impl Drop for Listening {
        fn drop(&mut self) {
            self.0.0.set_onerror(None);
            self.0.0.close();
        }
    }

    pub(super) fn listen(
        address: &str,
        changed: impl Fn() + 'static,
        lost: impl Fn() + 'static,
    ) -> Option<Listening> {
        let source = EventSource::new(address).ok()?;
        let on_changed = Closure::<dyn Fn()>::new(changed);
        let on_error = Closure::<dyn Fn()>::new({
            let source = source.clone();
            move || {
                source.close();
                lost();
            }
        });
        // A browser that takes no listener shows the page as it came.
        let _ = source.add_event_listener_with_callback("changed", on_changed.as_ref().unchecked_ref());
        source.set_onerror(Some(on_error.as_ref().unchecked_ref()));
        Some(Listening(SendWrapper::new((source, on_changed, on_error))))
    }

    #[expect(clippy::unnecessary_wraps, reason = "the server's half has none")]
    pub(super) fn now_us() -> Option<i64> {
        Some((js_sys::Date::now() * 1000.0) as i64)
    }
}

#[cfg(not(feature = "hydrate"))]
mod source {
    /// The server listens to nothing.
    pub(super) struct Listening;

    pub(super) fn listen(
        _address: &str,
        _changed: impl Fn() + 'static,
        _lost: impl Fn() + 'static,
    ) -> Option<Listening> {
        None
    }

    pub(super) fn now_us() -> Option<i64> {
        None
    }
}
