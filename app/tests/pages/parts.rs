//! The parts that pages are made of, one by one.

use crate::fakes::HOSTILE;
use crate::render::lines;
use app::error::{AdqlFault, Error, FieldError};
use app::ui::{
    Confirm, Copy, Empty, ErrorBox, Loading, Pager, Select, StateWord, TextArea, TextInput, Time, Tone,
};
use insta::assert_snapshot;
use leptos::prelude::*;

/// Renders a view on its own, as the server does before any data is there.
pub(crate) fn html<V: IntoView>(view: impl FnOnce() -> V) -> String {
    let _ = any_spawner::Executor::init_tokio();
    Owner::new().with(|| view().to_html())
}

#[tokio::test]
async fn textarea_escapes_its_text() {
    let html = html(|| view! { <TextArea name="note" label="Note" value=HOSTILE/> });
    assert_eq!(html.matches("</textarea>").count(), 1, "{html}");
    assert!(!html.contains("<script>"), "{html}");
    assert!(
        html.contains("&lt;/textarea&gt;&lt;script&gt;alert('x')&lt;/script&gt; &amp; \"quotes\""),
        "{html}"
    );
}

#[tokio::test]
async fn textarea_keeps_a_leading_line_break_and_entities() {
    let html = html(|| view! { <TextArea name="adql" label="ADQL" value="\n&lt;" code=true/> });
    assert!(html.contains(">\n\n&amp;lt;</textarea>"), "{html}");
}

#[tokio::test]
async fn fields_say_what_is_wrong() {
    let choices = vec![("a".to_owned(), "First".to_owned()), ("b".to_owned(), HOSTILE.to_owned())];
    assert_snapshot!(lines(&html(|| view! {
        <TextInput name="radius" label="Radius" value="1 parsec" hint="deg, arcmin or arcsec"
            error=Some("parsec is not a unit for a radius.".to_owned())/>
        <Select name="archive" label="Archive" value="b" options=choices/>
    })));
}

#[tokio::test]
async fn errors_name_fields_places_and_references() {
    let field = |field: &str, sentence: &str| FieldError { field: field.into(), sentence: sentence.into() };
    let errors = [
        Error::Invalid(vec![field("radius", "Write a radius."), field("target", HOSTILE)]),
        Error::Adql(AdqlFault {
            sentence: "There is no column magg. Did you mean mag?".into(),
            start: 7,
            end: 11,
            line: 1,
            column: 8,
            nearest: vec!["mag".into()],
        }),
        Error::Internal { reference: "7F3K-Q2".into() },
        Error::Limit("Fifty queries of yours wait already. Wait for one to end.".into()),
    ];
    let all: Vec<_> =
        errors.into_iter().map(|error| html(|| view! { <ErrorBox error=Some(error)/> })).collect();
    assert_snapshot!(lines(&all.concat()));
}

#[tokio::test]
async fn no_error_is_no_box() {
    let none: Option<Error> = None;
    assert_eq!(lines(&html(|| view! { <ErrorBox error=none/> })), "");
}

#[tokio::test]
async fn small_parts() {
    assert_snapshot!(lines(&html(|| view! {
        <StateWord tone=Tone::Attention word="Interrupted"/>
        <Time us=1_795_363_758_000_000/>
        <Copy text="ivo://x" what="identifier"/>
        <Loading/>
        <Empty title="Nothing" text="This page is for something."/>
        <Confirm label="Empty the basket" question="All 3 items are removed."><button>"Remove 3 items"</button></Confirm>
    })));
}

#[tokio::test]
async fn pager_shows_itself_only_where_there_are_pages() {
    let pager = |offset, total| {
        html(
            move || view! { <Pager offset=offset per_page=50 total=total noun="items" href=|at: u64| format!("/x?offset={at}")/> },
        )
    };
    assert_eq!(lines(&pager(0, 50)), "");
    let (first, middle, last) = (pager(0, 1200), pager(50, 1200), pager(1150, 1200));
    assert!(
        first.contains("1–50 of 1,200") && first.contains("offset=50\"") && !first.contains("rel=\"prev\""),
        "{first}"
    );
    assert!(
        middle.contains("51–100 of") && middle.contains("offset=0\"") && middle.contains("offset=100\""),
        "{middle}"
    );
    assert!(last.contains("1,151–1,200 of") && !last.contains("rel=\"next\""), "{last}");
}
