//! Entries as pages show them.

use super::super::entry::Entry;
use super::super::markdown;
use super::Seen;
use app::features::software::model::{Origin, SoftwareCard, SoftwareView};

/// An entry as a card.
pub(super) fn card(entry: &Entry, origin: Origin, favourite: bool) -> SoftwareCard {
    SoftwareCard {
        name: entry.name.clone(),
        title: entry.title.clone(),
        purpose: entry.purpose.clone(),
        kind: entry.kind,
        version: entry.versions.first().map(|v| v.version.clone()).unwrap_or_default(),
        versions: entry.versions.len() as u64,
        tags: entry.tags.clone(),
        domain: entry.domain.clone(),
        minimum: entry.minimum,
        featured: entry.featured,
        favourite,
        origin,
    }
}

/// An entry as its page shows it.
pub(super) fn view(seen: Seen, favourite: bool, signed_in: bool, operator: bool) -> SoftwareView {
    let Seen { entry, origin, added_us, changed_us, featured, labels } = seen;
    SoftwareView {
        may_change: matches!(origin, Origin::Mine(_)),
        may_feature: operator && origin != Origin::Catalogue,
        card: SoftwareCard { featured, ..card(&entry, origin, favourite) },
        mark: changed_us.map(|at| at.to_string()).unwrap_or_default(),
        description: markdown::to_html(&entry.description),
        image: entry.image.clone(),
        versions: entry.versions.clone(),
        command: entry.command.clone(),
        interface: entry.interface.clone(),
        recommended: entry.recommended,
        architectures: entry.architectures.clone(),
        licence: entry.licence.clone(),
        citation: entry.citation.clone(),
        source: entry.source.clone(),
        maintainer: entry.maintainer.clone(),
        signed_in,
        added_us,
        labels,
    }
}
