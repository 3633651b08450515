//! Who somebody is, from what the provider says.

use super::oidc::{IdClaims, UserClaims};
use super::refusal::{Problem, Refusal};
use openidconnect::core::CoreGenderClaim;
use openidconnect::{EndUserName, LocalizedClaim, StandardClaims};
use serde_json::{Map, Value};

/// Longest name or group that is kept, in characters.
const LONGEST: usize = 300;
/// Most groups that are kept.
const MOST_GROUPS: usize = 1000;

/// A person as a provider vouches for them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Identity {
    /// The issuer; with the subject it is the user's key.
    pub issuer: String,
    /// The subject at this issuer.
    pub subject: String,
    /// Name for people.
    pub name: String,
    /// Address of mail, where given.
    pub email: Option<String>,
    /// Groups and entitlements.
    pub groups: Vec<String>,
}

impl Identity {
    /// From the id token, and the user endpoint where it was asked; the id token goes first.
    ///
    /// # Errors
    /// [`Problem::Claims`] where the subject is empty or longer than OpenID Connect Core 1.0 section 2 allows.
    pub fn new(token: &IdClaims, user: Option<&UserClaims>, groups_claim: &str) -> Result<Self, Refusal> {
        let subject = token.subject().as_str();
        if subject.trim().is_empty() || subject.len() > 255 {
            return Err(Refusal::new(Problem::Claims, "The id token's subject is empty or too long"));
        }
        let mut sources = vec![said(token)];
        sources.extend(user.map(|u| Said::new(u.standard_claims())));
        let first = |pick: fn(&Said) -> &Option<String>| sources.iter().find_map(|s| pick(s).clone());
        // Others share things with people by it: not where any source says that nobody has shown it to be theirs.
        let email = first(|s| &s.email).filter(|_| !sources.iter().any(|s| s.unverified));
        let name = first(|s| &s.name).or_else(|| first(|s| &s.username)).or_else(|| email.clone());
        let groups = groups_in(&token.additional_claims().0, groups_claim)
            .or_else(|| user.and_then(|u| groups_in(&u.additional_claims().0, groups_claim)));
        Ok(Self {
            issuer: token.issuer().to_string(),
            subject: subject.to_owned(),
            name: name.unwrap_or_else(|| cut(subject)),
            email,
            groups: groups.unwrap_or_default(),
        })
    }
}

/// Whether the user endpoint may know something that the id token does not say.
pub fn is_sparse(token: &IdClaims, groups_claim: &str) -> bool {
    let said = said(token);
    (said.name.is_none() && said.username.is_none())
        || said.email.is_none()
        || (!groups_claim.is_empty() && groups_in(&token.additional_claims().0, groups_claim).is_none())
}

struct Said {
    name: Option<String>,
    username: Option<String>,
    email: Option<String>,
    unverified: bool,
}

impl Said {
    fn new(claims: &StandardClaims<CoreGenderClaim>) -> Self {
        Self {
            name: plain(claims.name()),
            username: claims.preferred_username().and_then(|n| clean(n.as_str())),
            email: claims.email().and_then(|e| clean(e.as_str())),
            unverified: claims.email_verified() == Some(false),
        }
    }
}

fn said(token: &IdClaims) -> Said {
    Said {
        name: plain(token.name()),
        username: token.preferred_username().and_then(|n| clean(n.as_str())),
        email: token.email().and_then(|e| clean(e.as_str())),
        unverified: token.email_verified() == Some(false),
    }
}

fn plain(name: Option<&LocalizedClaim<EndUserName>>) -> Option<String> {
    let name = name?;
    let any = name.get(None).or_else(|| name.iter().next().map(|(_, n)| n))?;
    clean(any.as_str())
}

/// Without control characters and surrounding space, and cut; none where nothing is left.
fn clean(text: &str) -> Option<String> {
    let kept: String = text.chars().filter(|c| !c.is_control()).collect();
    let kept = kept.trim();
    (!kept.is_empty()).then(|| cut(kept))
}

fn cut(text: &str) -> String {
    text.chars().take(LONGEST).collect()
}

/// The groups under a claim: a list of texts, or one text. A name with dots that is not itself a claim is a path, such
/// as `realm_access.roles`.
fn groups_in(claims: &Map<String, Value>, name: &str) -> Option<Vec<String>> {
    if name.is_empty() {
        return None;
    }
    let found = claims.get(name).or_else(|| {
        let mut steps = name.split('.');
        let first = claims.get(steps.next()?)?;
        steps.try_fold(first, |value, step| value.get(step))
    })?;
    match found {
        Value::String(one) => Some(clean(one).into_iter().collect()),
        Value::Array(list) => {
            Some(list.iter().filter_map(Value::as_str).filter_map(clean).take(MOST_GROUPS).collect())
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::groups_in;
    use serde_json::json;

    fn groups(claims: &serde_json::Value, name: &str) -> Option<Vec<String>> {
        groups_in(claims.as_object().unwrap(), name)
    }

    #[test]
    fn reads_groups_in_each_form() {
        let claims = json!({
            "groups": ["a", 1, " b ", "\u{0}"], "one": "urn:x", "realm_access": {"roles": ["r"]},
            "https://x.example/groups": ["u"], "number": 4,
        });
        assert_eq!(groups(&claims, "groups"), Some(vec!["a".to_owned(), "b".to_owned()]));
        assert_eq!(groups(&claims, "one"), Some(vec!["urn:x".to_owned()]));
        assert_eq!(groups(&claims, "realm_access.roles"), Some(vec!["r".to_owned()]));
        assert_eq!(groups(&claims, "https://x.example/groups"), Some(vec!["u".to_owned()]));
        for absent in ["", "nothing", "number", "realm_access", "realm_access.nothing", "one.two"] {
            assert_eq!(groups(&claims, absent), None, "{absent}");
        }
    }
}
