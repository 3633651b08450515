//! What the form of one's own container holds, and how it comes back without JavaScript: in the address of the page. The
//! secret for a registry never goes there.

#[cfg(feature = "ssr")]
use crate::error::{Error, FieldError};
use crate::frame::query_string::{read_pairs, write_address};
use serde::{Deserialize, Serialize};

/// The page of the form.
pub const NEW_CONTAINER: &str = "/software/new";
/// The longest description that comes back in an address, in bytes.
#[cfg(feature = "ssr")]
const LONGEST_BACK: usize = 3000;

/// A container of a user's own, as it is typed. What is empty is taken from the image itself.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Container {
    /// The name of the entry that is changed; empty for a new one.
    pub change: String,
    /// The image with registry and tag, or digest.
    pub image: String,
    /// The kind's key.
    pub kind: String,
    /// The port of its interface.
    pub port: String,
    /// The path that opens the interface.
    pub path: String,
    /// The path that answers once it is ready.
    pub ready: String,
    /// What is run, as one types it.
    pub command: String,
    /// Its name for people.
    pub title: String,
    /// What it is for, in one line.
    pub purpose: String,
    /// More about it, in Markdown.
    pub description: String,
    /// Tags, with commas between.
    pub tags: String,
    /// Cores that it needs.
    pub cores: String,
    /// Memory that it needs, GiB.
    pub memory_gib: String,
    /// The group that it is shared with; nobody where empty.
    pub share: String,
    /// User at a private registry.
    pub registry_user: String,
    /// The user's secret there. Where a container is changed and this is empty, the one that is kept stays.
    pub registry_secret: String,
}

/// What the form offers, and what it starts with.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ContainerForm {
    /// The registries that may be asked.
    pub registries: Vec<String>,
    /// The caller's groups, which it can be shared with.
    pub groups: Vec<String>,
    /// What is changed, as it is; none for a new one.
    pub first: Option<Container>,
    /// Whether a secret is kept for it.
    pub has_secret: bool,
}

impl Container {
    /// Reads the page's raw query string.
    pub fn read(search: &str) -> Self {
        let mut container = Self::default();
        for (name, value) in read_pairs(search) {
            if let Some(field) = container.field(&name) {
                *field = value;
            }
        }
        container.registry_secret.clear();
        container
    }

    /// The address of the page with this in its form, without the secret.
    pub fn address(&self) -> String {
        let mut all = self.clone();
        let pairs: Vec<_> = NAMES
            .into_iter()
            .filter_map(|name| Some((name.to_owned(), std::mem::take(all.field(name)?))))
            .filter(|(_, value)| !value.is_empty())
            .collect();
        write_address(NEW_CONTAINER, &pairs)
    }

    fn field(&mut self, name: &str) -> Option<&mut String> {
        Some(match name {
            "change" => &mut self.change,
            "image" => &mut self.image,
            "kind" => &mut self.kind,
            "port" => &mut self.port,
            "path" => &mut self.path,
            "ready" => &mut self.ready,
            "command" => &mut self.command,
            "title" => &mut self.title,
            "purpose" => &mut self.purpose,
            "description" => &mut self.description,
            "tags" => &mut self.tags,
            "cores" => &mut self.cores,
            "memory_gib" => &mut self.memory_gib,
            "share" => &mut self.share,
            "registry_user" => &mut self.registry_user,
            _ => return None,
        })
    }

    /// Whether anything under "More options" is filled in.
    pub fn is_unusual(&self) -> bool {
        let more = [
            &self.path,
            &self.ready,
            &self.command,
            &self.description,
            &self.tags,
            &self.cores,
            &self.memory_gib,
            &self.registry_user,
        ];
        more.into_iter().any(|text| !text.is_empty())
    }
}

/// The fields that are in the address.
const NAMES: [&str; 15] = [
    "change",
    "image",
    "kind",
    "port",
    "path",
    "ready",
    "command",
    "title",
    "purpose",
    "description",
    "tags",
    "cores",
    "memory_gib",
    "share",
    "registry_user",
];

/// Leads a browser without JavaScript back to the form with what was typed and why it was refused.
#[cfg(feature = "ssr")]
pub(super) fn come_back<S: server_fn::ServerFn>(container: &Container, error: &Error) {
    use server_fn::error::ServerFnUrlError;
    if !crate::asking::sent_without_script() {
        return;
    }
    let (mut back, mut error) = (container.clone(), error.clone());
    if back.description.len() > LONGEST_BACK {
        back.description.clear();
        if let Error::Invalid(faults) = &mut error {
            let sentence = super::sentences::DESCRIPTION_LEFT_BEHIND.to_owned();
            faults.push(FieldError { field: "description".to_owned(), sentence });
        }
    }
    let error = ServerFnUrlError::new(S::PATH, error);
    if let Ok(url) = error.to_url(&format!("http://inside{}", back.address())) {
        leptos_axum::redirect(&format!("{}?{}", url.path(), url.query().unwrap_or_default()));
    }
}

#[cfg(test)]
mod tests {
    use super::Container;

    #[test]
    fn survives_its_address_but_for_the_secret() {
        let container = Container {
            image: "quay.io/me/x:1".into(),
            command: "run --title='a b' & more".into(),
            description: "# One\n\ntwo".into(),
            registry_user: "me".into(),
            registry_secret: "hunter2".into(),
            ..Container::default()
        };
        let address = container.address();
        assert!(!address.contains("hunter2"), "{address}");
        let (_, search) = address.split_once('?').unwrap();
        assert_eq!(Container::read(search), Container { registry_secret: String::new(), ..container });
        assert_eq!(
            Container::read("?registry_secret=hunter2"),
            Container::default(),
            "not even where somebody puts it there"
        );
        assert_eq!(Container::default().address(), "/software/new");
    }
}
