//! What most people leave as it is: number, disk, network, address, user data.

use super::model::{AddressPolicy, CreateServer};
use super::sentences;
use super::wish::{MOST_AT_ONCE, policy_name};
use super::wish_form::{Desk, is_unusual};
use crate::ui::{Icon, Notice, Select, Shape, TextArea, TextInput, Tone};
use leptos::prelude::*;

/// The most characters of user data, which servers take up to 32 KiB of.
const USER_DATA_CHARS: u32 = 32 * 1024;

/// The rest of the form; open where something in it is not as usual or needs another look.
#[component]
pub fn MoreOptions(
    /// The form.
    desk: Desk,
    /// What it starts with.
    first: CreateServer,
) -> impl IntoView {
    let faults = ["count", "disk_gib", "network", "address", "user_data"].map(|field| desk.fault_of(field));
    let [count_fault, disk_fault, network_fault, address_fault, data_fault] = faults;
    let amiss = Memo::new(move |_| faults.iter().any(|fault| fault.with(Option::is_some)));
    let unusual = desk.asked.with_untracked(is_unusual);
    let gone = desk.asked.with_untracked(|asked| asked.user_data_gone);
    let (networks, disk_can_vary, has_addresses) =
        desk.site.with_value(|site| (site.networks.clone(), site.disk_can_vary, site.has_addresses));
    let numbers: Vec<_> = (1..=MOST_AT_ONCE).map(|n| (n.to_string(), n.to_string())).collect();
    let disk_field = disk_can_vary.then(|| {
        let value = first.disk_gib.map(|gib| gib.to_string()).unwrap_or_default();
        view! {
            <TextInput name="wish[disk_gib]" id="disk_gib" kind="number" label="Disk, GiB" value=value placeholder="as the size says"
                hint="Empty for what the size comes with; none for an image that lives in memory." error=disk_fault autocomplete="off"/>
        }
    });
    let network = (!networks.is_empty()).then(|| {
        let mut options = vec![(String::new(), "The site's choice".to_owned())];
        options.extend(networks.into_iter().map(|network| (network.id, network.title)));
        view! { <Select name="wish[network]" id="network" label="Network" options=options value=first.network error=network_fault/> }
    });
    let address = has_addresses.then(|| {
        let options = vec![
            (
                policy_name(AddressPolicy::Automatic).to_owned(),
                "Where it could not be reached without".to_owned(),
            ),
            (
                policy_name(AddressPolicy::None).to_owned(),
                "None: reached from the site's network only".to_owned(),
            ),
        ];
        view! {
            <Select name="wish[address]" id="address" label="Public address" options=options
                value=policy_name(first.address).to_owned() error=address_fault/>
        }
    });
    let again =
        gone.then(|| view! { <Notice tone=Tone::Attention><p>{sentences::USER_DATA_AGAIN}</p></Notice> });
    view! {
        <section class="card">
            <details class="more-options" open=move || unusual || amiss.get()>
                <summary>
                    <Icon shape=Shape::Right/>
                    <h2>"More options"</h2>
                    <span class="hint">{summary(disk_can_vary, has_addresses)}</span>
                </summary>
                <div class="body stacked">
                    <div class="pair">
                        <Select name="wish[count]" id="count" label="How many" options=numbers value=first.count.to_string() error=count_fault/>
                        {disk_field}
                        {network}
                        {address}
                    </div>
                    {again}
                    <TextArea
                        name="wish[user_data]"
                        id="user_data"
                        label="User data (cloud-init)"
                        value=first.user_data
                        rows=6
                        code=true
                        placeholder="#cloud-config\npackages:\n  - python3-astropy"
                        hint="What the server does at its first start: #cloud-config and YAML, or a script that begins with #!; at most 32 KiB. Put no secrets in it: whoever is on the server can read it."
                        error=data_fault
                        maxlength=USER_DATA_CHARS
                    />
                </div>
            </details>
        </section>
    }
    .into_any()
}

fn summary(disk: bool, address: bool) -> String {
    let disk = if disk { "disk, " } else { "" };
    let address = if address { "address, " } else { "" };
    format!("{disk}{address}user data, several at once")
}
