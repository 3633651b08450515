//! How to get into a server that is ready: the command, whom one signs in as, and how to know that it is the right one.

use super::model::{HostKey, ServerView};
use super::server_page::is_reachable;
use crate::ui::{Card, Copy};
use leptos::prelude::*;

/// What the card shows.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Way {
    command: String,
    address: Option<String>,
    user: Option<String>,
    port: Option<u16>,
    key: String,
    host_keys: Vec<HostKey>,
}

impl Way {
    fn into_it(server: &ServerView) -> Option<Self> {
        is_reachable(server).then(|| Self {
            command: server.ssh_command.clone().unwrap_or_default(),
            address: server.address.clone(),
            user: server.access_user.clone(),
            port: server.port,
            key: server.key_name.clone(),
            host_keys: server.host_keys.clone(),
        })
    }
}

/// The card; nothing while nobody could log in.
#[component]
pub fn Connect(
    /// The server.
    server: RwSignal<ServerView>,
) -> impl IntoView {
    let way = Memo::new(move |_| server.with(Way::into_it));
    move || way.get().map(|way| view! { <Card title="Connect"><TheWay way=way/></Card> })
}

#[component]
fn TheWay(way: Way) -> impl IntoView {
    let Way { command, address, user, port, key, host_keys } = way;
    let address = address.map(|address| {
        view! { <dt>"Address"</dt><dd class="copyable"><code>{address.clone()}</code><Copy text=address what="the address"/></dd> }
    });
    let user = user.map(|user| view! { <dt>"Access user"</dt><dd><code>{user}</code></dd> });
    let port = port.map(|port| view! { <dt>"Port"</dt><dd><code>{port.to_string()}</code></dd> });
    view! {
        <div class="command">
            <code>{command.clone()}</code>
            <Copy text=command what="the ssh command" label="Copy"/>
        </div>
        <p class="hint">"Where ssh does not find the private key of "<bdi>{key}</bdi>" by itself, add "<code>"-i"</code>" and its file."</p>
        <dl class="kv way">
            {address}
            {user}
            {port}
        </dl>
        <HostKeys keys=host_keys/>
    }
    .into_any()
}

#[component]
fn HostKeys(keys: Vec<HostKey>) -> impl IntoView {
    if keys.is_empty() {
        return view! {
            <p class="hint">
                "The server's own keys could not be read from its console, so Skyport cannot tell you what ssh should show at the first connection."
            </p>
        }
        .into_any();
    }
    let lines = keys.iter().map(|key| key.known_hosts.as_str()).collect::<Vec<_>>().join("\n");
    let rows = keys
        .iter()
        .map(|key| {
            view! {
                <dt>{key.algorithm.clone()}</dt>
                <dd class="copyable"><code>{key.sha256.clone()}</code><Copy text=key.sha256.clone() what=format!("the fingerprint of {}", key.algorithm)/></dd>
            }
        })
        .collect_view();
    view! {
        <div class="host-keys">
            <h3>"At the first connection"</h3>
            <p>"ssh asks whether you know this machine. Say yes only if it shows one of these fingerprints, which were read from the machine's own console:"</p>
            <dl class="kv">{rows}</dl>
            <p>"Or put this into "<code>"~/.ssh/known_hosts"</code>" first, and ssh does not ask:"</p>
            <div class="command">
                <code>{lines.clone()}</code>
                <Copy text=lines what="the lines for known_hosts" label="Copy"/>
            </div>
        </div>
    }
    .into_any()
}
