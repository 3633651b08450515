//! The form of a new server: simple first, everything it would take shown before anything is made. What is chosen is
//! the page's address, so that a site is changed, and a failed server tried again, by a link.

use super::api::{GiveToken, show_choices, show_server};
use super::model::NewServerView;
use super::wish::{Asked, NEW_SERVER};
use super::wish_form::WishForm;
use crate::error::{Error, Result};
use crate::frame::address::sign_in;
use crate::ui::{ButtonLink, Card, DataError, Empty, Loading, Look, PageHead, Shape};
use leptos::prelude::*;
use leptos_router::hooks::{use_location, use_url};
use serde::{Deserialize, Serialize};

/// What the page needs at first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct FirstLook {
    view: NewServerView,
    /// Of the server that is tried again.
    user_data: String,
}

async fn look(site: String, again: String) -> Result<FirstLook> {
    let user_data = async {
        if again.is_empty() {
            return String::new();
        }
        // A server that is not there any more has nothing to be tried again with.
        show_server(again).await.map(|server| server.choices.user_data).unwrap_or_default()
    };
    let (view, user_data) = futures::join!(show_choices(site), user_data);
    Ok(FirstLook { view: view?, user_data })
}

/// The page.
#[component]
pub fn NewServerPage() -> impl IntoView {
    let search = use_location().search;
    // What the address says, and then what is in the form: kept here, since another site brings another form.
    let asked = RwSignal::new(Asked::read(&search.get_untracked()));
    follow_links(asked);
    let source = Memo::new(move |_| {
        search.with(|search| {
            let asked = Asked::read(search);
            (asked.wish.site, asked.again)
        })
    });
    let token = ServerAction::<GiveToken>::new();
    let first = Resource::new_blocking(
        move || (source.get(), token.version().get()),
        |((site, again), _)| look(site, again),
    );
    view! {
        <PageHead title="Create a server" lead=|| "It is ready when ssh answers; the next page shows each step as it happens."/>
        <Transition fallback=Loading>
            {move || Suspend::new(async move {
                match first.await {
                    Ok(FirstLook { view, user_data }) => {
                        asked.update_untracked(|asked| {
                            if asked.wish.user_data.is_empty() {
                                asked.wish.user_data = user_data;
                            }
                        });
                        view! { <WishForm view=view asked=asked token=token/> }.into_any()
                    }
                    Err(Error::SignInNeeded) => view! { <Visitor asked=asked.get_untracked()/> }.into_any(),
                    Err(error) => view! { <DataError error=error/> }.into_any(),
                }
            })}
        </Transition>
    }
}

/// Links that lead to the page itself, and the browser's Back, come as a new query string; user data is in none of them.
fn follow_links(asked: RwSignal<Asked>) {
    let url = use_url();
    Effect::watch(
        move || url.get(),
        move |url, _, _| {
            if url.path() == NEW_SERVER {
                let mut new = Asked::read(url.search());
                new.wish.user_data = asked.with_untracked(|asked| asked.wish.user_data.clone());
                asked.set(new);
            }
        },
        false,
    );
}

#[component]
fn Visitor(asked: Asked) -> impl IntoView {
    view! {
        <Card flush=true>
            <Empty
                title="Sign in to create a server"
                text="A server belongs to an account, and so do the limits it counts against. You come back to this form with what you chose."
                shape=Shape::Server
            >
                <ButtonLink href=sign_in(&asked.address()) look=Look::Primary>"Sign in"</ButtonLink>
            </Empty>
        </Card>
    }
}
