//! The one error that crosses the wire: a closed set of codes with the data their sentences need.
//!
//! Nothing from below (SQL, HTTP, file names) is ever put into it: a failed call without JavaScript carries its error
//! in the URL. Where something broke inside, the whole chain is logged once under the `reference` that is shown here.

use leptos::server_fn::codec::JsonEncoding;
use leptos::server_fn::error::{FromServerFnError, ServerFnErrorErr};
use serde::{Deserialize, Serialize};

/// What can go wrong between a page and the server, in the domain's words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
pub enum Error {
    /// The thing does not exist, or is not the caller's: the two are never told apart.
    #[error(
        "There is nothing here under that name. It may have been removed, or it belongs to somebody else."
    )]
    NotFound,
    /// Keeping anything needs a user.
    #[error("Sign in to keep this. You will come back to exactly where you are.")]
    SignInNeeded,
    /// The caller is known and may not.
    #[error("Your account may not do this. Ask the operator of this Skyport.")]
    Forbidden,
    /// What was typed cannot be used; each field says why.
    #[error("{}", first_sentence(.0))]
    Invalid(Vec<FieldError>),
    /// The ADQL text has a fault at a place.
    #[error("{}", .0.sentence)]
    Adql(AdqlFault),
    /// A limit of this Skyport was reached; the sentence says which and what to do.
    #[error("{0}")]
    Limit(String),
    /// An archive said no or did not answer; the sentence says which and why.
    #[error("{0}")]
    Archive(String),
    /// The database or another part is away for the moment.
    #[error(
        "Skyport cannot reach its database at the moment. Nothing was lost; try again in a minute. Reference {reference}."
    )]
    Unavailable {
        /// Under which the log has the whole story.
        reference: String,
    },
    /// A fault of ours.
    #[error(
        "Something broke on our side. Nothing you kept was lost; try again, and give the operator reference {reference} if it stays."
    )]
    Internal {
        /// Under which the log has the whole story.
        reference: String,
    },
    /// The server could not be reached from the browser, or the request was not understood.
    #[error("The server did not answer. Check the connection and try again.")]
    Transport,
    /// The request did not have the form that this version of the page sends.
    #[error(
        "This page is older than the server, or the form was changed on its way. Reload the page and try again."
    )]
    StaleForm,
}

/// One field of a form and what is wrong with it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FieldError {
    /// The field's `name` in the form.
    pub field: String,
    /// What is wrong and what would be right.
    pub sentence: String,
}

/// A fault in an ADQL text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AdqlFault {
    /// What is wrong and what to do now. It names the nearest names itself, so that no page says them twice.
    pub sentence: String,
    /// Byte range in the text.
    pub start: usize,
    /// End of the byte range, exclusive.
    pub end: usize,
    /// 1-based.
    pub line: usize,
    /// 1-based, in characters.
    pub column: usize,
    /// Names that come near an unknown one, best first, to be put in with one click.
    pub nearest: Vec<String>,
}

/// The result of everything that crosses the wire.
pub type Result<T, E = Error> = std::result::Result<T, E>;

impl Error {
    /// A fault of a single field.
    pub fn field(field: &str, sentence: impl Into<String>) -> Self {
        Self::Invalid(vec![FieldError { field: field.to_owned(), sentence: sentence.into() }])
    }

    /// The HTTP status that a page or endpoint with this error answers with.
    pub fn status(&self) -> u16 {
        match self {
            Self::NotFound => 404,
            Self::SignInNeeded => 401,
            Self::Forbidden => 403,
            Self::Invalid(_) | Self::Adql(_) => 422,
            Self::Limit(_) => 429,
            Self::Archive(_) => 502,
            Self::Unavailable { .. } => 503,
            Self::Internal { .. } => 500,
            Self::Transport | Self::StaleForm => 400,
        }
    }

    /// The sentence for one field, where there is one.
    pub fn of_field(&self, name: &str) -> Option<&str> {
        match self {
            Self::Invalid(fields) => fields.iter().find(|f| f.field == name).map(|f| f.sentence.as_str()),
            _ => None,
        }
    }
}

fn first_sentence(fields: &[FieldError]) -> &str {
    fields.first().map_or("Something in the form needs another look.", |f| f.sentence.as_str())
}

impl FromServerFnError for Error {
    type Encoder = JsonEncoding;

    fn from_server_fn_error(value: ServerFnErrorErr) -> Self {
        match value {
            ServerFnErrorErr::Args(_)
            | ServerFnErrorErr::MissingArg(_)
            | ServerFnErrorErr::Deserialization(_) => Self::StaleForm,
            _ => Self::Transport,
        }
    }
}
