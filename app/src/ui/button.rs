//! Buttons: they say what they do, and a disabled one says why not.

use leptos::prelude::*;

/// How a button looks.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Look {
    /// The usual one.
    #[default]
    Plain,
    /// The single most likely action of a page.
    Primary,
    /// It takes something away.
    Danger,
    /// No border until it is pointed at; for rows of many.
    Quiet,
}

impl Look {
    pub(super) fn class(self, small: bool) -> &'static str {
        match (self, small) {
            (Self::Plain, false) => "btn",
            (Self::Plain, true) => "btn small",
            (Self::Primary, false) => "btn primary",
            (Self::Primary, true) => "btn primary small",
            (Self::Danger, false) => "btn danger",
            (Self::Danger, true) => "btn danger small",
            (Self::Quiet, false) => "btn quiet",
            (Self::Quiet, true) => "btn quiet small",
        }
    }
}

/// A button that needs JavaScript: hidden until the page is hydrated. Put `on:click` on it.
#[component]
pub fn Button(
    /// How it looks.
    #[prop(optional)]
    look: Look,
    /// Whether it is a small one, for headers and rows.
    #[prop(optional)]
    small: bool,
    /// Why it cannot be pressed now; it can where there is no reason.
    #[prop(optional, into)]
    disabled_because: Signal<Option<String>>,
    /// What it does.
    children: Children,
) -> impl IntoView {
    view! {
        <button
            type="button"
            class=format!("{} js-only", look.class(small))
            disabled=move || disabled_because.with(Option::is_some)
            title=move || disabled_because.get()
        >
            {children()}
        </button>
    }
}

/// A link that looks like a button.
#[component]
pub fn ButtonLink(
    /// Where it leads, inside Skyport.
    #[prop(into)]
    href: Signal<String>,
    /// How it looks.
    #[prop(optional)]
    look: Look,
    /// Whether it is a small one.
    #[prop(optional)]
    small: bool,
    /// Whether it leads to a file, or out of the pages; the router then leaves it to the browser.
    #[prop(optional)]
    external: bool,
    /// What is there.
    children: Children,
) -> impl IntoView {
    view! {
        <a class=look.class(small) href=move || href.get() rel=external.then_some("external")>
            {children()}
        </a>
    }
}

/// The button that sends its form.
#[component]
pub fn SubmitButton(
    /// How it looks.
    #[prop(optional)]
    look: Look,
    /// Whether it is a small one.
    #[prop(optional)]
    small: bool,
    /// The field that it adds to the form, where it is one of several buttons.
    #[prop(optional, into)]
    name: Option<String>,
    /// The value of that field.
    #[prop(optional, into)]
    value: Option<String>,
    /// The id of its form, where it stands outside.
    #[prop(optional, into)]
    form: Option<String>,
    /// Where it sends the form to, if not where the form says.
    #[prop(optional, into)]
    formaction: Option<String>,
    /// Whether the form is on its way; a second press then does nothing.
    #[prop(optional, into)]
    pending: Signal<bool>,
    /// Why it cannot be pressed now.
    #[prop(optional, into)]
    disabled_because: Signal<Option<String>>,
    /// What it does.
    children: Children,
) -> impl IntoView {
    view! {
        <button
            type="submit"
            class=look.class(small)
            name=name
            value=value
            form=form
            formaction=formaction
            disabled=move || pending.get() || disabled_because.with(Option::is_some)
            aria-busy=move || pending.get().then_some("true")
            title=move || disabled_because.get()
        >
            {children()}
        </button>
    }
}
