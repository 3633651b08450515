//! Who is signed in, and what they may do about it.

use super::address;
use super::theme::ThemeSwitch;
use crate::ui::{ButtonLink, Icon, Menu, Shape, Trouble};
use leptos::prelude::*;
use leptos_router::hooks::use_location;

/// The menu of a signed-in user.
#[component]
pub fn UserMenu(
    /// Name for people.
    #[prop(into)]
    name: String,
) -> impl IntoView {
    view! {
        <Menu label=name.clone() shape=Shape::User right=true>
            <li class="note">"Signed in as "<bdi>{name}</bdi></li>
            <li><a href="/account"><Icon shape=Shape::User/>"Account and sign-ins"</a></li>
            <li><a href="/keys"><Icon shape=Shape::Key/>"Access keys"</a></li>
            <li class="line js-only"></li>
            <li><ThemeSwitch/></li>
            <li class="line"></li>
            <li>
                <form method="post" action="/auth/sign-out">
                    <button type="submit"><Icon shape=Shape::SignOut/>"Sign out"</button>
                </form>
            </li>
        </Menu>
    }
    .into_any()
}

/// What a visitor sees in its place: the theme, and the way to sign in that leads back here.
#[component]
pub fn VisitorMenu() -> impl IntoView {
    let location = use_location();
    let trouble = use_context::<Trouble>();
    let href = Memo::new(move |_| {
        if let Some(trouble) = &trouble {
            return address::sign_in(&trouble.here);
        }
        let path = location.pathname.get();
        if path == "/sign-in" {
            return address::sign_in(&location.search.with(|search| address::next_of(search)));
        }
        let search = location.search.get();
        let search = search.strip_prefix('?').unwrap_or(&search);
        address::sign_in(&if search.is_empty() { path } else { format!("{path}?{search}") })
    });
    view! {
        <div class="js-only">
            <Menu label="Theme" shape=Shape::Sun right=true>
                <li><ThemeSwitch/></li>
            </Menu>
        </div>
        <ButtonLink href=href><Icon shape=Shape::SignIn/>"Sign in"</ButtonLink>
    }
    .into_any()
}
