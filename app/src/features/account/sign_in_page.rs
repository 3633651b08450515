//! Where one chooses a provider, and reads why a sign-in failed.

use super::api::list_providers;
use super::model::ProviderView;
use super::sentences;
use crate::frame::address;
use crate::frame::app::FrameState;
use crate::frame::query_string::use_value;
use crate::ui::{
    ButtonLink, Card, DataError, Empty, Icon, Loading, Look, Notice, PageHead, Shape, SubmitButton, Tone,
};
use leptos::prelude::*;
use leptos_router::hooks::use_location;

/// Where one chooses a provider, and reads why a sign-in failed.
#[component]
pub fn SignInPage() -> impl IntoView {
    let problem = use_value("problem");
    let search = use_location().search;
    let next = Memo::new(move |_| search.with(|search| address::next_of(search)));
    let problem = move || problem.with(|problem| sentences::of_problem(problem)).map(problem_notice);
    let frame = FrameState::get();
    let providers = Resource::new_blocking(|| (), |()| list_providers());
    view! {
        <div class="sign-in">
            <PageHead title="Sign in" lead=|| "You come back to exactly where you were."/>
            {problem}
            <Transition fallback=Loading>
                {move || frame.view().and_then(|view| view.name).map(|name| view! {
                    <Notice tone=Tone::Done>
                        <span>"You are signed in already, as "<bdi>{name}</bdi>"."</span>
                        <ButtonLink href=next small=true>"Go on"</ButtonLink>
                    </Notice>
                })}
                {move || Suspend::new(async move {
                    match providers.await {
                        Ok(providers) => view! { <Providers providers=providers next=next.get_untracked()/> }.into_any(),
                        Err(error) => view! { <DataError error=error/> }.into_any(),
                    }
                })}
            </Transition>
            <p class="quiet-text">
                "Asking archives needs no account. "<a href="/datasets">"Look at the datasets"</a>" without signing in."
            </p>
        </div>
    }
}

fn problem_notice(sentence: &'static str) -> impl IntoView {
    view! {
        <div class="problem" role="alert">
            <Icon shape=Shape::Failed/>
            <div><p class="title">"You are not signed in"</p><p>{sentence}</p></div>
        </div>
    }
}

#[component]
fn Providers(providers: Vec<ProviderView>, next: String) -> impl IntoView {
    if providers.is_empty() {
        return view! {
            <Card flush=true>
                <Empty title="No way to sign in" shape=Shape::SignIn
                    text="The operator of this Skyport has configured no sign-in provider. Archives can be asked without an account."/>
            </Card>
        }
        .into_any();
    }
    let demo = providers.iter().any(|provider| provider.demo).then(|| {
        view! {
            <p class="demo-note">
                "The demo provider asks for no password: choose one of its two ready users, an astronomer or an operator. It runs on this machine only."
            </p>
        }
    });
    let buttons = providers
        .into_iter()
        .enumerate()
        .map(|(i, provider)| {
            let look = if i == 0 { Look::Primary } else { Look::Plain };
            view! {
                <li>
                    <form method="post" action="/auth/start">
                        <input type="hidden" name="next" value=next.clone()/>
                        <input type="hidden" name="provider" value=provider.id/>
                        <SubmitButton look=look><span>"Sign in with "<bdi>{provider.name}</bdi></span></SubmitButton>
                    </form>
                </li>
            }
        })
        .collect_view();
    view! { <Card><ul class="providers">{buttons}</ul>{demo}</Card> }.into_any()
}
