//! Why a sign-in failed: a sentence for each code that `/sign-in?problem=` may carry. The codes are a closed list; what
//! else stands in the address is not shown.

/// What happened, and what to do now. Nothing for a code that is not in the list.
pub fn of_problem(code: &str) -> Option<&'static str> {
    Some(match code {
        "unreachable" => {
            "The sign-in service could not be reached. It may be down for a moment: try again, or tell the operator of this Skyport if it stays."
        }
        "cancelled" => {
            "You stopped the sign-in at the provider, so nothing was changed. Choose a provider to try again."
        }
        "state" => {
            "This sign-in was not begun in this browser, or it took too long. Begin again here, in one window."
        }
        "replayed" => {
            "This sign-in was used already, perhaps by going back or reloading. Begin again to get a fresh one."
        }
        "nonce" => {
            "The answer of the sign-in service belongs to another sign-in. Nobody was signed in. Begin again here."
        }
        "expired" => "The answer of the sign-in service came too late and is no longer valid. Begin again.",
        "issuer" => {
            "The answer came from another sign-in service than the one you chose. Nobody was signed in. Tell the operator if it stays."
        }
        "audience" => {
            "The answer was meant for another site. Nobody was signed in. The operator has to look at how this Skyport is registered there."
        }
        "signature" => {
            "The answer of the sign-in service is not signed as it should be. Nobody was signed in. Try again, and tell the operator if it stays."
        }
        "alg_none" => {
            "The sign-in service sent an answer without a signature, which Skyport never accepts. The operator has to correct its settings."
        }
        "skew" => {
            "The clocks of Skyport and of the sign-in service differ by more than two minutes. The operator has to set them right; then try again."
        }
        "token" => {
            "The sign-in service refused to complete the sign-in. Begin again, and tell the operator if it stays."
        }
        "claims" => {
            "The sign-in service did not say who you are in the way Skyport needs. The operator has to look at the scopes and claims."
        }
        "config" => {
            "This provider is not set up rightly here. Choose another one, or tell the operator of this Skyport."
        }
        "rate" => {
            "There were too many sign-ins from your network in a short time. Wait a minute, then try again."
        }
        _ => return None,
    })
}

/// All codes that have a sentence.
pub const CODES: [&str; 15] = [
    "unreachable",
    "cancelled",
    "state",
    "replayed",
    "nonce",
    "expired",
    "issuer",
    "audience",
    "signature",
    "alg_none",
    "skew",
    "token",
    "claims",
    "config",
    "rate",
];
