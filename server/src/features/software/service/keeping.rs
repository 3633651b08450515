//! A user's own containers: added, changed, shared; and the secrets of their registries.

use super::super::own;
use super::super::remote::RegistryFault;
use super::super::store::OwnRow;
use super::{SoftwareService, bound_to, entry_in};
use crate::config::Secret;
use crate::fault::{chain, report};
use crate::ids::new_id;
use app::asking::Caller;
use app::error::{Error, Result};
use app::features::software::container::{Container, ContainerForm};

/// Longest user and longest secret of a registry, in bytes.
const LONGEST_USER: usize = 300;
const LONGEST_SECRET: usize = 8000;

impl SoftwareService {
    /// What the form offers.
    pub(super) async fn show_form(&self, caller: &Caller, change: &str) -> Result<ContainerForm> {
        let owner = caller.user()?;
        let row = match change {
            "" => None,
            name => Some(self.owned(owner, name).await?),
        };
        let first = row.as_ref().and_then(|row| {
            Some(own::form_of(&entry_in(row)?, row.shared_with.as_deref(), row.registry_user.as_deref()))
        });
        let has_secret = row.is_some_and(|row| row.sealed.is_some());
        Ok(ContainerForm {
            registries: self.registries.names().to_vec(),
            groups: caller.groups.clone(),
            first,
            has_secret,
        })
    }

    /// Asks the registry, and keeps what was typed and what it said.
    pub(super) async fn keep_own(&self, caller: &Caller, typed: Container) -> Result<String> {
        let owner = caller.user()?;
        let before = match typed.change.as_str() {
            "" => None,
            name => Some(self.owned(owner, name).await?),
        };
        let share = typed.share.trim();
        // A group that was left since may stay; no other is taken than one's own.
        let kept_share = before.as_ref().and_then(|row| row.shared_with.as_deref());
        if !share.is_empty() && kept_share != Some(share) && !caller.groups.iter().any(|group| group == share)
        {
            return Err(Error::field("share", "You are not in that group. Choose one of yours, or nobody."));
        }
        let registries = self.registries.names();
        let image = self
            .registries
            .read(&typed.image)
            .map_err(|fault| own::refusal(&fault, &typed.image, registries, false))?;
        let secret = self.secret_of(&typed, before.as_ref(), image.registry())?;
        let fault = |e: sqlx::Error| report("keeping software", &e);
        // Told before a registry is asked; what counts is told again where it is kept.
        if before.is_none() && self.store.count_own(owner).await.map_err(fault)? >= self.per_user {
            return Err(self.too_many());
        }
        if let Err(wait) = self.asked_by.take_named(owner) {
            return Err(Error::Limit(format!(
                "You have had registries asked many times in the last minute. Try again in {wait} s."
            )));
        }
        let asked =
            self.registries.look(&image, secret.as_ref().map(|(user, secret)| (user.as_str(), secret))).await;
        let facts = asked.map_err(|fault| {
            if let RegistryFault::Away(_) | RegistryFault::Slow = fault {
                tracing::warn!(registry = image.registry(), fault.chain = %chain(&fault), "a registry could not be asked");
            }
            own::refusal(&fault, &image.whole(), registries, secret.is_some())
        })?;
        let id = new_id(&self.entropy);
        let title = if typed.title.trim().is_empty() {
            image.repository().rsplit('/').next().unwrap_or_default()
        } else {
            &typed.title
        };
        let name = before.as_ref().map_or_else(|| own::new_name(title, &id), |row| row.name.clone());
        let entry = own::entry_of(&name, &typed, &image, &facts, &caller.name)?;
        let labels: Vec<_> = facts.labels.iter().collect();
        let json = |error: serde_json::Error| report("keeping software", &error);
        let row = OwnRow {
            owner: owner.to_owned(),
            shared_with: (!share.is_empty()).then(|| share.to_owned()),
            featured: 0,
            entry: serde_json::to_string(&entry).map_err(json)?,
            labels: serde_json::to_string(&labels).map_err(json)?,
            sealed: secret.as_ref().map(|(_, secret)| {
                self.sealer.seal(&bound_to(owner, &name, image.registry()), secret.expose())
            }),
            registry_user: secret.map(|(user, _)| user),
            added_us: self.clock.now(),
            changed_us: self.clock.now(),
            name,
        };
        if before.is_some() {
            let changed = self.store.update_own(&row).await.map_err(fault)?;
            return if changed { Ok(row.name) } else { Err(Error::NotFound) };
        }
        if self.store.insert_own(&row, self.per_user).await.map_err(fault)? {
            return Ok(row.name);
        }
        Err(self.too_many())
    }

    fn too_many(&self) -> Error {
        Error::Limit(format!(
            "You have {} containers, as many as one account may have. Delete one that you no longer use, then add this one.",
            self.per_user
        ))
    }

    /// User and secret for a private registry: what was typed, or the secret that is kept, as long as user and registry
    /// stay the same.
    fn secret_of(
        &self,
        typed: &Container,
        before: Option<&OwnRow>,
        registry: &str,
    ) -> Result<Option<(String, Secret)>> {
        let (user, secret) = (typed.registry_user.trim(), typed.registry_secret.as_str());
        let plain = |text: &str| !text.chars().any(char::is_control);
        if user.len() > LONGEST_USER || !plain(user) || user.contains(':') {
            return Err(Error::field("registry_user", "This is no user's name."));
        }
        if secret.len() > LONGEST_SECRET || !plain(secret) {
            return Err(Error::field("registry_secret", "This is too long, or has a line break in it."));
        }
        match (user, secret) {
            ("", "") => Ok(None),
            ("", _) => Err(Error::field("registry_user", "Name the user that the secret belongs to.")),
            (user, "") => {
                let kept = before.and_then(|row| self.credentials_in(row));
                match kept.filter(|kept| kept.user == user && kept.registry == registry) {
                    Some(kept) => Ok(Some((kept.user, kept.secret))),
                    None => Err(Error::field("registry_secret", "Give this user's password or token there.")),
                }
            }
            (user, secret) => Ok(Some((user.to_owned(), Secret::new(secret)))),
        }
    }

    /// One of a user's own.
    async fn owned(&self, owner: &str, name: &str) -> Result<OwnRow> {
        if name.contains('\0') {
            return Err(Error::NotFound);
        }
        let row = self.store.find_own(name).await.map_err(|e| report("reading software", &e))?;
        row.filter(|row| row.owner == owner).ok_or(Error::NotFound)
    }
}
