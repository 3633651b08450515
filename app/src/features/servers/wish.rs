//! What the form of a new server holds: as its address, as what it starts with, and as what it would take.
//!
//! User data never goes into an address, since people put secrets into it; "try again" names the server that it was
//! written for instead, and the page asks for it.

#![expect(clippy::similar_names, reason = "a site and a size are what the field calls them")]

use super::model::{AddressPolicy, CreateServer, ImageView, Measure, NewServerView, SiteView, SizeView};
use super::sentences;
use crate::frame::query_string::{read_pairs, write_address};

/// The page of the form.
pub const NEW_SERVER: &str = "/servers/new";
/// The form's fields are named `wish[name]`, `wish[image]` and so on.
const PREFIX: &str = "wish[";
/// The most that are made at once.
pub const MOST_AT_ONCE: u64 = 10;

/// What an address or a form asks for; what is empty was not said.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Asked {
    /// The wish as far as it goes.
    pub wish: CreateServer,
    /// The address policy, if it was said.
    pub address: Option<AddressPolicy>,
    /// The server whose choices are tried again: its id.
    pub again: String,
    /// Whether there was user data, which is not in the address, and has to be put in again.
    pub user_data_gone: bool,
}

impl Asked {
    /// Reads the page's raw query string.
    pub fn read(search: &str) -> Self {
        Self::of_pairs(read_pairs(search))
    }

    /// Reads what the form would send.
    pub fn read_form(pairs: &str) -> Self {
        let field = |name: &str| Some(name.strip_prefix(PREFIX)?.strip_suffix(']')?.to_owned());
        Self::of_pairs(
            read_pairs(pairs).into_iter().filter_map(|(name, value)| Some((field(&name)?, value))).collect(),
        )
    }

    fn of_pairs(pairs: Vec<(String, String)>) -> Self {
        let mut asked = Self::default();
        let wish = &mut asked.wish;
        for (name, value) in pairs {
            match name.as_str() {
                "request" => wish.request = value,
                "name" => wish.name = value,
                "site" => wish.site = value,
                "image" => wish.image = value,
                "size" => wish.size = value,
                "key" => wish.key = value,
                "disk_gib" => wish.disk_gib = value.trim().parse().ok(),
                "network" => wish.network = value,
                "address" => asked.address = policy(&value),
                "user_data" => wish.user_data = value,
                "count" => wish.count = value.trim().parse().unwrap_or_default(),
                "again" => asked.again = value,
                "user_data_gone" => asked.user_data_gone = true,
                _ => {}
            }
        }
        asked
    }

    /// The address of the page with these choices. User data and the form's own number are not in it.
    pub fn address(&self) -> String {
        let Self { wish, address, again, user_data_gone } = self;
        let disk = wish.disk_gib.map(|gib| gib.to_string()).unwrap_or_default();
        let count = if wish.count > 1 { wish.count.to_string() } else { String::new() };
        let pairs = [
            ("site", wish.site.as_str()),
            ("image", &wish.image),
            ("size", &wish.size),
            ("key", &wish.key),
            ("name", &wish.name),
            ("disk_gib", &disk),
            ("network", &wish.network),
            ("address", address.map(policy_name).unwrap_or_default()),
            ("count", &count),
            ("again", again),
            ("user_data_gone", if *user_data_gone { "1" } else { "" }),
        ];
        let pairs: Vec<_> = pairs
            .into_iter()
            .filter(|(_, value)| !value.is_empty())
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .collect();
        write_address(NEW_SERVER, &pairs)
    }

    /// Takes a name out that is only the suggestion: it belongs to this form, and the next one suggests another.
    pub fn forget_name(&mut self, suggestion: &str) {
        if self.wish.name == suggestion {
            self.wish.name.clear();
        }
    }

    /// The same at another site, where images, sizes and networks are others.
    #[must_use]
    pub fn at_site(&self, site: &str) -> Self {
        let (image, size, network) = Default::default();
        let wish = CreateServer { site: site.to_owned(), image, size, network, ..self.wish.clone() };
        Self { wish, ..self.clone() }
    }

    /// What a server was made with, to be tried again.
    pub fn again(id: &str, wish: &CreateServer) -> Self {
        let again = if wish.user_data.is_empty() { String::new() } else { id.to_owned() };
        Self { wish: wish.clone(), address: Some(wish.address), again, user_data_gone: false }
    }
}

/// Sends a browser without JavaScript back to the form with what was chosen and why it cannot be done, in the form in
/// which Leptos finds it again. A browser with a script still shows the form, and needs nothing.
#[cfg(feature = "ssr")]
pub fn come_back<S: server_fn::ServerFn>(wish: &CreateServer, error: &crate::error::Error) {
    use server_fn::error::ServerFnUrlError;
    if !crate::asking::sent_without_script() {
        return;
    }
    let mut asked = Asked::again("", wish);
    asked.user_data_gone = !wish.user_data.is_empty();
    let error = ServerFnUrlError::new(S::PATH, error.clone());
    if let Ok(url) = error.to_url(&format!("http://inside{}", asked.address())) {
        leptos_axum::redirect(&format!("{}?{}", url.path(), url.query().unwrap_or_default()));
    }
}

/// How forms and addresses call a policy.
pub fn policy_name(policy: AddressPolicy) -> &'static str {
    match policy {
        AddressPolicy::Automatic => "Automatic",
        AddressPolicy::None => "None",
    }
}

fn policy(name: &str) -> Option<AddressPolicy> {
    [AddressPolicy::Automatic, AddressPolicy::None].into_iter().find(|policy| policy_name(*policy) == name)
}

/// What the form starts with: what was asked for, then what was chosen last time, then the smallest that fits. How many
/// and the user data are not remembered: nobody wants ten servers again by accident.
pub fn preselect(asked: &Asked, view: &NewServerView) -> CreateServer {
    let last = view.last.clone().unwrap_or_default();
    let Some(site) = choose_site(&asked.wish.site, &last.site, view) else {
        return CreateServer { request: view.request.clone(), count: 1, ..asked.wish.clone() };
    };
    let last = if last.site.is_empty() || last.site == site.key { last } else { CreateServer::default() };
    let wanted = &asked.wish;
    let has_image = |id: &&String| site.images.iter().any(|image| image.id == **id);
    let image = [&wanted.image, &last.image]
        .into_iter()
        .find(has_image)
        .cloned()
        .or_else(|| site.images.first().map(|image| image.id.clone()))
        .unwrap_or_default();
    let disk_gib = wanted.disk_gib.or(last.disk_gib).filter(|_| site.disk_can_vary);
    let size = choose_size([&wanted.size, &last.size], &image, disk_gib, site);
    let has_key = |id: &&String| view.keys.iter().any(|key| key.id == **id);
    let key = [&wanted.key, &view.last.clone().unwrap_or_default().key]
        .into_iter()
        .find(has_key)
        .cloned()
        .or_else(|| view.keys.first().map(|key| key.id.clone()))
        .unwrap_or_default();
    let has_network = |id: &&String| site.networks.iter().any(|network| network.id == **id);
    let network = [&wanted.network, &last.network].into_iter().find(has_network).cloned().unwrap_or_default();
    CreateServer {
        request: view.request.clone(),
        name: if wanted.name.is_empty() { view.suggestion.clone() } else { wanted.name.clone() },
        site: site.key.clone(),
        image,
        size,
        key,
        disk_gib,
        network,
        address: asked.address.or(Some(last.address)).filter(|_| site.has_addresses).unwrap_or_default(),
        user_data: wanted.user_data.clone(),
        count: if (1..=MOST_AT_ONCE).contains(&wanted.count) { wanted.count } else { 1 },
    }
}

/// The site asked for, the last used one, or the first that offers anything.
fn choose_site<'a>(asked: &str, last: &str, view: &'a NewServerView) -> Option<&'a SiteView> {
    let named = |key: &str| view.sites.iter().find(|site| site.key == key);
    let offers = |site: &&SiteView| !site.images.is_empty();
    named(asked)
        .or_else(|| named(last).filter(offers))
        .or_else(|| view.sites.iter().find(offers))
        .or_else(|| view.sites.first())
}

fn choose_size(wanted: [&String; 2], image: &str, disk_gib: Option<u64>, site: &SiteView) -> String {
    let image = site.images.iter().find(|i| i.id == image);
    let free = || site.sizes.iter().filter(|size| size.short.is_none());
    let fits = |size: &&SizeView| image.is_none_or(|image| misfit(image, size, disk_gib, site).is_none());
    wanted
        .into_iter()
        .find_map(|id| free().find(|size| size.id == *id))
        .or_else(|| free().find(fits))
        .or_else(|| free().next())
        .map(|size| size.id.clone())
        .unwrap_or_default()
}

/// Why an image does not run in a size, in a sentence. A size without a disk of its own takes what the image brings.
pub fn misfit(image: &ImageView, size: &SizeView, disk_gib: Option<u64>, site: &SiteView) -> Option<String> {
    let disk = disk_gib.filter(|_| site.disk_can_vary).unwrap_or(size.size.disk_gib);
    let memory_short = (size.size.memory_mib < image.min_memory_mib).then_some(image.min_memory_mib);
    let disk_short = (disk > 0 && disk < image.min_disk_gib).then_some(image.min_disk_gib);
    sentences::too_small(&image.title, memory_short, disk_short)
}

/// Whether a server of this image has no disk, whatever its size says: an image that needs none, where the site makes the
/// disk itself.
pub fn lives_in_memory(image: &ImageView, site: &SiteView) -> bool {
    site.disk_can_vary && image.min_disk_gib == 0
}

/// What is added to each measure.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Takes {
    servers: u64,
    cores: u64,
    memory_mib: u64,
    disk_gib: u64,
    addresses: u64,
}

impl Takes {
    /// What a wish would take at a site; nothing while no size is chosen.
    pub fn of_wish(wish: &CreateServer, site: &SiteView) -> Self {
        let Some(size) = site.sizes.iter().find(|size| size.id == wish.size) else { return Self::default() };
        let number = wish.count.clamp(1, MOST_AT_ONCE);
        let image = site.images.iter().find(|image| image.id == wish.image);
        let disk = match wish.disk_gib.filter(|_| site.disk_can_vary) {
            _ if image.is_some_and(|image| lives_in_memory(image, site)) => 0,
            Some(disk) => disk,
            None => size.size.disk_gib,
        };
        let addressed = site.has_addresses && wish.address == AddressPolicy::Automatic;
        Self {
            servers: number,
            cores: size.size.cores.saturating_mul(number),
            memory_mib: size.size.memory_mib.saturating_mul(number),
            disk_gib: disk.saturating_mul(number),
            addresses: if addressed { number } else { 0 },
        }
    }

    /// So much of a measure.
    pub fn of(&self, measure: Measure) -> u64 {
        match measure {
            Measure::Servers => self.servers,
            Measure::Cores => self.cores,
            Measure::MemoryMib => self.memory_mib,
            Measure::DiskGib => self.disk_gib,
            Measure::Addresses => self.addresses,
        }
    }
}

#[cfg(test)]
mod tests;
