//! Where a user gives an access token for a site that takes their own sign-in there.

use super::api::GiveToken;
use crate::error::{Error, Result};
use crate::ui::error_box::title_of;
use crate::ui::{Card, Icon, Shape, SubmitButton, TextInput};
use leptos::html;
use leptos::prelude::*;

/// The longest token that is taken; the longest seen had some 3,000 characters.
const LONGEST: u32 = 16_384;

/// The form. What is typed into it is in no page and no address; it is gone from the field as soon as it was sent.
#[component]
pub fn TokenForm(
    /// The site's key.
    site: String,
    /// The site's name for people.
    title: String,
    /// Gives it.
    action: ServerAction<GiveToken>,
) -> impl IntoView {
    let input = NodeRef::<html::Input>::new();
    Effect::watch(
        move || action.version().get(),
        move |_, _, _| {
            if let Some(input) = input.get_untracked() {
                input.set_value("");
            }
        },
        false,
    );
    let failed = move || action.value().get().and_then(Result::err);
    let of_field = Signal::derive(move || failed()?.of_field("token").map(str::to_owned));
    let other = move || {
        failed().filter(|error| !matches!(error, Error::Invalid(_))).map(|error| {
            view! {
                <div class="problem" role="alert">
                    <Icon shape=Shape::Failed/>
                    <div><p class="title">{title_of(&error)}</p><p>{error.to_string()}</p></div>
                </div>
            }
        })
    };
    view! {
        <Card title=format!("Access token for {title}")>
            {other}
            <ol class="steps token-steps">
                <li>"Sign in where the site's users sign in. For sites of the EGI Federated Cloud that is EGI Check-in, at "<code>"aai.egi.eu/token"</code>"."</li>
                <li>"Copy the access token that is shown there. It is good for an hour or so."</li>
                <li>"Paste it here. Skyport exchanges it for a token of the site, and finds the projects that you may use."</li>
            </ol>
            <ActionForm action=action attr:class="inline-form" attr:autocomplete="off">
                <input type="hidden" name="site" value=site/>
                <TextInput name="token" label="Access token" kind="password" autocomplete="off" required=true maxlength=LONGEST node_ref=input
                    error=of_field
                    hint="Kept encrypted until it expires, sent to this site alone, and never shown again."/>
                <SubmitButton pending=action.pending()>"Use this token"</SubmitButton>
            </ActionForm>
        </Card>
    }
    .into_any()
}
