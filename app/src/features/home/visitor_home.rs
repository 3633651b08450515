//! Home of a visitor: what Skyport is, the way in, and a first question that needs no account.

use super::query_row::QueryRow;
use crate::features::queries::model::QueryView;
use crate::ui::{ButtonLink, Card, Look, PageHead, SubmitButton, TextInput};
use leptos::prelude::*;
use leptos_router::components::Form;

/// What a visitor sees first.
#[component]
pub fn VisitorHome(
    /// What this visitor asked already, newest first.
    queries: Vec<QueryView>,
) -> impl IntoView {
    let rows: Vec<_> = queries.into_iter().take(5).map(|query| view! { <QueryRow query=query/> }).collect();
    let asked = (!rows.is_empty()).then(|| {
        let more = || view! { <a href="/queries">"All queries"</a> };
        view! { <Card title="What you asked" flush=true more=more><ul class="live">{rows}</ul></Card> }
    });
    view! {
        <PageHead
            title="Find data, ask it, keep what you found"
            document_title="Home"
            lead=|| "Skyport is where astronomers ask archives, by form or in ADQL, look at the rows, and keep the ones that matter."
        >
            <ButtonLink href="/sign-in?next=%2F">"Sign in"</ButtonLink>
        </PageHead>
        <div class="grid">
            <div class="c7 stack">
                <Card title="Ask a first question" more=|| "No account needed">
                    <FirstQuestion/>
                </Card>
                {asked}
            </div>
            <div class="c5 stack">
                <Card title="How it goes">
                    <ol class="steps">
                        <li><a href="/datasets">"Choose an archive"</a>" and a table, by what it holds and what its columns mean."</li>
                        <li><a href="/datasets/query">"Ask it"</a>" for what is around a target. The ADQL that your form stands for is always in sight, and yours to change."</li>
                        <li>"Look at the result as table and plot, and put rows into your "<a href="/basket">"basket"</a>". Keeping takes an account."</li>
                    </ol>
                </Card>
            </div>
        </div>
    }
    .into_any()
}

#[component]
fn FirstQuestion() -> impl IntoView {
    view! {
        <Form method="get" action="/datasets/query">
            <input type="hidden" name="archive" value="local"/>
            <input type="hidden" name="table" value="sky.stars"/>
            <div class="grid">
                <div class="c8">
                    <TextInput name="target" label="Target" value="M 42" maxlength=200 hint="A name such as Vega or NGC 224, or two coordinates in degrees"/>
                </div>
                <div class="c4">
                    <TextInput name="radius" label="Radius" value="1 deg" maxlength=40/>
                </div>
            </div>
            <p class="act spaced"><SubmitButton look=Look::Primary>"Find stars around it"</SubmitButton></p>
        </Form>
    }
    .into_any()
}
