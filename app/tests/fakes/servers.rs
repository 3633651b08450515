//! A fake of the servers port: a server in every state, and forms of every kind.

use super::{HOSTILE, Holding, NOW_US, World, long_name};
use app::asking::Caller;
use app::error::{Error, FieldError, Result};
use app::features::servers::model::{
    AddressPolicy, CreateServer, EventView, FailureView, HostKey, ImageView, KeyChoice, Measure, NetworkView,
    NewServerView, ServerAction, ServerItem, ServerState, ServerView, ServersView, SiteView, Size, SizeView,
    StepState, StepView, Usage,
};
use app::features::servers::port::ServersPort;
use async_trait::async_trait;
use std::cmp::Ordering;

pub(crate) struct FakeServers(pub(crate) World);

/// Every state with its server's id.
pub(crate) const STATES: [(&str, ServerState); 11] = [
    ("creating", ServerState::Creating),
    ("needs-sign-in", ServerState::NeedsSignIn),
    ("failed", ServerState::Failed),
    ("vanished", ServerState::Vanished),
    ("ready", ServerState::Ready),
    ("stopped", ServerState::Stopped),
    ("starting", ServerState::Starting),
    ("stopping", ServerState::Stopping),
    ("rebooting", ServerState::Rebooting),
    ("deleting", ServerState::Deleting),
    ("deleted", ServerState::Deleted),
];

fn item(id: &str, state: ServerState) -> ServerItem {
    use ServerAction::{Delete, Dismiss, Reboot, Rename, Start, Stop};
    let name = match state {
        ServerState::Vanished => HOSTILE.to_owned(),
        ServerState::Stopped => long_name(),
        _ => format!("reduction-{id}"),
    };
    let now = match state {
        ServerState::Creating => Some("Starting: waits for ssh to answer.".to_owned()),
        ServerState::Failed => Some("The site has no host with enough memory free.".to_owned()),
        ServerState::Deleting => Some("The disk is being removed.".to_owned()),
        _ => None,
    };
    let actions = match state {
        ServerState::Ready => vec![Stop, Reboot, Rename, Delete],
        ServerState::Stopped => vec![Start, Rename, Delete],
        ServerState::NeedsSignIn | ServerState::Creating => vec![Delete],
        state if state.is_over() => vec![Dismiss],
        _ => Vec::new(),
    };
    ServerItem {
        id: id.to_owned(),
        name,
        state,
        since_us: NOW_US - 95_000_000,
        site: if state == ServerState::NeedsSignIn { "CESGA".into() } else { "This machine".into() },
        image: "Debian 13".into(),
        size: Size { cores: 1, memory_mib: 512, disk_gib: 3 },
        disk_as_image: false,
        ssh: matches!(state, ServerState::Ready | ServerState::Stopped)
            .then(|| "debian@127.0.1.2".to_owned()),
        now,
        actions,
    }
}

fn usage(measure: Measure, used: u64, limit: Option<u64>, whose: &str) -> Usage {
    Usage { measure, used, limit, whose: whose.into() }
}

fn own_usage(full: bool) -> Vec<Usage> {
    let used = |number: u64| if full { number } else { 0 };
    vec![
        usage(Measure::Servers, used(2), Some(5), "Your limit"),
        usage(Measure::Cores, used(2), Some(4), "Your limit"),
        usage(Measure::MemoryMib, used(1024), Some(4096), "Your limit"),
        usage(Measure::DiskGib, used(6), Some(20), "Your limit"),
    ]
}

/// What a server is being made with.
fn choices(state: ServerState) -> CreateServer {
    CreateServer {
        request: "r0".into(),
        name: "reduction-1".into(),
        site: "local".into(),
        image: "debian".into(),
        size: "small".into(),
        key: "k1".into(),
        user_data: if state == ServerState::Failed {
            "#cloud-config\npassword: secret".into()
        } else {
            String::new()
        },
        count: 1,
        ..CreateServer::default()
    }
}

fn steps(state: ServerState) -> (String, Vec<StepView>) {
    let titles: &[&str] = match state {
        ServerState::Deleting | ServerState::Deleted => {
            &["Machine removed", "Address given back", "Disk removed"]
        }
        _ => &[
            "Key in place",
            "Quota checked",
            "Machine requested",
            "Starting",
            "Address assigned",
            "Ssh answers",
        ],
    };
    let now = match state {
        ServerState::Creating | ServerState::Failed => 3,
        ServerState::NeedsSignIn | ServerState::Deleting => 2,
        _ => titles.len(),
    };
    let steps = titles.iter().enumerate().map(|(i, title)| {
        let at = NOW_US - 95_000_000 + i as i64 * 1_800_000;
        let stands = match (i.cmp(&now), state) {
            (Ordering::Less, ServerState::Failed) if i == 2 => StepState::Undone,
            (Ordering::Less, _) => StepState::Done,
            (Ordering::Equal, ServerState::Failed) => StepState::Failed,
            (Ordering::Equal, ServerState::NeedsSignIn) | (Ordering::Greater, _) => StepState::Waiting,
            (Ordering::Equal, _) => StepState::Running,
        };
        let note = match stands {
            StepState::Running => {
                Some("The machine boots under emulation, which takes a few seconds more.".to_owned())
            }
            StepState::Failed => Some("No valid host was found.".to_owned()),
            _ if i == 0 => Some("laptop".to_owned()),
            _ => None,
        };
        let ended = matches!(stands, StepState::Done | StepState::Undone | StepState::Failed);
        StepView {
            title: (*title).to_owned(),
            state: stands,
            started_us: (stands != StepState::Waiting).then_some(at),
            ended_us: ended.then_some(at + 1_740_000),
            note,
        }
    });
    let title = match state {
        ServerState::Deleting | ServerState::Deleted => "Deletion",
        _ => "Creation",
    };
    (title.to_owned(), steps.collect())
}

fn failure() -> FailureView {
    FailureView {
        what: "The site could not find a place for the server: no host has enough memory free.".into(),
        words: Some(format!("No valid host was found. There are not enough hosts available. {HOSTILE}")),
        request: Some("req-7c1f2f0e-95a5-4c56-8d7d-0a4b2f5d9b11".into()),
        cleaned: vec!["The machine was removed.".into(), "The address 193.144.35.7 was given back.".into()],
        next: "Choose a smaller size or another site, or try again later.".into(),
    }
}

fn show(id: &str, state: ServerState) -> ServerView {
    let (steps_title, steps) = steps(state);
    let ready = state == ServerState::Ready;
    let item = item(id, state);
    ServerView {
        created_us: NOW_US - 95_000_000,
        address: (ready || state == ServerState::Stopped).then(|| "127.0.1.2".to_owned()),
        port: ready.then_some(22),
        access_user: Some("debian".into()),
        ssh_command: item.ssh.as_ref().map(|to| format!("ssh {to}")),
        host_keys: if ready { host_keys() } else { Vec::new() },
        key_name: "laptop".into(),
        key_sha256: "SHA256:uNiVztksCsDhcc0u9e8BrrJXVGDF4ClY9bXkR5zCkZs".into(),
        steps_title,
        steps,
        events: vec![
            EventView { at_us: NOW_US - 80_000_000, what: "Ssh answered.".into() },
            EventView { at_us: NOW_US - 95_000_000, what: "Created by Ada Astronomer.".into() },
        ],
        facts: vec![
            ("Site".into(), item.site.clone()),
            ("Image".into(), item.image.clone()),
            ("Access key".into(), "laptop (SHA256:uNiVztksCsDhcc0u9e8BrrJXVGDF4ClY9bXkR5zCkZs)".into()),
            ("Machine".into(), "5f2c9f0a-0f1b-4b0e-9a51-0d5a8f1a7c22".into()),
            ("Runs under".into(), "emulation: this machine has no KVM".into()),
        ],
        failure: (state == ServerState::Failed).then(failure),
        sign_in_at: (state == ServerState::NeedsSignIn).then(|| "cesga".to_owned()),
        choices: choices(state),
        item,
    }
}

fn host_keys() -> Vec<HostKey> {
    let key = |algorithm: &str, sha256: &str| HostKey {
        algorithm: algorithm.into(),
        sha256: format!("SHA256:{sha256}"),
        known_hosts: format!("127.0.1.2 {algorithm} AAAAC3NzaC1lZDI1NTE5AAAAI{sha256}"),
    };
    vec![
        key("ssh-ed25519", "Q2HkPz1gAdDF5BvzQm5Q3y7tcfCSu2RSnYJ1eM8xgWk"),
        key("ecdsa-sha2-nistp256", "0n0b6cdNzCHm8RZ4r9p2Xk3tM2c0Yw7gJ1dPzS5cV8I"),
    ]
}

fn size_view(id: &str, title: &str, size: (u64, u64, u64), short: Option<&str>) -> SizeView {
    let (cores, memory_mib, disk_gib) = size;
    SizeView {
        id: id.into(),
        title: title.into(),
        size: Size { cores, memory_mib, disk_gib },
        disk_as_image: false,
        short: short.map(str::to_owned),
    }
}

fn local() -> SiteView {
    let image = |id: &str, title: &str, version: &str, user: &str, needs: (u64, u64)| ImageView {
        id: id.into(),
        title: title.into(),
        system: "Debian".into(),
        version: version.into(),
        access_user: user.into(),
        min_memory_mib: needs.0,
        min_disk_gib: needs.1,
        takes_user_data: needs.1 > 0,
    };
    SiteView {
        key: "local".into(),
        title: "This machine".into(),
        note: Some("Machines run under emulation here, several times slower than real ones.".into()),
        trouble: None,
        wants_token: false,
        images: vec![
            image("small", "Tiny Linux", "6.1", "debian", (128, 0)),
            image("debian", "Debian 13", "13", "debian", (512, 3)),
        ],
        sizes: vec![
            size_view("tiny", "Tiny", (1, 256, 2), None),
            size_view("small", "Small", (1, 512, 4), None),
            size_view("medium", "Medium", (2, 2048, 10), None),
            size_view("large", "Large", (4, 4096, 20), Some("It needs 4 cores; 2 are left of your 4.")),
        ],
        networks: Vec::new(),
        disk_can_vary: true,
        has_addresses: false,
        usage: vec![
            usage(Measure::Cores, 3, Some(8), "This machine"),
            usage(Measure::MemoryMib, 3072, Some(16_384), "This machine"),
            usage(Measure::DiskGib, 12, None, "This machine"),
        ],
    }
}

fn sites() -> Vec<SiteView> {
    let bare = SiteView { images: Vec::new(), sizes: Vec::new(), usage: Vec::new(), note: None, ..local() };
    vec![
        local(),
        SiteView {
            key: "cesga".into(),
            title: "CESGA".into(),
            note: Some("EGI Federated Cloud, Santiago de Compostela".into()),
            wants_token: true,
            ..bare.clone()
        },
        SiteView {
            key: "cesnet".into(),
            title: "CESNET-MCC".into(),
            trouble: Some(
                "Its sign-in service does not answer. Choose another site, or look again in a while.".into(),
            ),
            ..bare
        },
        SiteView {
            key: "private".into(),
            title: "Observatory cloud".into(),
            networks: vec![NetworkView { id: "n1".into(), title: "science".into() }],
            has_addresses: true,
            usage: vec![usage(Measure::Addresses, 1, Some(2), "Your project at the observatory cloud")],
            note: Some(HOSTILE.into()),
            ..local()
        },
    ]
}

impl FakeServers {
    fn open(&self, caller: &Caller) -> Result<()> {
        self.0.reach()?;
        caller.user().map(|_| ())
    }

    fn state(&self, caller: &Caller, id: &str) -> Result<ServerState> {
        self.open(caller)?;
        let state = STATES.iter().find(|(known, _)| *known == id && self.0.full());
        state.map(|(_, state)| *state).ok_or(Error::NotFound)
    }
}

#[async_trait]
impl ServersPort for FakeServers {
    async fn list(&self, caller: &Caller, offset: u64) -> Result<ServersView> {
        self.open(caller)?;
        let full = self.0.full();
        let mut items: Vec<_> =
            if full { STATES.iter().map(|(id, state)| item(id, *state)).collect() } else { Vec::new() };
        if full {
            items.extend((0..60).map(|i| item(&format!("more-{i}"), ServerState::Ready)));
        }
        Ok(ServersView {
            total: items.len() as u64,
            items: items.into_iter().skip(usize::try_from(offset).unwrap_or(usize::MAX)).take(50).collect(),
            offset,
            usage: own_usage(full),
        })
    }

    async fn choices(&self, caller: &Caller, site: &str) -> Result<NewServerView> {
        self.open(caller)?;
        let (full, key) = (self.0.holding == Holding::Full, |id: &str, name: String| KeyChoice {
            id: id.into(),
            name,
            sha256: "SHA256:uNiVztksCsDhcc0u9e8BrrJXVGDF4ClY9bXkR5zCkZs".into(),
        });
        let keys = vec![key("k1", "laptop".into()), key("k2", HOSTILE.into())];
        Ok(NewServerView {
            request: "01J0REQUEST".into(),
            suggestion: "ada-1".into(),
            last: full.then(|| CreateServer {
                count: 7,
                address: AddressPolicy::None,
                ..choices(ServerState::Ready)
            }),
            // A site of that name is alone, for the form that asks for none.
            sites: if full && site != "alone" { sites() } else { vec![local()] },
            keys: if full { keys } else { Vec::new() },
            usage: own_usage(full),
        })
    }

    async fn create(&self, caller: &Caller, wish: CreateServer) -> Result<Vec<String>> {
        self.open(caller)?;
        let mut faults = Vec::new();
        let mut fault = |field: &str, sentence: &str| {
            faults.push(FieldError { field: field.into(), sentence: sentence.into() });
        };
        if wish.name.chars().any(|c| !c.is_ascii_lowercase() && !c.is_ascii_digit() && c != '-') {
            fault("name", "Use small letters, digits and hyphens in the name.");
        }
        if wish.size == "large" {
            fault("size", "Large needs 4 cores; 2 are left of your 4.");
        }
        if wish.user_data.starts_with('\t') {
            fault("user_data", "The user data is not YAML: line 1 begins with a tab.");
        }
        if faults.is_empty() {
            Ok(vec!["creating".to_owned(); wish.count.max(1) as usize])
        } else {
            Err(Error::Invalid(faults))
        }
    }

    async fn show(&self, caller: &Caller, id: &str) -> Result<ServerView> {
        let state = self.state(caller, id)?;
        Ok(show(id, state))
    }

    async fn act(&self, caller: &Caller, id: &str, action: ServerAction, name: &str) -> Result<()> {
        let state = self.state(caller, id)?;
        if action == ServerAction::Delete && name != item(id, state).name {
            return Err(Error::field("name", "That is not this server's name. Nothing was deleted."));
        }
        Ok(())
    }

    async fn console(&self, caller: &Caller, id: &str) -> Result<String> {
        self.state(caller, id)?;
        Ok(format!("[    0.000000] Linux version 6.12\n{HOSTILE}\nreduction-1 login: "))
    }

    async fn give_token(&self, caller: &Caller, _site: &str, token: String) -> Result<()> {
        self.open(caller)?;
        match token.as_str() {
            "good" => Ok(()),
            _ => Err(Error::field(
                "token",
                "The site does not take this token. Copy it again, whole, and paste it within its hour.",
            )),
        }
    }
}
