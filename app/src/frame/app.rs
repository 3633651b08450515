//! Routes and what surrounds them.

use super::{
    demo_banner::DemoBanner, focus::Arrival, not_found_page::NotFoundPage, rail::Rail, top_bar::TopBar,
};
use crate::features::{
    account::{api::show_frame, sign_in_page::SignInPage, sign_ins_page::SignInsPage},
    archives::{archive_page::ArchivePage, datasets_page::DatasetsPage},
    basket::basket_page::BasketPage,
    home::home_page::HomePage,
    queries::{queries_page::QueriesPage, query_page::QueryPage, result_page::ResultPage},
};
use crate::ui::{Announcer, LiveRegion, browser};
use crate::{error::Result, features::account::model::FrameView};
use leptos::prelude::*;
use leptos_meta::{Title, provide_meta_context};
use leptos_router::components::{Route, Router, Routes};
use leptos_router::{SsrMode, path};

/// What the frame knows; anything that changes the basket or the queries calls [`FrameState::refresh`].
#[derive(Clone, Copy)]
pub struct FrameState(pub Resource<Result<FrameView>>);

impl FrameState {
    /// The frame's state of this page.
    pub fn get() -> Self {
        use_context().unwrap_or_else(|| Self(Resource::new(|| (), |()| show_frame())))
    }

    /// Asks the server again.
    pub fn refresh(self) {
        self.0.refetch();
    }

    /// What is known now; read it under a `<Transition>`.
    pub fn view(self) -> Option<FrameView> {
        self.0.get().and_then(Result::ok)
    }
}

/// Everything inside `<body>`. Every route renders after its data is there, so that no page needs JavaScript.
#[component]
pub fn App() -> impl IntoView {
    provide_meta_context();
    Announcer::provide();
    provide_context(FrameState(Resource::new_blocking(|| (), |()| show_frame())));
    Effect::new(|_| {
        browser::mark_hydrated();
        browser::watch_menus();
    });
    view! {
        <Title formatter=|title: String| if title.is_empty() { "Skyport".to_owned() } else { format!("{title} · Skyport") }/>
        <Router>
            <Inside/>
        </Router>
    }
}

/// What needs the router around it.
#[component]
fn Inside() -> impl IntoView {
    Arrival::provide();
    view! {
        <a class="skip" href="#main" rel="external">"Skip to content"</a>
        <TopBar/>
        <DemoBanner/>
        <Rail/>
        <main id="main" tabindex="-1">
            <Routes fallback=NotFoundPage>
                <Route path=path!("/") view=HomePage ssr=SsrMode::Async/>
                <Route path=path!("/datasets") view=DatasetsPage ssr=SsrMode::Async/>
                <Route path=path!("/datasets/query") view=QueryPage ssr=SsrMode::Async/>
                <Route path=path!("/datasets/:archive") view=ArchivePage ssr=SsrMode::Async/>
                <Route path=path!("/queries") view=QueriesPage ssr=SsrMode::Async/>
                <Route path=path!("/queries/:id") view=ResultPage ssr=SsrMode::Async/>
                <Route path=path!("/basket") view=BasketPage ssr=SsrMode::Async/>
                <Route path=path!("/sign-in") view=SignInPage ssr=SsrMode::Async/>
                <Route path=path!("/account") view=SignInsPage ssr=SsrMode::Async/>
            </Routes>
        </main>
        <LiveRegion/>
    }
}
