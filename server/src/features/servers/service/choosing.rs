//! What the form offers: sites, images, sizes that fit and why others do not, keys, a name that is free.

use super::super::sentences;
use super::ServersService;
use crate::fault::report;
use crate::ids::new_id;
use crate::providers::{Offer, Room, Site};
use app::error::{Error, Result};
use app::features::servers::model::{
    CreateServer, ImageView, KeyChoice, Measure, NetworkView, NewServerView, SiteView, SizeView, Usage,
};
use std::sync::Arc;

impl ServersService {
    pub(super) async fn form_view(&self, user: &str, wanted: &str) -> Result<NewServerView> {
        let fault = |e: sqlx::Error| report("reading what can be chosen", &e);
        let last: Option<CreateServer> = self
            .store
            .last_choices(user)
            .await
            .map_err(fault)?
            .and_then(|text| serde_json::from_str(&text).ok());
        let usual = last.as_ref().map_or("", |last| last.site.as_str());
        let shown = self
            .sites
            .find(wanted)
            .or_else(|| self.sites.find(usual))
            .or_else(|| self.sites.all().first())
            .map(|site| site.key().to_owned());
        let usage = self.own_usage(user).await?;
        let mut sites = Vec::new();
        for site in self.sites.all() {
            let is_shown = shown.as_deref() == Some(site.key());
            sites.push(self.site_view(site, user, is_shown, &usage).await?);
        }
        // The shown one first, so that a page that draws one site draws that.
        sites.sort_by_key(|site| shown.as_deref() != Some(&site.key));
        let keys = self.keys.list_rows(user).await.map_err(fault)?;
        Ok(NewServerView {
            request: new_id(&self.entropy),
            suggestion: self.free_name(user).await?,
            last,
            sites,
            keys: keys
                .into_iter()
                .map(|key| KeyChoice { id: key.id, name: key.name, sha256: key.sha256 })
                .collect(),
            usage,
        })
    }

    async fn site_view(
        &self,
        site: &Arc<dyn Site>,
        user: &str,
        is_shown: bool,
        own: &[Usage],
    ) -> Result<SiteView> {
        let fault = |e: sqlx::Error| report("reading what can be chosen", &e);
        let mut view = SiteView {
            key: site.key().to_owned(),
            title: site.title().to_owned(),
            note: None,
            trouble: None,
            wants_token: false,
            images: Vec::new(),
            sizes: Vec::new(),
            networks: Vec::new(),
            disk_can_vary: false,
            has_addresses: false,
            usage: Vec::new(),
        };
        let Some(access) = self.sites.access(&self.tokens, &**site, user).await.map_err(fault)? else {
            view.wants_token = true;
            return Ok(view);
        };
        if !is_shown {
            return Ok(view);
        }
        match self.offer_or_say(&**site, &access, user).await {
            Ok(offer) => {
                let mut room = offer.room;
                if !site.wants_token() {
                    let all = self.store.totals_at(site.key()).await.map_err(fault)?;
                    all.count_in(&mut room);
                }
                fill(&mut view, &offer, site.has_image_disks(), &room, own);
            }
            Err(Error::Invalid(faults)) => {
                view.trouble = faults.into_iter().next().map(|fault| fault.sentence);
                let still = self.sites.access(&self.tokens, &**site, user).await.map_err(fault)?;
                view.wants_token = still.is_none();
            }
            Err(other) => return Err(other),
        }
        Ok(view)
    }

    /// The user's own limits.
    pub(super) async fn own_usage(&self, user: &str) -> Result<Vec<Usage>> {
        let totals = self.store.totals_of(user).await.map_err(|e| report("counting servers", &e))?;
        let own = |measure, used: i64, limit| Usage {
            measure,
            used: used.unsigned_abs(),
            limit: Some(limit),
            whose: "Your limit".to_owned(),
        };
        Ok(vec![
            own(Measure::Servers, totals.servers, self.config.per_user),
            own(Measure::Cores, totals.cores, self.config.cores_per_user),
            own(Measure::MemoryMib, totals.memory_mib, self.config.memory_mib_per_user),
            own(Measure::DiskGib, totals.disk_gib, self.config.disk_gib_per_user),
        ])
    }

    async fn free_name(&self, user: &str) -> Result<String> {
        let taken = self.store.list_names(user).await.map_err(|e| report("finding a free name", &e))?;
        // Among one more than there are, one is free.
        let free =
            (0..=taken.len()).map(|more| format!("server-{}", more + 1)).find(|name| !taken.contains(name));
        Ok(free.unwrap_or_default())
    }
}

fn fill(view: &mut SiteView, offer: &Offer, has_image_disks: bool, room: &Room, own: &[Usage]) {
    view.note.clone_from(&offer.note);
    view.disk_can_vary = offer.disk_can_vary;
    view.has_addresses = offer.has_addresses;
    view.networks = offer
        .networks
        .iter()
        .map(|(id, title)| NetworkView { id: id.clone(), title: title.clone() })
        .collect();
    view.images = offer
        .images
        .iter()
        .map(|image| ImageView {
            id: image.id.clone(),
            title: image.title.clone(),
            system: image.system.clone(),
            version: image.version.clone(),
            access_user: image.access_user.clone(),
            min_disk_gib: image.min_disk_gib,
            min_memory_mib: image.min_memory_mib,
            takes_user_data: image.takes_user_data,
        })
        .collect();
    let title = view.title.clone();
    let shares = [
        (Measure::Servers, room.servers),
        (Measure::Cores, room.cores),
        (Measure::MemoryMib, room.memory_mib),
        (Measure::DiskGib, room.disk_gib),
        (Measure::Addresses, room.addresses),
    ];
    view.usage = shares
        .iter()
        .filter(|(_, share)| share.limit.is_some())
        .map(|(measure, share)| Usage {
            measure: *measure,
            used: share.used,
            limit: share.limit,
            whose: title.clone(),
        })
        .collect();
    let limits: Vec<Usage> = own.iter().chain(&view.usage).cloned().collect();
    // Where the disk can be had smaller than the size's own, only the least that an image takes has to be there.
    let least = offer.images.iter().map(|image| image.min_disk_gib).min().unwrap_or_default();
    let disk = |own: u64| if offer.disk_can_vary { own.min(least) } else { own };
    view.sizes = offer
        .sizes
        .iter()
        .map(|flavor| {
            let needed = |measure| match measure {
                Measure::Servers => (1, "server"),
                Measure::Cores => (flavor.size.cores, "cores"),
                Measure::MemoryMib => (flavor.size.memory_mib, "MiB of memory"),
                Measure::DiskGib => (disk(flavor.size.disk_gib), "GiB of disk"),
                Measure::Addresses => (0, "addresses"),
            };
            let short = limits.iter().find_map(|usage| {
                let (needed, what) = needed(usage.measure);
                sentences::short(what, needed, usage.used, usage.limit?, &usage.whose)
            });
            SizeView {
                id: flavor.id.clone(),
                title: flavor.title.clone(),
                size: flavor.size,
                disk_as_image: has_image_disks && flavor.size.disk_gib == 0,
                short,
            }
        })
        .collect();
}
