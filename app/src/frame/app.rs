//! Routes and what surrounds them.

use super::{
    demo_banner::DemoBanner,
    focus::Arrival,
    lazy_page::{Chunk, chunk_of, lazy_page},
    not_found_page::NotFoundPage,
    rail::Rail,
    top_bar::TopBar,
};
use crate::features::{
    account::{api::show_frame, sign_in_page::SignInPage, sign_ins_page::SignInsPage},
    archives::{archive_page::ArchivePage, datasets_page::DatasetsPage},
    basket::basket_page::BasketPage,
    bookings::{booking_page::BookingPage, bookings_page::BookingsPage},
    home::home_page::HomePage,
    keys::keys_page::KeysPage,
    plan::plan_page::PlanPage,
    queries::{queries_page::QueriesPage, query_page::QueryPage, result_page::ResultPage},
    servers::{new_server_page::NewServerPage, server_page::ServerPage, servers_page::ServersPage},
    sessions::{session_page::SessionPage, sessions_page::SessionsPage},
    software::{entry_page::EntryPage, new_page::NewContainerPage, software_page::SoftwarePage},
};
use crate::ui::{Announcer, LiveRegion};
use crate::{error::Result, features::account::model::FrameView};
use leptos::prelude::*;
use leptos_meta::{Title, provide_meta_context};
use leptos_router::components::{Route, Router, Routes};
use leptos_router::{Lazy, SsrMode, path};

// Five chunks, not one for each page: what travels is smaller together, since the instances of generic code are alike.
// The home page and signing in are in the main module: everybody comes by there.
lazy_page!(DatasetsRoute, datasets in asking, DatasetsPage);
lazy_page!(ArchiveRoute, archive in asking, ArchivePage);
lazy_page!(QueryRoute, query in asking, QueryPage);
lazy_page!(QueriesRoute, queries in rows, QueriesPage);
lazy_page!(ResultRoute, result in rows, ResultPage);
lazy_page!(BasketRoute, basket in rows, BasketPage);
lazy_page!(ServersRoute, servers in machines, ServersPage);
lazy_page!(NewServerRoute, new_server in machines, NewServerPage);
lazy_page!(ServerRoute, server in machines, ServerPage);
lazy_page!(SignInsRoute, sign_ins in machines, SignInsPage);
lazy_page!(KeysRoute, keys in machines, KeysPage);
lazy_page!(PlanRoute, plan in running, PlanPage);
lazy_page!(BookingsRoute, bookings in running, BookingsPage);
lazy_page!(BookingRoute, booking in running, BookingPage);
lazy_page!(SessionsRoute, sessions in running, SessionsPage);
lazy_page!(SessionRoute, session in running, SessionPage);
lazy_page!(SoftwareRoute, software in catalogue, SoftwarePage);
lazy_page!(NewContainerRoute, new_container in catalogue, NewContainerPage);
lazy_page!(EntryRoute, entry in catalogue, EntryPage);

/// Fetches the code of the page at a path; false where that fails, and the page had better stay as the server made it.
pub async fn fetch_page(path: &str) -> bool {
    match chunk_of(path) {
        Some(Chunk::Asking) => QueryRoute::fetch().await,
        Some(Chunk::Rows) => ResultRoute::fetch().await,
        Some(Chunk::Machines) => KeysRoute::fetch().await,
        Some(Chunk::Running) => PlanRoute::fetch().await,
        Some(Chunk::Catalogue) => SoftwareRoute::fetch().await,
        None => true,
    }
}

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
        // Where the browser has gone, the page and its state are gone while this still runs.
        self.0.try_get().flatten().and_then(Result::ok)
    }
}

/// Everything inside `<body>`. Every route renders after its data is there, so that no page needs JavaScript.
#[component]
pub fn App() -> impl IntoView {
    provide_meta_context();
    Announcer::provide();
    provide_context(FrameState(Resource::new_blocking(|| (), |()| show_frame())));
    view! {
        <Title formatter=document_title/>
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
        // One for all that is counted: each costs the server as much as a small page.
        <Transition>
            <TopBar/>
            <DemoBanner/>
            <Rail/>
        </Transition>
        <main id="main" tabindex="-1">
            <Routes fallback=NotFoundPage>
                <Route path=path!("/") view=HomePage ssr=SsrMode::Async/>
                <Route path=path!("/datasets") view={Lazy::<DatasetsRoute>::new()} ssr=SsrMode::Async/>
                <Route path=path!("/datasets/query") view={Lazy::<QueryRoute>::new()} ssr=SsrMode::Async/>
                <Route path=path!("/datasets/:archive") view={Lazy::<ArchiveRoute>::new()} ssr=SsrMode::Async/>
                <Route path=path!("/queries") view={Lazy::<QueriesRoute>::new()} ssr=SsrMode::Async/>
                <Route path=path!("/queries/:id") view={Lazy::<ResultRoute>::new()} ssr=SsrMode::Async/>
                <Route path=path!("/basket") view={Lazy::<BasketRoute>::new()} ssr=SsrMode::Async/>
                <Route path=path!("/keys") view={Lazy::<KeysRoute>::new()} ssr=SsrMode::Async/>
                <Route path=path!("/plan") view={Lazy::<PlanRoute>::new()} ssr=SsrMode::Async/>
                <Route path=path!("/bookings") view={Lazy::<BookingsRoute>::new()} ssr=SsrMode::Async/>
                <Route path=path!("/bookings/:id") view={Lazy::<BookingRoute>::new()} ssr=SsrMode::Async/>
                <Route path=path!("/sessions") view={Lazy::<SessionsRoute>::new()} ssr=SsrMode::Async/>
                <Route path=path!("/sessions/:id") view={Lazy::<SessionRoute>::new()} ssr=SsrMode::Async/>
                <Route path=path!("/servers") view={Lazy::<ServersRoute>::new()} ssr=SsrMode::Async/>
                <Route path=path!("/servers/new") view={Lazy::<NewServerRoute>::new()} ssr=SsrMode::Async/>
                <Route path=path!("/servers/:id") view={Lazy::<ServerRoute>::new()} ssr=SsrMode::Async/>
                <Route path=path!("/software") view={Lazy::<SoftwareRoute>::new()} ssr=SsrMode::Async/>
                <Route path=path!("/software/new") view={Lazy::<NewContainerRoute>::new()} ssr=SsrMode::Async/>
                <Route path=path!("/software/:name") view={Lazy::<EntryRoute>::new()} ssr=SsrMode::Async/>
                <Route path=path!("/sign-in") view=SignInPage ssr=SsrMode::Async/>
                <Route path=path!("/account") view={Lazy::<SignInsRoute>::new()} ssr=SsrMode::Async/>
            </Routes>
        </main>
        <LiveRegion/>
    }
}

/// The document's title. The library writes it between its tags as it is, so the server's has to be escaped here; the
/// browser's must not be.
fn document_title(title: String) -> String {
    let title = if title.is_empty() { "Skyport".to_owned() } else { format!("{title} · Skyport") };
    if cfg!(feature = "ssr") { title.replace('&', "&amp;").replace('<', "&lt;") } else { title }
}
