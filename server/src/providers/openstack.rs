//! OpenStack sites: a machine is a server of Nova in a project that its user may work in, marked with our server's id.

mod entry;
mod faults;
mod offering;
mod seen;

use self::entry::Entry;
use self::faults::fault;
use self::offering::offer;
use super::{
    Access, Account, Fault, Found, Given, Handle, Offer, Reason, Seen, Site, StartError, Switch, Wish,
};
use crate::clock::Clock;
use crate::config::servers::OpenStackConfig;
use async_trait::async_trait;
use openstack::{
    Action, CreateServer, Network, NetworkChoice, Operation, Reason as Theirs, Server, Session, Status, Thing,
};
use std::net::IpAddr;
use std::time::Duration;

/// One site of the configuration.
pub struct OpenStackSite {
    key: String,
    config: OpenStackConfig,
    entry: Entry,
}

/// Runs a block with a session; once more with a new one where the site has ended the first before its time. Whatever
/// the site answers so has not been done.
macro_rules! inside {
    ($site:ident, $access:ident, |$session:ident| $body:expr) => {{
        let $session = $site.entry.session($access).await?;
        match $body.await {
            Err(refused) if refused.reason == Theirs::TokenExpired => {
                $site.entry.forget($access).await;
                let $session = $site.entry.session($access).await?;
                $body.await
            }
            other => other,
        }
        .map_err(|refused| fault($access, &refused))
    }};
}

impl OpenStackSite {
    /// A site under its key. Nothing is sent yet.
    ///
    /// # Errors
    /// A sentence for the operator: the address or the file of authorities cannot be used.
    pub fn new(key: &str, config: &OpenStackConfig, clock: Clock) -> Result<Self, StartError> {
        let entry =
            Entry::new(config, clock).map_err(|error| entry::NotUsable { key: key.to_owned(), error })?;
        Ok(Self { key: key.to_owned(), config: config.clone(), entry })
    }

    /// Whether Keystone answers, and whether the portal's own credentials are taken where it has some; for `skyport check`.
    ///
    /// # Errors
    /// Why not.
    pub async fn check(&self) -> Result<(), Fault> {
        self.entry.check().await.map_err(|refused| fault(&Access::Site, &refused))?;
        if !self.wants_token() {
            self.entry.session(&Access::Site).await?;
        }
        Ok(())
    }

    /// The network of a new machine: the chosen one; else the project's only one; else what Nova makes of it.
    async fn network(&self, session: &Session, wish: &Wish) -> Result<NetworkChoice, openstack::Fault> {
        if let Some(id) = &wish.network {
            return Ok(NetworkChoice::Id(id.clone()));
        }
        let networks = session.networks().await?;
        let inner: Vec<&Network> = networks.iter().filter(|n| !n.external && n.active).collect();
        let own: Vec<&Network> = inner.iter().copied().filter(|n| n.own).collect();
        Ok(match (own.as_slice(), inner.as_slice()) {
            ([only], _) | (_, [only]) => NetworkChoice::Id(only.id.clone()),
            _ => NetworkChoice::Auto,
        })
    }

    async fn make(
        &self,
        session: &Session,
        wish: &Wish,
        operation: Operation,
    ) -> Result<String, openstack::Fault> {
        // Looked for first: what is there needs no network any more.
        if let Some(server) = session.find_server(&operation).await? {
            return Ok(server.id);
        }
        let group = &self.config.security_group;
        let new = CreateServer {
            name: wish.name.clone(),
            image: wish.image.clone(),
            flavor: wish.flavor.clone(),
            key_name: Some(key_name(&wish.server)),
            network: self.network(session, wish).await?,
            security_groups: if group.is_empty() { Vec::new() } else { vec![group.clone()] },
            user_data: wish.user_data.as_ref().map(|text| text.clone().into_bytes()),
            metadata: wish.labels.iter().map(|(k, v)| (format!("skyport.{k}"), v.clone())).collect(),
            operation,
        };
        session.create_server(&new).await
    }

    async fn address(
        &self,
        session: &Session,
        machine: &Handle,
        wanted: bool,
    ) -> Result<Given, openstack::Fault> {
        let Some(server) = find(session, machine).await? else {
            return Err(Theirs::NotFound(Thing::Server).into());
        };
        if let Some(address) = seen::outside(&server) {
            return Ok(Given::Address(address));
        }
        let inside = self.config.private_network.then(|| seen::inside(&server)).flatten();
        let networks = if wanted { session.networks().await? } else { Vec::new() };
        let pools: Vec<&Network> = networks.iter().filter(|n| n.external && n.active).collect();
        if !wanted || (pools.is_empty() && inside.is_some()) {
            return Ok(inside.map_or(Given::Without, Given::Address));
        }
        let mut refused = openstack::Fault::from(Theirs::PoolEmpty);
        for pool in pools {
            match session.ensure_floating_address(&operation(&machine.server)?, &server.id, &pool.id).await {
                Ok(address) => return Ok(Given::Address(address.ip.to_string())),
                // Neutron has one for it, and Nova does not show it yet.
                Err(no) if matches!(no.reason, Theirs::NoPort | Theirs::AlreadyAssociated) => {
                    return Ok(Given::NotYet);
                }
                // Another network may have one, or be the one that the router leads to.
                Err(no) if matches!(no.reason, Theirs::PoolEmpty | Theirs::NoRouter) => refused = no,
                Err(no) => return Err(no),
            }
        }
        Err(refused)
    }
}

#[async_trait]
impl Site for OpenStackSite {
    fn key(&self) -> &str {
        &self.key
    }

    fn title(&self) -> &str {
        &self.config.title
    }

    fn wants_token(&self) -> bool {
        self.entry.wants_token()
    }

    fn sign_in_provider(&self) -> Option<&str> {
        Some(self.config.sign_in_provider.as_str()).filter(|key| !key.is_empty())
    }

    fn reaches_machines(&self) -> bool {
        self.config.reaches_machines
    }

    fn has_image_disks(&self) -> bool {
        true
    }

    fn may_look_at(&self, address: &str) -> bool {
        address
            .parse()
            .is_ok_and(|ip: IpAddr| self.config.ssh_also_at.contains(&ip) || seen::is_elsewhere(ip))
    }

    fn settles_in(&self) -> Duration {
        Duration::from_secs(self.config.settle_s)
    }

    async fn account(&self, access: &Access) -> Result<Option<Account>, Fault> {
        let session = self.entry.session(access).await?;
        let project = session.project();
        Ok(Some(Account {
            project: project.id.clone(),
            project_name: project.name.clone(),
            user: session.user_id().to_owned(),
        }))
    }

    async fn offer(&self, access: &Access) -> Result<Offer, Fault> {
        inside!(self, access, |session| offer(&session))
    }

    async fn place_key(&self, access: &Access, wish: &Wish) -> Result<(), Fault> {
        let name = key_name(&wish.server);
        inside!(self, access, |session| session.ensure_key(&name, &wish.public_key)).map(drop)
    }

    async fn check_room(&self, access: &Access, wish: &Wish) -> Result<(), Fault> {
        let offer = self.offer(access).await?;
        let image = offer.images.iter().find(|i| i.id == wish.image).ok_or(Fault::of(Reason::NoImage))?;
        let flavor = offer.sizes.iter().find(|f| f.id == wish.flavor).ok_or(Fault::of(Reason::NoFlavor))?;
        // Without a disk of its own the image decides how large it is.
        let small_disk = flavor.size.disk_gib != 0 && flavor.size.disk_gib < image.min_disk_gib;
        if small_disk || flavor.size.memory_mib < image.min_memory_mib {
            return Err(Fault::of(Reason::TooSmall));
        }
        let room = &offer.room;
        for (resource, share, requested) in [
            ("instances", room.servers, 1),
            ("cores", room.cores, flavor.size.cores),
            ("ram", room.memory_mib, flavor.size.memory_mib),
        ] {
            if share.limit.is_some_and(|limit| share.used + requested > limit) {
                return Err(Fault::of(Reason::Quota {
                    resource: resource.to_owned(),
                    requested: Some(requested),
                    used: Some(share.used),
                    limit: share.limit,
                }));
            }
        }
        Ok(())
    }

    async fn request(&self, access: &Access, wish: &Wish) -> Result<String, Fault> {
        let operation = operation(&wish.server).map_err(|no| fault(access, &no))?;
        inside!(self, access, |session| self.make(&session, wish, operation.clone()))
    }

    async fn look(&self, access: &Access, machine: &Handle) -> Result<Seen, Fault> {
        let server = inside!(self, access, |session| find(&session, machine))?;
        Ok(server
            .map_or(Seen::Gone, |server| Seen::There(seen::machine(&server, self.config.private_network))))
    }

    async fn give_address(&self, access: &Access, machine: &Handle, wanted: bool) -> Result<Given, Fault> {
        inside!(self, access, |session| self.address(&session, machine, wanted))
    }

    async fn take_address(&self, access: &Access, machine: &Handle) -> Result<(), Fault> {
        let operation = operation(&machine.server).map_err(|no| fault(access, &no))?;
        inside!(self, access, |session| session.release_floating_addresses(&operation)).map(drop)
    }

    async fn switch(&self, access: &Access, machine: &Handle, to: Switch) -> Result<(), Fault> {
        inside!(self, access, |session| switch(&session, machine, to))
    }

    async fn rename(&self, access: &Access, machine: &Handle, name: &str) -> Result<(), Fault> {
        inside!(self, access, |session| rename(&session, machine, name))
    }

    async fn remove(&self, access: &Access, machine: &Handle) -> Result<(), Fault> {
        inside!(self, access, |session| remove(&session, machine))
    }

    async fn remove_key(&self, access: &Access, server: &str) -> Result<(), Fault> {
        let name = key_name(server);
        inside!(self, access, |session| session.delete_key(&name)).map(drop)
    }

    async fn console(&self, access: &Access, machine: &Handle, bytes: usize) -> Result<String, Fault> {
        inside!(self, access, |session| console(&session, machine, bytes))
    }

    async fn list(&self, access: &Access) -> Result<Vec<Found>, Fault> {
        let mut servers = inside!(self, access, |session| session.servers())?;
        servers.sort_by(|a, b| (&a.created, &a.id).cmp(&(&b.created, &b.id)));
        let ours = servers.iter().filter_map(|server| {
            let id = server.metadata.get("skyport.operation")?;
            Some(Found { server: id.clone(), machine: seen::machine(server, self.config.private_network) })
        });
        Ok(ours.collect())
    }
}

/// A key pair for each server, so that taking it away takes nothing from another one.
fn key_name(server: &str) -> String {
    format!("skyport-{server}")
}

fn operation(server: &str) -> Result<Operation, openstack::Fault> {
    Operation::new(server).ok_or_else(|| Theirs::BadName.into())
}

/// The machine, by Nova's id where that is known, else by our mark.
async fn find(session: &Session, machine: &Handle) -> Result<Option<Server>, openstack::Fault> {
    let Some(id) = &machine.machine else { return session.find_server(&operation(&machine.server)?).await };
    match session.server(id).await {
        Ok(server) => Ok(Some(server)),
        Err(no) if no.reason == Theirs::NotFound(Thing::Server) => Ok(None),
        Err(no) => Err(no),
    }
}

async fn switch(session: &Session, machine: &Handle, to: Switch) -> Result<(), openstack::Fault> {
    let Some(server) = find(session, machine).await? else {
        return Err(Theirs::NotFound(Thing::Server).into());
    };
    let action = match (to, &server.status) {
        // So already; and a second restart is the first one still going on.
        (Switch::On, Status::Active) | (Switch::Off, Status::Shutoff) | (Switch::Anew, Status::Reboot) => {
            return Ok(());
        }
        (Switch::On, _) | (Switch::Anew, Status::Shutoff) => Action::Start,
        (Switch::Off, _) => Action::Stop,
        (Switch::Anew, _) => Action::Reboot,
    };
    session.act(&server.id, action).await
}

async fn rename(session: &Session, machine: &Handle, name: &str) -> Result<(), openstack::Fault> {
    match find(session, machine).await? {
        Some(server) => session.rename_server(&server.id, name).await,
        None => Err(Theirs::NotFound(Thing::Server).into()),
    }
}

async fn remove(session: &Session, machine: &Handle) -> Result<(), openstack::Fault> {
    match find(session, machine).await? {
        Some(server) => session.delete_server(&server.id).await.map(drop),
        None => Ok(()),
    }
}

async fn console(session: &Session, machine: &Handle, bytes: usize) -> Result<String, openstack::Fault> {
    let Some(server) = find(session, machine).await? else { return Ok(String::new()) };
    // Nova counts lines; eighty characters are a usual one.
    let lines = u32::try_from(bytes / 80).unwrap_or(u32::MAX).max(1);
    match session.console_log(&server.id, lines).await {
        Ok(text) => Ok(seen::tail(&text, bytes)),
        // It has none yet, or the site keeps none.
        Err(no) if matches!(no.reason, Theirs::WrongState | Theirs::NotOffered | Theirs::NotFound(_)) => {
            Ok(String::new())
        }
        Err(no) => Err(no),
    }
}
