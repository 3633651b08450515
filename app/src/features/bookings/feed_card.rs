//! The bookings in a calendar of one's own: an address that only its owner knows. It is shown once, when it is made.

use super::api::{DropFeed, MakeFeed};
use super::sentences;
use crate::features::queries::dom;
use crate::frame::query_string::use_value;
use crate::ui::{Card, Confirm, Copy, ErrorBox, Look, Notice, SubmitButton, Tone, failure_of};
use leptos::prelude::*;

/// The card.
#[component]
pub fn FeedCard(
    /// Whether there is a feed.
    has_feed: bool,
    /// Makes one.
    make: ServerAction<MakeFeed>,
    /// Takes it away.
    drop: ServerAction<DropFeed>,
) -> impl IntoView {
    // Without a script the new address comes in the page's own.
    let in_address = use_value("feed");
    let shown = move || {
        let fresh = make.value().get().and_then(crate::error::Result::ok);
        fresh.or_else(|| Some(in_address.get()).filter(|address| is_feed(address)))
    };
    let address = move || {
        shown().map(|address| {
            let whole = if address.starts_with('/') { format!("{}{address}", dom::origin()) } else { address };
            view! {
                <Notice tone=Tone::Done>
                    <p>{sentences::FEED_ONCE}</p>
                    <div class="command"><code>{whole.clone()}</code><Copy text=whole what="the address of the feed" label="Copy"/></div>
                </Notice>
            }
        })
    };
    let new = {
        let button = move || {
            view! {
                <ActionForm action=make>
                    <SubmitButton small=true pending=make.pending()>{if has_feed { "Make a new address" } else { "Make a calendar feed" }}</SubmitButton>
                </ActionForm>
            }
        };
        if has_feed {
            view! { <Confirm label="New address" question=sentences::FEED_REPLACES small=true>{button()}</Confirm> }.into_any()
        } else {
            button().into_any()
        }
    };
    let away = has_feed.then(|| {
        view! {
            <Confirm label="Take it away" question=sentences::FEED_DROPS small=true>
                <ActionForm action=drop>
                    <SubmitButton look=Look::Danger small=true pending=drop.pending()>"Take the feed away"</SubmitButton>
                </ActionForm>
            </Confirm>
        }
    });
    view! {
        <Card title="In your calendar">
            <div class="stacked">
                <ErrorBox error=failure_of(make)/>
                <ErrorBox error=failure_of(drop)/>
                <p>{if has_feed { sentences::FEED_THERE } else { sentences::FEED }}</p>
                {address}
                <div class="act">{new}{away}</div>
            </div>
        </Card>
    }
    .into_any()
}

/// Whether an address is one of a feed of this site: nobody can make the page show another.
fn is_feed(address: &str) -> bool {
    let path = address.split_once("/bookings/feed/");
    path.is_some_and(|(before, secret)| {
        before.is_empty() && secret.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte))
    })
}

#[cfg(test)]
mod tests {
    use super::is_feed;

    #[test]
    fn only_feeds_of_this_site_are_shown() {
        assert!(is_feed("/bookings/feed/abc-_123.ics"));
        for other in
            ["", "https://evil.example/bookings/feed/abc.ics", "/bookings/feed/a/b", "/bookings/feed/a b"]
        {
            assert!(!is_feed(other), "{other}");
        }
    }
}
