//! From a form to servers written down: what is wrong is said beside its field; two forms at once never have more than
//! there is.

use super::super::checks::{form_faults, names};
use super::super::sentences;
use super::super::store::{ServerRow, ServerStore, Totals, request_key};
use super::ServersService;
use crate::fault::report;
use crate::features::keys::service::KeyRow;
use crate::ids::new_id;
use crate::providers::{Access, Image, Offer, Room, Share, Site};
use crate::work::NewOperation;
use app::error::{Error, FieldError, Result};
use app::features::servers::model::{CreateServer, Size};
use std::sync::Arc;

/// What a form comes to, when everything it names was found.
struct Chosen<'a> {
    site: &'a dyn Site,
    image: Image,
    size: Size,
    key: KeyRow,
    room: Room,
}

impl ServersService {
    pub(super) async fn write_down(&self, user: &str, mut wish: CreateServer) -> Result<Vec<String>> {
        let fault = |e: sqlx::Error| report("writing a server down", &e);
        wish.name = wish.name.trim().to_owned();
        wish.count = wish.count.max(1);
        if wish.request.len() != 24 || !wish.request.bytes().all(|b| b.is_ascii_alphanumeric()) {
            return Err(Error::StaleForm);
        }
        let made = self.store.find_by_request(user, &wish.request).await.map_err(fault)?;
        if !made.is_empty() {
            return Ok(made);
        }
        let faults = form_faults(&wish);
        if !faults.is_empty() {
            return Err(Error::Invalid(faults));
        }
        let chosen = self.find_choices(user, &mut wish).await?;
        for name in names(&wish) {
            if self.store.has_name(user, &name).await.map_err(fault)? {
                return self.lost_to_another(user, &wish, &name).await;
            }
        }
        let ids = self.insert(user, &wish, &chosen).await?;
        // Neither how many nor what may hold secrets.
        let remembered = CreateServer {
            request: String::new(),
            name: String::new(),
            user_data: String::new(),
            count: 1,
            ..wish
        };
        if let Ok(text) = serde_json::to_string(&remembered)
            && let Err(error) = self.store.remember_choices(user, &text).await
        {
            tracing::warn!(fault.chain = %crate::fault::chain(&error), "choices were not remembered");
        }
        for id in &ids {
            self.watching.tell(user, id);
        }
        self.runner.wake();
        Ok(ids)
    }

    async fn find_choices<'a>(&'a self, user: &str, wish: &mut CreateServer) -> Result<Chosen<'a>> {
        let fault = |e: sqlx::Error| report("writing a server down", &e);
        let site = match wish.site.as_str() {
            "" if self.sites.all().len() == 1 => self.sites.all().first(),
            key => self.sites.find(key),
        };
        let Some(site) = site else {
            return Err(Error::field("site", "Choose one of the sites."));
        };
        site.key().clone_into(&mut wish.site);
        let key = self.keys.find(user, &wish.key).await.map_err(fault)?;
        let Some(key) = key else {
            return Err(Error::field("key", "That access key is not there any more. Choose another."));
        };
        let access = self.sites.access(&self.tokens, &**site, user).await.map_err(fault)?;
        let Some(access) = access else {
            let sentence = format!("Sign in at {} first: paste an access token.", site.title());
            return Err(Error::field("site", sentence));
        };
        let offer = self.offer_or_say(&**site, &access, user).await?;
        let mut faults = Vec::new();
        let mut say = |field: &str, sentence: String| {
            faults.push(FieldError { field: field.to_owned(), sentence });
        };
        let image = offer.images.iter().find(|image| image.id == wish.image).cloned();
        if image.is_none() {
            say("image", "That image is not offered any more. Choose another.".to_owned());
        }
        let flavor = offer.sizes.iter().find(|flavor| flavor.id == wish.size).cloned();
        if flavor.is_none() {
            say("size", "That size is not offered any more. Choose another.".to_owned());
        }
        if !wish.network.is_empty() && !offer.networks.iter().any(|(id, _)| *id == wish.network) {
            say("network", "That network is not offered any more. Choose another.".to_owned());
        }
        if let Some(image) = image.as_ref().filter(|image| !image.takes_user_data)
            && !wish.user_data.trim().is_empty()
        {
            let sentence = format!(
                "{} has nothing in it that would read user data. Leave this empty, or choose another image.",
                image.title
            );
            say("user_data", sentence);
        }
        let (Some(image), Some(flavor)) = (image, flavor) else { return Err(Error::Invalid(faults)) };
        let mut wanted = flavor.size;
        if let Some(disk) = wish.disk_gib.filter(|disk| *disk > 0) {
            if offer.disk_can_vary && disk >= image.min_disk_gib && disk <= 4096 {
                wanted.disk_gib = disk;
            } else if offer.disk_can_vary {
                say("disk_gib", format!("Give a number of GiB from {} to 4096.", image.min_disk_gib.max(1)));
            } else if disk != wanted.disk_gib {
                say("disk_gib", "At this site the disk comes with the size. Leave this empty.".to_owned());
            }
        }
        if offer.disk_can_vary && image.min_disk_gib == 0 {
            // It lives in memory: whatever was asked for, it takes no disk.
            wanted.disk_gib = 0;
        }
        // A size without a disk of its own takes the image's.
        let disk_fits =
            wanted.disk_gib >= image.min_disk_gib || (wanted.disk_gib == 0 && !offer.disk_can_vary);
        if wanted.memory_mib < image.min_memory_mib || !disk_fits {
            let sentence = format!(
                "{} needs at least {} MiB of memory and {} GiB of disk. Choose a larger size.",
                image.title, image.min_memory_mib, image.min_disk_gib
            );
            say("size", sentence);
        }
        if faults.is_empty() {
            Ok(Chosen { site: &**site, image, size: wanted, key, room: offer.room })
        } else {
            Err(Error::Invalid(faults))
        }
    }

    /// What a site offers, or why it cannot say.
    pub(super) async fn offer_or_say(
        &self,
        site: &dyn Site,
        access: &Access,
        user: &str,
    ) -> Result<Arc<Offer>> {
        match self.sites.offer(site, access, user).await {
            Ok(offer) => Ok(offer),
            Err(fault) => {
                if super::super::sites::is_over(&fault.reason) && site.wants_token() {
                    // Where this fails, the site says the same again next time.
                    let _ = self.tokens.forget(user, site.key(), access).await;
                }
                tracing::info!(site.key = site.key(), fault.chain = %fault, "a site did not say what it offers");
                let failure = sentences::failure(&fault, site.title());
                Err(Error::field("site", format!("{} {}", failure.what, failure.next)))
            }
        }
    }

    async fn insert(&self, user: &str, wish: &CreateServer, chosen: &Chosen<'_>) -> Result<Vec<String>> {
        let fault = |e: sqlx::Error| report("writing a server down", &e);
        let (user_scope, site_scope) = (format!("user:{user}"), format!("site:{}", wish.site));
        let mut alone = self.store.count_alone([&user_scope, &site_scope]).await.map_err(fault)?;
        let (mine, all) = ServerStore::totals_in(&mut alone, user, &wish.site).await.map_err(fault)?;
        let names = names(wish);
        let mut room = chosen.room;
        if !chosen.site.wants_token() {
            all.count_in(&mut room);
        }
        self.check_limits(&mine, chosen, &room, names.len() as u64)?;
        let now = self.clock.now();
        let mut ids = Vec::new();
        for (number, name) in names.iter().enumerate() {
            let id = new_id(&self.entropy);
            let choices =
                CreateServer { name: name.clone(), count: 1, request: String::new(), ..wish.clone() };
            let row = ServerRow {
                id: id.clone(),
                owner: user.to_owned(),
                name: name.clone(),
                state: "creating".to_owned(),
                state_since_us: now,
                site: wish.site.clone(),
                choices: serde_json::to_string(&choices).unwrap_or_default(),
                image_title: chosen.image.title.clone(),
                access_user: chosen.image.access_user.clone(),
                cores: count(chosen.size.cores),
                memory_mib: count(chosen.size.memory_mib),
                disk_gib: count(chosen.size.disk_gib),
                key_name: chosen.key.name.clone(),
                key_sha256: chosen.key.sha256.clone(),
                public_key: chosen.key.public_key.clone(),
                machine: None,
                address: None,
                port: None,
                host_keys: "[]".to_owned(),
                remark: None,
                failure: None,
                created_us: now,
                over_us: None,
                unsettled_us: None,
                account: None,
            };
            let operation = NewOperation {
                id: &new_id(&self.entropy),
                noun: "server",
                subject: &id,
                owner: user,
                verb: "create",
            };
            let request_key = request_key(user, &wish.request, number);
            match ServerStore::add(&mut alone, &row, &request_key, &operation).await {
                Ok(()) => {}
                Err(sqlx::Error::Database(error)) if error.is_unique_violation() => {
                    drop(alone);
                    return self.lost_to_another(user, wish, name).await;
                }
                Err(error) => return Err(fault(error)),
            }
            let what = format!("Asked for: {}, site \"{}\".", chosen.image.title, chosen.site.title());
            ServerStore::add_first_event_in(&mut alone, &id, &what, now).await.map_err(fault)?;
            self.keys.record_use_in(&mut alone, &chosen.key.id, &id, name).await.map_err(fault)?;
            ids.push(id);
        }
        alone.commit().await.map_err(fault)?;
        Ok(ids)
    }

    /// The same form sent at the same moment, or the same name.
    async fn lost_to_another(&self, user: &str, wish: &CreateServer, name: &str) -> Result<Vec<String>> {
        let made = self.store.find_by_request(user, &wish.request).await;
        match made.map_err(|e| report("writing a server down", &e))? {
            made if made.is_empty() => Err(Error::field("name", name_taken(name))),
            made => Ok(made),
        }
    }

    /// Our own limits, and what the site has left.
    fn check_limits(&self, mine: &Totals, chosen: &Chosen<'_>, room: &Room, servers: u64) -> Result<()> {
        let used = |n: i64| n.unsigned_abs();
        let share = |used: u64, limit: u64| Share { used, limit: Some(limit) };
        let (limits, size) = (&self.config, chosen.size);
        let yours = "your limit here";
        let theirs = chosen.site.title();
        let rows = [
            ("servers", servers, share(used(mine.servers), limits.per_user), yours),
            ("cores", size.cores * servers, share(used(mine.cores), limits.cores_per_user), yours),
            (
                "MiB of memory",
                size.memory_mib * servers,
                share(used(mine.memory_mib), limits.memory_mib_per_user),
                yours,
            ),
            (
                "GiB of disk",
                size.disk_gib * servers,
                share(used(mine.disk_gib), limits.disk_gib_per_user),
                yours,
            ),
            ("servers", servers, room.servers, theirs),
            ("cores", size.cores * servers, room.cores, theirs),
            ("MiB of memory", size.memory_mib * servers, room.memory_mib, theirs),
            ("GiB of disk", size.disk_gib * servers, room.disk_gib, theirs),
        ];
        let short = rows.iter().find_map(|(what, needed, share, whose)| {
            sentences::short(what, *needed, share.used, share.limit?, whose)
        });
        match short {
            None => Ok(()),
            Some(sentence) => Err(Error::field(
                "size",
                format!("{sentence} Delete a server that you no longer need, or choose a smaller size."),
            )),
        }
    }
}

fn name_taken(name: &str) -> String {
    format!("You have a server named {name} already. Choose another name.")
}

fn count(n: u64) -> i64 {
    i64::try_from(n).unwrap_or(i64::MAX)
}
