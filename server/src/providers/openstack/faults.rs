//! OpenStack's faults in our words.

use crate::providers::{Access, Fault, Reason};
use openstack::{Reason as Theirs, Resource, Retry, Thing};
use std::time::Duration;

/// Our fault for the site's, and a line in the log where its operator has to do something.
pub(super) fn fault(access: &Access, theirs: &openstack::Fault) -> Fault {
    let reason = reason(access, theirs);
    let said = theirs.words();
    let words = match said {
        "" if reason == Reason::Broken => Some(theirs.reason.to_string()),
        "" => None,
        said => Some(said.to_owned()),
    };
    let request = theirs.said.as_ref().and_then(|said| said.request_id.clone());
    if matches!(reason, Reason::Broken | Reason::SignInSetup) {
        tracing::warn!(
            site.words = said,
            site.request = request.as_deref().unwrap_or_default(),
            "an OpenStack site does not work as configured: {}",
            theirs.reason
        );
    }
    Fault { reason, words, request }
}

fn reason(access: &Access, theirs: &openstack::Fault) -> Reason {
    let wait = match theirs.retry() {
        Retry::After(wait) => wait,
        Retry::No | Retry::LookFirst => Duration::from_secs(15),
    };
    match &theirs.reason {
        Theirs::Quota(short) => short.first().map_or(Reason::NotAllowed, |first| Reason::Quota {
            resource: resource(&first.resource),
            requested: first.requested,
            used: first.used,
            limit: first.limit,
        }),
        Theirs::Denied => Reason::NotAllowed,
        Theirs::UnknownImage => Reason::NoImage,
        Theirs::UnknownFlavor => Reason::NoFlavor,
        Theirs::DiskTooSmall | Theirs::MemoryTooSmall => Reason::TooSmall,
        Theirs::UnknownKey | Theirs::BadKey => Reason::BadKey,
        Theirs::KeyNameTaken => Reason::NameTaken,
        Theirs::BadUserData => Reason::BadUserData,
        Theirs::UnknownNetwork
        | Theirs::NetworkAmbiguous
        | Theirs::ExternalNetwork
        | Theirs::NoNetwork
        | Theirs::NetworkAllocation => Reason::NoNetwork,
        Theirs::PoolEmpty | Theirs::NoRouter | Theirs::AlreadyAssociated => Reason::NoAddress,
        Theirs::TokenExpired => Reason::SignInNeeded,
        // The portal's own credentials are the operator's business.
        Theirs::SignInRefused => match access {
            Access::Site => Reason::SignInSetup,
            Access::Token(_) => Reason::SignInNeeded,
        },
        Theirs::NotAMember | Theirs::ProjectNotYours => Reason::NotAMember,
        Theirs::ProtocolNotConfigured => Reason::SignInSetup,
        Theirs::RateLimited { .. } | Theirs::Unavailable { after: Some(_) } | Theirs::NoPort => {
            Reason::Busy(wait)
        }
        // Asked for once more it is looked at first.
        Theirs::Locked | Theirs::WrongState | Theirs::NotFound(Thing::Server) => Reason::WrongState,
        Theirs::NoValidHost => Reason::NoHost,
        Theirs::RetriesExhausted | Theirs::BuildAborted | Theirs::ServerFault => Reason::BuildFailed,
        Theirs::NotYours(_) => Reason::NotYours,
        Theirs::Unreachable { .. } | Theirs::Unavailable { after: None } => Reason::Unreachable,
        Theirs::OutcomeUnknown | Theirs::Conflict => Reason::OutcomeUnknown,
        Theirs::UnknownSecurityGroup
        | Theirs::SecurityGroupAmbiguous
        | Theirs::BadName
        | Theirs::BadRequest
        | Theirs::RegionNeeded(_)
        | Theirs::NoEndpoint(_)
        | Theirs::EndpointForbidden { .. }
        | Theirs::Redirected { .. }
        | Theirs::Untrusted { .. }
        | Theirs::Microversion
        | Theirs::NotOffered
        | Theirs::NotFound(_)
        | Theirs::TooLong
        | Theirs::Unreadable => Reason::Broken,
    }
}

/// As Nova and Neutron call them.
fn resource(resource: &Resource) -> String {
    match resource {
        Resource::Servers => "instances",
        Resource::Cores => "cores",
        Resource::Memory => "ram",
        Resource::KeyPairs => "key_pairs",
        Resource::FloatingAddresses => "floatingip",
        Resource::Ports => "port",
        Resource::SecurityGroups => "security_group",
        Resource::Other(name) => name,
    }
    .to_owned()
}
