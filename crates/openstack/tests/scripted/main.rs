//! The client against a site that plays what a real one will not do on demand: every refusal, redirects, web pages, endless
//! and silent answers, catalogues that lead astray, connections cut after a request was sent.

#![expect(clippy::unwrap_used, reason = "a test fails by it")]

mod catalogue;
mod lists;
mod rows;
mod secrets;
mod site;
mod sites_list;
mod tls;
mod trouble;
