//! The account and its open sign-ins.

use super::api::{EndSignIn, show_account};
use super::model::{AccountView, SignInView};
use crate::error::Error;
use crate::ui::{
    ButtonLink, Card, Confirm, DataError, Empty, ErrorBox, Loading, Look, PageHead, Shape, StateWord,
    SubmitButton, Time, Tone, failure_of,
};
use leptos::prelude::*;

/// The account and its open sign-ins.
#[component]
pub fn SignInsPage() -> impl IntoView {
    let end = ServerAction::<EndSignIn>::new();
    let account = Resource::new_blocking(move || end.version().get(), |_| show_account());
    view! {
        <PageHead title="Your account" lead=|| "Who you are to Skyport, and where you are signed in."/>
        <ErrorBox error=failure_of(end)/>
        <Transition fallback=Loading>
            {move || Suspend::new(async move {
                match account.await {
                    Ok(account) => view! { <Account account=account end=end/> }.into_any(),
                    Err(Error::SignInNeeded) => view! { <Visitor/> }.into_any(),
                    Err(error) => view! { <DataError error=error/> }.into_any(),
                }
            })}
        </Transition>
    }
}

#[component]
fn Visitor() -> impl IntoView {
    view! {
        <Card flush=true>
            <Empty title="You are not signed in" text="Sign in to see your account and where else you are signed in." shape=Shape::User>
                <ButtonLink href="/sign-in?next=%2Faccount" look=Look::Primary>"Sign in"</ButtonLink>
            </Empty>
        </Card>
    }
}

#[component]
fn Account(account: AccountView, end: ServerAction<EndSignIn>) -> impl IntoView {
    let AccountView { name, email, subject, issuer, groups, sign_ins } = account;
    let many = sign_ins.len();
    let rows =
        sign_ins.into_iter().map(|sign_in| view! { <SignInRow sign_in=sign_in end=end/> }).collect_view();
    let groups = if groups.is_empty() {
        view! { <span class="quiet-text">"none"</span> }.into_any()
    } else {
        groups.into_iter().map(|group| view! { <bdi class="chip">{group}</bdi>" " }).collect_view().into_any()
    };
    let question = match many {
        1 => "This browser is signed out. What you kept stays.".to_owned(),
        many => format!("All {many} browsers are signed out, this one too. What you kept stays."),
    };
    let everywhere = move || {
        let question = question.clone();
        view! {
            <Confirm label="Sign out everywhere" question=question small=true>
                <form method="post" action="/auth/sign-out-everywhere">
                    <SubmitButton look=Look::Danger>"Sign out everywhere"</SubmitButton>
                </form>
            </Confirm>
        }
    };
    view! {
        <div class="grid">
            <div class="c5">
                <Card title="You">
                    <dl class="kv">
                        <dt>"Name"</dt><dd dir="auto">{name}</dd>
                        {email.map(|email| view! { <dt>"Mail"</dt><dd>{email}</dd> })}
                        <dt>"Sign-in name"</dt><dd><code>{subject}</code></dd>
                        <dt>"Vouched for by"</dt><dd><code>{issuer}</code></dd>
                        <dt>"Groups"</dt><dd>{groups}</dd>
                    </dl>
                </Card>
            </div>
            <div class="c7">
                <Card title="Where you are signed in" flush=true more=everywhere>
                    <ul class="live sign-ins">{rows}</ul>
                </Card>
            </div>
        </div>
    }
    .into_any()
}

#[component]
fn SignInRow(sign_in: SignInView, end: ServerAction<EndSignIn>) -> impl IntoView {
    let SignInView { id, device, provider, since_us, last_seen_us, ends_us, this_one } = sign_in;
    let (tone, word) = if this_one { (Tone::Running, "This browser") } else { (Tone::Quiet, "Signed in") };
    let which = device.clone();
    let action = if this_one {
        view! {
            <form method="post" action="/auth/sign-out"><SubmitButton small=true>"Sign out"</SubmitButton></form>
        }
        .into_any()
    } else {
        view! {
            <ActionForm action=end>
                <input type="hidden" name="id" value=id/>
                <SubmitButton small=true pending=end.pending()>"End"<span class="unseen">" "<bdi>{which}</bdi></span></SubmitButton>
            </ActionForm>
        }
        .into_any()
    };
    view! {
        <li>
            <StateWord tone=tone word=word/>
            <div class="what">
                <span dir="auto">{device}</span>
                <div class="sub">
                    "by "<bdi>{provider}</bdi>" · since "<Time us=since_us/>" · last seen "<Time us=last_seen_us/>" · ends "<Time us=ends_us/>
                </div>
            </div>
            {action}
        </li>
    }
    .into_any()
}
