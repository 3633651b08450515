//! The first page: one for visitors, one for users. It asks for two things only, since everybody comes by here.

use super::user_home::UserHome;
use super::visitor_home::VisitorHome;
use crate::features::queries::api::list_queries;
use crate::frame::app::FrameState;
use crate::ui::{Loading, PageError};
use leptos::prelude::*;

/// The first page.
#[component]
pub fn HomePage() -> impl IntoView {
    let frame = FrameState::get();
    let queries = Resource::new_blocking(|| (), |()| list_queries(0));
    view! {
        <Transition fallback=Loading>
            {move || Suspend::new(async move {
                let (frame, queries) = (frame.0.await, queries.await);
                match (frame, queries) {
                    (Ok(frame), queries) if frame.name.is_none() => {
                        view! { <VisitorHome queries=queries.unwrap_or_default().0/> }.into_any()
                    }
                    (Ok(frame), Ok((queries, total))) => {
                        view! { <UserHome frame=frame queries=queries total=total/> }.into_any()
                    }
                    (Err(error), _) | (_, Err(error)) => view! { <PageError error=error/> }.into_any(),
                }
            })}
        </Transition>
    }
}
