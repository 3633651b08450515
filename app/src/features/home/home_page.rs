//! The first page: one for visitors, one for users. What users alone have is asked for in one go, and refused to visitors
//! before anything is looked up.

use super::api::show_home;
use super::user_home::{UserHome, Work};
use super::visitor_home::VisitorHome;
use crate::features::queries::api::list_queries;
use crate::frame::app::FrameState;
use crate::ui::{Loading, PageError};
use leptos::prelude::*;

/// The first page.
#[component]
pub fn HomePage() -> impl IntoView {
    let frame = FrameState::get();
    let work = Resource::new_blocking(|| (), |()| async { futures::join!(list_queries(0), show_home()) });
    view! {
        <Transition fallback=Loading>
            {move || Suspend::new(async move {
                let (frame, (queries, rows)) = (frame.0.await, work.await);
                match (frame, queries) {
                    (Ok(frame), queries) if frame.name.is_none() => {
                        view! { <VisitorHome queries=queries.unwrap_or_default().0/> }.into_any()
                    }
                    (Ok(frame), Ok((queries, total))) => {
                        view! { <UserHome frame=frame work=Work { queries, total, rows: rows.unwrap_or_default() }/> }.into_any()
                    }
                    (Err(error), _) | (_, Err(error)) => view! { <PageError error=error/> }.into_any(),
                }
            })}
        </Transition>
    }
}
