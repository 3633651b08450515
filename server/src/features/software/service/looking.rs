//! What the registry of an entry's image says of it, before it is run.

use super::super::remote::RegistryFault;
use super::SoftwareService;
use crate::fault::chain;
use app::asking::Caller;

/// What is known of an image at its registry.
#[derive(Debug)]
pub enum AtRegistry {
    /// It is there.
    There {
        /// The registry.
        registry: String,
        /// What is fetched of it.
        size_bytes: u64,
    },
    /// There is no such image.
    Missing {
        /// The registry.
        registry: String,
    },
    /// The registry does not give it out.
    Refused {
        /// The registry.
        registry: String,
    },
    /// The registry does not answer.
    Silent {
        /// The registry.
        registry: String,
    },
    /// It was not asked: the operator does not list it, or the caller had registries asked too often.
    NotAsked {
        /// The registry, where the image's name can be read.
        registry: Option<String>,
    },
}

impl SoftwareService {
    /// Asks the registry of an entry's image for it, with the secret that is kept with the entry.
    ///
    /// # Errors
    /// Where the database is away.
    pub async fn look_at_registry(
        &self,
        caller: &Caller,
        name: &str,
        reference: &str,
    ) -> Result<AtRegistry, sqlx::Error> {
        let image = match self.registries.read(reference) {
            Ok(image) => image,
            Err(RegistryFault::NotListed(registry)) => {
                return Ok(AtRegistry::NotAsked { registry: Some(registry) });
            }
            Err(_) => return Ok(AtRegistry::NotAsked { registry: None }),
        };
        let registry = image.registry().to_owned();
        if self.asked_by.take_named(caller.user().unwrap_or_default()).is_err() {
            return Ok(AtRegistry::NotAsked { registry: Some(registry) });
        }
        let login = self.credentials(name).await?;
        let secret = login.as_ref().map(|login| (login.user.as_str(), &login.secret));
        Ok(match self.registries.look(&image, secret).await {
            Ok(facts) => AtRegistry::There { registry, size_bytes: facts.size_bytes },
            Err(RegistryFault::NotThere | RegistryFault::NoImage) => AtRegistry::Missing { registry },
            Err(RegistryFault::NotLetIn) => AtRegistry::Refused { registry },
            Err(fault) => {
                tracing::info!(registry, fault.chain = %chain(&fault), "a registry could not be asked");
                AtRegistry::Silent { registry }
            }
        })
    }
}
