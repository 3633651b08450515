//! What was typed into the form, as it comes back without JavaScript: in the address of the page. Addresses are kept in
//! histories and logs of others, so nothing that may be secret ever goes into one.

#[cfg(feature = "ssr")]
use super::model::{KeyView, NewKey};
#[cfg(feature = "ssr")]
use crate::error::Result;
use crate::frame::query_string::{value_of, write_address};

/// Longest key that comes back, in bytes: more than RSA of 16,384 bits needs would be too long for an address anyway.
const LONGEST: usize = 4096;

/// A name and a key.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Typed {
    /// What stands in the field of the name.
    pub name: String,
    /// What stands in the field of the key.
    pub key: String,
}

impl Typed {
    /// Of the page's raw query string.
    pub fn read(search: &str) -> Self {
        let of = |name| value_of(search, name).unwrap_or_default();
        Self { name: of("name"), key: of("key") }.kept()
    }

    /// Less what may be secret: anything like a private key, and any text without the name of a key's type in it.
    #[must_use]
    pub fn kept(&self) -> Self {
        let key = self.key.trim();
        let public = access_key::names_a_type(key) && !access_key::looks_private(key) && key.len() <= LONGEST;
        let name = self.name.trim();
        let harmless = name.len() <= 400 && !access_key::looks_private(name);
        Self {
            name: if harmless { name.to_owned() } else { String::new() },
            key: if public { key.to_owned() } else { String::new() },
        }
    }

    /// The page with this in its form.
    pub fn address(&self) -> String {
        let pairs: Vec<_> = [("name", &self.name), ("key", &self.key)]
            .into_iter()
            .filter(|(_, value)| !value.is_empty())
            .map(|(name, value)| (name.to_owned(), value.clone()))
            .collect();
        write_address("/keys", &pairs)
    }
}

/// Where the plain form leads: to the page with the new key said, or with what was typed and why it was refused.
#[cfg(feature = "ssr")]
pub(super) fn after_adding(add: &NewKey, added: Result<KeyView>) -> String {
    use leptos::server_fn::{ServerFn as _, error::ServerFnUrlError};
    let error = match added {
        Ok(key) => return write_address("/keys", &[("added".to_owned(), key.id)]),
        Err(error) => error,
    };
    let back = Typed { name: add.name.clone(), key: add.key.clone() }.kept().address();
    match ServerFnUrlError::new(super::api::AddKeyForm::PATH, error).to_url(&format!("http://inside{back}")) {
        Ok(url) => format!("{}?{}", url.path(), url.query().unwrap_or_default()),
        Err(_) => back,
    }
}
