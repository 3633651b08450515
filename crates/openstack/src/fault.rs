//! Everything that can go wrong with a site, each as a reason that a program can match on and a person can act on.

use std::fmt;
use std::time::Duration;

use crate::{Refusal, Service};

pub(crate) mod read;
mod spawn;

/// A call that did not do what it should: why, and in whose words.
#[derive(Debug, thiserror::Error)]
#[error("{reason}")]
pub struct Fault {
    /// Why. Boxed with the rest, so that results stay small.
    pub reason: Reason,
    /// What the site said, if it answered.
    pub said: Option<Box<Said>>,
    /// What the network said, if no whole answer came.
    #[source]
    source: Option<reqwest::Error>,
}

/// A site's own words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Said {
    /// Which service spoke.
    pub service: Service,
    /// The HTTP status; 0 where the words come from a server's own fault.
    pub status: u16,
    /// Its words: one line without markup, at most 500 characters; may be empty.
    pub words: String,
    /// By which the site's operators find the request in their logs.
    pub request_id: Option<String>,
}

/// What to do with a fault.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Retry {
    /// Not again: something must change first.
    No,
    /// The same once more, after this long at least.
    After(Duration),
    /// It may have been done: look for the operation's mark, or at the state, before repeating anything.
    LookFirst,
}

/// What was asked for and is not there, or is not ours.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "each is its own word")]
pub enum Thing {
    Project,
    Server,
    KeyPair,
    Image,
    Flavor,
    Network,
    Port,
    SecurityGroup,
    FloatingAddress,
    Page,
}

/// What a quota counts.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "each is its own word")]
pub enum Resource {
    Servers,
    Cores,
    Memory,
    KeyPairs,
    FloatingAddresses,
    Ports,
    SecurityGroups,
    /// In the site's own word.
    Other(String),
}

/// One number that is short. Memory is in MiB.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shortage {
    /// Of what.
    pub resource: Resource,
    /// How much this wanted, where the site says it.
    pub requested: Option<u64>,
    /// How much is in use.
    pub used: Option<u64>,
    /// How much there may be.
    pub limit: Option<u64>,
}

/// Why. Closed on purpose: who matches on it is told by the compiler when a new one appears.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Reason {
    /// Nova or Neutron: the project's quota.
    #[error("the project's quota at this site is used up: {}; delete what is not needed, choose less, or ask the site for more", list(.0))]
    Quota(Vec<Shortage>),
    /// Status 403 by the site's policy.
    #[error("the site does not allow this to you; ask its support whether your role should")]
    Denied,
    /// The image was deleted, or is not for this project.
    #[error("the site does not have this image any more; choose another one")]
    UnknownImage,
    /// The flavor is gone.
    #[error("the site does not have this size any more; choose another one")]
    UnknownFlavor,
    /// The key pair is not the user's.
    #[error("the site does not have this key; put it there again")]
    UnknownKey,
    /// The network is gone.
    #[error("the site does not have this network for your project; choose another one")]
    UnknownNetwork,
    /// The security group is gone.
    #[error("the site does not have this security group for your project; choose another one")]
    UnknownSecurityGroup,
    /// The flavor's disk is smaller than the image.
    #[error("the disk of this size is too small for the image; choose a larger size")]
    DiskTooSmall,
    /// The flavor's memory is smaller than the image wants.
    #[error("the memory of this size is too small for the image; choose a larger size")]
    MemoryTooSmall,
    /// The project has several networks and none was named.
    #[error("the project has several networks; choose one")]
    NetworkAmbiguous,
    /// Several security groups have this name.
    #[error("several security groups have this name; name it by its id")]
    SecurityGroupAmbiguous,
    /// A network that only routers may be in.
    #[error("servers may not be put into an external network directly; choose a network of the project")]
    ExternalNetwork,
    /// No network of its own could be made.
    #[error("the site could not make a network for the project; choose one, or ask the site to make one")]
    NoNetwork,
    /// No address left in the external network.
    #[error("the site has no public address left; try again later, or create the server without one")]
    PoolEmpty,
    /// The server's network has no way out.
    #[error(
        "the server's network has no router to the outside; choose another network, or ask the site to connect it"
    )]
    NoRouter,
    /// The port has an address already.
    #[error("the server has a public address already")]
    AlreadyAssociated,
    /// The server has no port with an address yet.
    #[error("the server has no address of its own yet")]
    NoPort,
    /// The key is not one that this site reads.
    #[error("the site cannot read this key; older sites do not know newer kinds: use an ed25519 or RSA key")]
    BadKey,
    /// Another key has this name.
    #[error("another key has this name at the site; choose another name")]
    KeyNameTaken,
    /// The site does not take a name.
    #[error("the site does not take this name")]
    BadName,
    /// The user data is too long or not as the site wants it.
    #[error("the site does not take this user data; it may be at most 48 KiB")]
    BadUserData,
    /// Another fault of the request.
    #[error("the site does not take this request")]
    BadRequest,
    /// The token is not valid any more.
    #[error("the sign-in at this site has run out; sign in again")]
    TokenExpired,
    /// The OpenID token, the application credential or the password was not accepted.
    #[error("the site does not accept this sign-in; it may have run out: sign in again")]
    SignInRefused,
    /// The person is known but no rule lets them in.
    #[error("the site does not let you in; you need to be a member of a virtual organisation that it serves")]
    NotAMember,
    /// None of the protocols is offered for this identity provider.
    #[error(
        "the site does not offer this way to sign in; its identity provider or protocol is not configured there"
    )]
    ProtocolNotConfigured,
    /// The project is not the user's.
    #[error("this project is not one of yours at this site; choose another one")]
    ProjectNotYours,
    /// The site has several regions and the settings name none.
    #[error("the site has several regions ({}); name one in its configuration", .0.join(", "))]
    RegionNeeded(Vec<String>),
    /// The catalogue lacks a service.
    #[error("the site offers no {0} service in this region; check the region, or ask the site")]
    NoEndpoint(Service),
    /// The catalogue or a redirect points where we do not go.
    #[error("the site sends us to {host}, which was not done: {why}")]
    EndpointForbidden {
        /// Where to.
        host: String,
        /// Why not.
        why: Refusal,
    },
    /// A redirect, which is never followed.
    #[error(
        "the site sent us on to {to}, which was not followed; it may want a browser, or its address is another one"
    )]
    Redirected {
        /// Where to, without its query.
        to: String,
    },
    /// The certificate does not convince.
    #[error(
        "the certificate of {host} is not one that we trust; the site's operators can say which authority signed it"
    )]
    Untrusted {
        /// Whose.
        host: String,
    },
    /// Too many requests.
    #[error("the site asks us to wait before we ask again")]
    RateLimited {
        /// How long, if it says so.
        after: Option<Duration>,
    },
    /// The microversion is not offered.
    #[error("the site's Nova does not know what we ask for; it may be too old")]
    Microversion,
    /// Not offered by this site.
    #[error("the site does not offer this")]
    NotOffered,
    /// Locked by somebody.
    #[error("the server is locked; whoever locked it must unlock it first")]
    Locked,
    /// Not in this state, or not while another task runs.
    #[error("the server's state does not allow this now")]
    WrongState,
    /// Another conflict.
    #[error("the site is in the way of itself; try again")]
    Conflict,
    /// No such thing, or not for us.
    #[error("there is no such {0} at the site")]
    NotFound(Thing),
    /// Somebody else's: refused by this client, whatever the site would allow.
    #[error("this {0} is not yours; other members of the project may have made it, and it was left alone")]
    NotYours(Thing),
    /// Server fault: no host has room.
    #[error("no machine of the site has room for this size now; try a smaller one, or later")]
    NoValidHost,
    /// Server fault: every host that was tried failed.
    #[error(
        "the site tried to start the server on all its machines and failed; try again later, or tell the site"
    )]
    RetriesExhausted,
    /// Server fault: the network could not be given.
    #[error("the site could not connect the server to its network; choose another network")]
    NetworkAllocation,
    /// Server fault: given up while building.
    #[error("the site gave up making the server; try again, or choose another image or size")]
    BuildAborted,
    /// Server fault: anything else.
    #[error("the site reports a fault of the server")]
    ServerFault,
    /// No connection was made, so nothing was done.
    #[error("{host} cannot be reached; try again later")]
    Unreachable {
        /// The host.
        host: String,
    },
    /// A question that changes nothing was not answered.
    #[error("the site does not answer properly now; try again later")]
    Unavailable {
        /// How long to wait, if it says so.
        after: Option<Duration>,
    },
    /// The connection was cut, or the site failed, after a request that changes something was sent: it may have been done.
    #[error("it is not known whether the site did it; we look before anything is repeated")]
    OutcomeUnknown,
    /// Longer than [`Settings::max_body`](crate::Settings::max_body).
    #[error("the site's answer is too long")]
    TooLong,
    /// Not what the service answers.
    #[error("the site's answer cannot be read; it may not be OpenStack at this address")]
    Unreadable,
}

impl Fault {
    pub(crate) fn new(reason: Reason) -> Self {
        Self { reason, said: None, source: None }
    }

    pub(crate) fn network(reason: Reason, source: reqwest::Error) -> Self {
        // The address may hold more than a message should; the reason has the host.
        Self { reason, said: None, source: Some(source.without_url()) }
    }

    pub(crate) fn said(reason: Reason, said: Said) -> Self {
        Self { reason, said: Some(Box::new(said)), source: None }
    }

    /// The same words for a reason that is known better.
    pub(crate) fn with(self, reason: Reason) -> Self {
        Self { reason, ..self }
    }

    /// Whether and how the call may be repeated.
    pub fn retry(&self) -> Retry {
        let seconds = |n| Retry::After(Duration::from_secs(n));
        match &self.reason {
            // A site that asks for days means "not now".
            Reason::RateLimited { after } | Reason::Unavailable { after } => {
                Retry::After(after.map_or(Duration::from_secs(15), |t| {
                    t.clamp(Duration::from_secs(1), Duration::from_hours(1))
                }))
            }
            Reason::Unreachable { .. } => seconds(15),
            Reason::NoPort => seconds(2),
            Reason::OutcomeUnknown | Reason::Conflict | Reason::WrongState => Retry::LookFirst,
            _ => Retry::No,
        }
    }

    pub(crate) fn status(&self) -> Option<u16> {
        self.said.as_ref().map(|s| s.status)
    }

    /// Whether a new sign-in may help.
    pub fn needs_sign_in(&self) -> bool {
        matches!(self.reason, Reason::TokenExpired | Reason::SignInRefused)
    }

    /// What the site said, or nothing.
    pub fn words(&self) -> &str {
        self.said.as_ref().map_or("", |s| s.words.as_str())
    }
}

impl From<Reason> for Fault {
    fn from(reason: Reason) -> Self {
        Self::new(reason)
    }
}

impl fmt::Display for Thing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Project => "project",
            Self::Server => "server",
            Self::KeyPair => "key pair",
            Self::Image => "image",
            Self::Flavor => "flavor",
            Self::Network => "network",
            Self::Port => "port",
            Self::SecurityGroup => "security group",
            Self::FloatingAddress => "floating address",
            Self::Page => "page",
        })
    }
}

impl Resource {
    /// From Nova's and Neutron's names.
    pub(crate) fn named(name: &str) -> Self {
        match name {
            "instances" => Self::Servers,
            "cores" => Self::Cores,
            "ram" => Self::Memory,
            "key_pairs" => Self::KeyPairs,
            "floatingip" | "floating_ips" => Self::FloatingAddresses,
            "port" => Self::Ports,
            "security_group" | "security_groups" => Self::SecurityGroups,
            other => Self::Other(crate::words::short(other)),
        }
    }
}

impl fmt::Display for Resource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Servers => "servers",
            Self::Cores => "cores",
            Self::Memory => "memory (MiB)",
            Self::KeyPairs => "keys",
            Self::FloatingAddresses => "public addresses",
            Self::Ports => "network ports",
            Self::SecurityGroups => "security groups",
            Self::Other(name) => name,
        })
    }
}

impl fmt::Display for Shortage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.resource.fmt(f)?;
        match (self.requested, self.used, self.limit) {
            (Some(requested), Some(used), Some(limit)) => {
                write!(f, ", {used} of {limit} in use and {requested} more wanted")
            }
            (_, Some(used), Some(limit)) => write!(f, ", {used} of {limit} in use"),
            _ => Ok(()),
        }
    }
}

fn list(shortages: &[Shortage]) -> String {
    shortages.iter().map(Shortage::to_string).collect::<Vec<_>>().join("; ")
}
