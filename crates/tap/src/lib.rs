#![doc = include_str!("../README.md")]

mod answer;
mod body;
mod challenge;
mod client;
mod columns;
mod error;
mod excerpt;
mod exchange;
mod limits;
mod refusal;
mod sniff;
mod token;
mod vosi;

pub use answer::{Answer, Completion, Outcome};
pub use challenge::Challenge;
pub use client::{Client, Detail};
pub use error::{Document, Error, NotATable, RedirectRefusal, Waiting};
pub use exchange::{Http, Redirects};
pub use limits::{Limits, Options, Timeouts};
pub use token::SecretToken;
pub use vosi::availability::Availability;
pub use vosi::capabilities::{
    Capabilities, DataModel, Endpoint, Feature, FeatureList, Interface, Language, OutputFormat, OutputLimit,
    SizeLimit,
};
pub use vosi::tables::{Column, DataType, Flags, ForeignKey, Schema, Table, TableSet, TypeSystem};

/// The reader whose error and limits appear in this crate's own types.
pub use votable;
