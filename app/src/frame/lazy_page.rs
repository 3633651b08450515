//! Pages whose code the browser fetches when they are opened, so that a first visit loads what it shows.

use crate::ui::browser;
use leptos::prelude::*;
use leptos_router::hooks::use_url;

/// Makes a route of a page whose code is in a chunk: `lazy_page!(BasketRoute, basket in rows, BasketPage)`. The middle is
/// the page's own name and the chunk's, the one that [`chunk_of`] gives.
macro_rules! lazy_page {
    ($route:ident, $name:ident in $chunk:ident, $page:ident) => {
        struct $route;

        const _: () = {
            use leptos::prelude::*;
            use leptos::wasm_split::{SplitLoaderError, wasm_split};

            #[wasm_split($chunk, wasm_split_path = ::leptos::wasm_split, preload(preload), fallible)]
            fn $name() -> Result<AnyView, SplitLoaderError> {
                Ok($page().into_any())
            }

            impl $route {
                /// Fetches the chunk; false where that fails.
                async fn fetch() -> bool {
                    preload().await.is_ok()
                }
            }

            impl leptos_router::LazyRoute for $route {
                fn data() -> Self {
                    Self
                }

                async fn view(_: Self) -> AnyView {
                    $name().await.unwrap_or_else(|_| $crate::frame::lazy_page::missing())
                }

                async fn preload() {
                    // What fails here is tried again by `view`, which opens the address anew.
                    Self::fetch().await;
                }
            }
        };
    };
}
pub(super) use lazy_page;

/// The page's code could not be fetched: the network is gone, or this Skyport is newer than the page in the browser.
/// The browser then opens the address itself, which brings the server's page and its newest code, or its own message.
/// That happens once at most: a new document whose code does not come is left as the server made it.
pub(super) fn missing() -> AnyView {
    let url = use_url().get_untracked();
    let search = url.search().trim_start_matches('?');
    let joint = if search.is_empty() { "" } else { "?" };
    browser::open(&format!("{}{joint}{search}", url.path()));
    ().into_any()
}

/// What is not in the main module, by the pages that need it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Chunk {
    /// Datasets, an archive, the query page.
    Asking,
    /// Queries, a result, the basket.
    Rows,
    /// Access keys, servers, and one's own sign-ins.
    Machines,
    /// The catalogue of software.
    Catalogue,
    /// The plan, bookings and sessions.
    Running,
}

impl Chunk {
    /// As the module and the list of the site's files call it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Asking => "asking",
            Self::Rows => "rows",
            Self::Machines => "machines",
            Self::Catalogue => "catalogue",
            Self::Running => "running",
        }
    }
}

/// The chunk of the page at a path, if it has one.
pub fn chunk_of(path: &str) -> Option<Chunk> {
    match path.trim_start_matches('/').split('/').next()? {
        "datasets" => Some(Chunk::Asking),
        "queries" | "basket" => Some(Chunk::Rows),
        "keys" | "servers" | "account" => Some(Chunk::Machines),
        "software" => Some(Chunk::Catalogue),
        "plan" | "bookings" | "sessions" => Some(Chunk::Running),
        _ => None,
    }
}
