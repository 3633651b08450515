//! How full each site is over the time that the page shows, and where the offers lie in it. Geometry is in the drawing,
//! colours are in the sheet; the same stands beside each in words.

use super::model::SiteAnswer;
use super::sentences;
use crate::ui::{Card, Time};
use leptos::prelude::*;

/// The drawing's own units.
const WIDTH: i64 = 1000;
const HEIGHT: i64 = 40;

/// A line for each site, all over the same time.
#[component]
pub fn LoadLine(
    /// The sites.
    sites: Vec<SiteAnswer>,
) -> impl IntoView {
    let from = sites.iter().flat_map(|site| &site.load).map(|load| load.from_us).min().unwrap_or_default();
    let to = sites.iter().flat_map(|site| &site.load).map(|load| load.to_us).max().unwrap_or_default();
    let rows = sites.into_iter().map(|site| row(&site, from, to)).collect_view();
    let middle = from + (to - from) / 2;
    view! {
        <Card title="How full the sites are">
            <ul class="loads">{rows}</ul>
            <div class="load-axis"><Time us=from/><Time us=middle/><Time us=to/></div>
            <p class="load-key hint">
                <span><i class="swatch booked"></i>"booked"</span>
                <span><i class="swatch closed"></i>"closed"</span>
                <span><i class="swatch offered"></i>"offered to you"</span>
            </p>
        </Card>
    }
    .into_any()
}

/// Where an instant lies, in the drawing's units.
fn place(us: i64, from: i64, to: i64) -> i64 {
    let whole = i128::from((to - from).max(1));
    i64::try_from(i128::from(us.clamp(from, to) - from) * i128::from(WIDTH) / whole).unwrap_or(WIDTH)
}

fn row(site: &SiteAnswer, from: i64, to: i64) -> AnyView {
    let loads = site
        .load
        .iter()
        .map(|load| {
            let (left, right) = (place(load.from_us, from, to), place(load.to_us, from, to));
            let height = if load.open { i64::from(load.percent.min(100)) * HEIGHT / 100 } else { HEIGHT };
            let class = if load.open { "booked" } else { "closed" };
            view! { <rect class=class x=left y=HEIGHT - height width=(right - left).max(1) height=height/> }
        })
        .collect_view();
    let offers = site
        .offers
        .iter()
        .map(|offer| {
            let (left, right) = (place(offer.start_us, from, to), place(offer.end_us, from, to));
            view! { <rect class="offered" class:best=offer.best x=left y="0" width=(right - left).max(3) height=HEIGHT/> }
        })
        .collect_view();
    let words = sentences::load(site);
    view! {
        <li>
            <span class="name" dir="auto">{site.title.clone()}</span>
            <span class="sub">{words}</span>
            <svg class="load" viewBox=format!("0 0 {WIDTH} {HEIGHT}") preserveAspectRatio="none" aria-hidden="true" focusable="false">
                {loads}{offers}
            </svg>
        </li>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::{WIDTH, place};

    #[test]
    fn nothing_leaves_the_drawing() {
        assert_eq!([5, 10, 15, 20, 99].map(|us| place(us, 10, 20)), [0, 0, WIDTH / 2, WIDTH, WIDTH]);
        assert_eq!(place(3, 7, 7), 0);
        assert_eq!(place(i64::MAX, 0, i64::MAX), WIDTH);
    }
}
