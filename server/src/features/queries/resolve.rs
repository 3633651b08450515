//! From what a person types to a place on the sky: coordinates, then the names that the local archive knows, then a
//! configured Sesame service.

mod constellations;
mod coordinates;
mod names;
mod sesame;

use crate::config::Config;
use crate::fault::report;
use crate::features::archives::service::ArchivesService;
use crate::metrics::Metrics;
use crate::start::StartError;
use app::error::{Error, Result};
use app::features::queries::model::Target;
use names::Names;
use sesame::{Sesame, SesameError};
use std::sync::Arc;

/// The field of the form that holds the target.
const FIELD: &str = "target";
/// Longest name, in characters.
const LONGEST: usize = 120;
const HERE: &str = "resolved here";

/// Finds places by name or coordinates.
pub struct Resolver {
    names: Option<Names>,
    sesame: Option<Sesame>,
}

impl Resolver {
    /// With the names of the local archive, where it is listed, and the configured service, where there is one.
    ///
    /// # Errors
    /// Where the service's address cannot be one.
    pub fn new(
        config: &Config,
        archives: &Arc<ArchivesService>,
        metrics: &Metrics,
    ) -> std::result::Result<Self, StartError> {
        let sesame = match config.queries.sesame.as_str() {
            "" => None,
            address => Some(Sesame::new(address, metrics.clone())?),
        };
        Ok(Self { names: archives.archive("local").map(Names::new), sesame })
    }

    /// The place that a name or a pair of coordinates stands for.
    ///
    /// # Errors
    /// [`Error::Invalid`] under the field `target` where it stands for none; its sentence offers the nearest names.
    pub async fn resolve(&self, text: &str) -> Result<Target> {
        let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
        if text.is_empty() {
            return Err(Error::field(FIELD, "Type a name such as M 42, or coordinates such as 83.82 -5.39."));
        }
        if text.chars().count() > LONGEST {
            let sentence = format!("A name has at most {LONGEST} characters. Check what was pasted here.");
            return Err(Error::field(FIELD, sentence));
        }
        if let Some(read) = coordinates::read(&text) {
            let (ra_deg, dec_deg) = read.map_err(|sentence| Error::field(FIELD, sentence))?;
            return Ok(Target { name: text, ra_deg, dec_deg, source: "coordinates".to_owned() });
        }
        let mut nearest = Vec::new();
        if let Some(names) = &self.names {
            let found = names.find(&text).await.map_err(|fault| report("looking up a name", &fault))?;
            if let Some(place) = found {
                return Ok(Target {
                    name: place.name,
                    ra_deg: place.ra_deg,
                    dec_deg: place.dec_deg,
                    source: HERE.to_owned(),
                });
            }
            nearest = names.nearest(&text).await.map_err(|fault| report("looking up a name", &fault))?;
        }
        self.ask_sesame(text, &nearest).await
    }

    async fn ask_sesame(&self, text: String, nearest: &[String]) -> Result<Target> {
        let unknown = |why: &str| {
            let offer = match nearest {
                [] => String::new(),
                names => format!(" Did you mean {}?", names.join(", ")),
            };
            let sentence = format!("{why}{offer} Coordinates in degrees work too: 83.82 -5.39.");
            Err(Error::field(FIELD, sentence))
        };
        let Some(sesame) = &self.sesame else {
            return unknown(&format!("No object called {text} is known here."));
        };
        match sesame.find(&text).await {
            Ok(Some((ra_deg, dec_deg))) => {
                Ok(Target { name: text, ra_deg, dec_deg, source: sesame.host().to_owned() })
            }
            Ok(None) => unknown(&format!("No object called {text} is known here or at {}.", sesame.host())),
            Err(error) => {
                if !matches!(error, SesameError::Silent) {
                    tracing::warn!("a name could not be resolved: {}", crate::fault::chain(&error));
                }
                let host = sesame.host();
                unknown(&format!("No object called {text} is known here, and {host} could not be asked now."))
            }
        }
    }
}
