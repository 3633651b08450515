//! VOSI capabilities with the TAP extension (VOSI 1.1 section 2, `TAPRegExt` 1.0).

use std::io::Read;

use super::xml::{Doc, Tag, Trouble};

/// The most entries of any one list; real services have dozens.
const MAX_ENTRIES: usize = 10_000;

/// What a TAP service can do, as it declares it. A list is empty where the service declares nothing.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Capabilities {
    /// Where TAP is served and how to sign in, in order.
    pub interfaces: Vec<Interface>,
    /// Query languages.
    pub languages: Vec<Language>,
    /// Data models of its tables, such as `ObsCore`.
    pub data_models: Vec<DataModel>,
    /// Formats of answers.
    pub output_formats: Vec<OutputFormat>,
    /// How tables can be uploaded, as IVOA identifiers (`ivo://ivoa.net/std/TAPRegExt#upload-inline`, ...).
    pub upload_methods: Vec<String>,
    /// Rows or bytes of an answer.
    pub output_limit: OutputLimit,
    /// Where VOSI availability is served, if it says.
    pub availability_url: Option<String>,
    /// Where VOSI tables is served, if it says.
    pub tables_url: Option<String>,
    /// Where DALI examples are served, if it says.
    pub examples_url: Option<String>,
}

impl Capabilities {
    /// The TAP versions that it serves (`1.0`, `1.1`), in order and once each. An interface that says none is 1.0,
    /// as `VOResource` has it.
    pub fn versions(&self) -> Vec<&str> {
        let mut out = Vec::new();
        for interface in &self.interfaces {
            let version = interface.version.as_deref().unwrap_or("1.0");
            if !out.contains(&version) {
                out.push(version);
            }
        }
        out
    }

    /// Every way to sign in, as IVOA identifiers, once each.
    pub fn security_methods(&self) -> Vec<&str> {
        let mut out: Vec<&str> = Vec::new();
        for method in self.interfaces.iter().flat_map(|i| &i.security_methods) {
            if !out.contains(&method.as_str()) {
                out.push(method);
            }
        }
        out
    }

    /// Whether an interface can be used without signing in, or nothing is said of it.
    pub fn is_anonymous(&self) -> bool {
        self.interfaces.is_empty() || self.interfaces.iter().any(|i| i.anonymous)
    }

    /// The declaration of ADQL.
    pub fn adql(&self) -> Option<&Language> {
        self.languages.iter().find(|l| l.name.eq_ignore_ascii_case("ADQL"))
    }
}

/// What an [`Interface`]'s address is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Endpoint {
    /// The base address, with `/sync` and `/async` below it (TAP 1.1 section 2).
    Base,
    /// `/sync` itself.
    Sync,
    /// `/async` itself.
    Async,
}

/// One address of the service.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Interface {
    /// What the address is.
    pub endpoint: Endpoint,
    /// The address, as written.
    pub access_url: String,
    /// `role`, mostly `std`.
    pub role: Option<String>,
    /// The TAP version.
    pub version: Option<String>,
    /// Whether it works without signing in: no security method, or one without an identifier.
    pub anonymous: bool,
    /// Ways to sign in, as IVOA identifiers.
    pub security_methods: Vec<String>,
}

/// One query language.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Language {
    /// Its name, mostly `ADQL`.
    pub name: String,
    /// Its versions (`2.0`, `2.1`).
    pub versions: Vec<String>,
    /// What the service says of it.
    pub description: Option<String>,
    /// What it has beyond its core.
    pub features: Vec<FeatureList>,
}

impl Language {
    /// The forms of all features whose list is of a type that ends so, for example `#features-udf`,
    /// `#features-adqlgeo`.
    pub fn features_of<'a>(&'a self, type_end: &'a str) -> impl Iterator<Item = &'a str> {
        let lists = self.features.iter().filter(move |l| l.kind.to_ascii_lowercase().ends_with(type_end));
        lists.flat_map(|l| l.features.iter().map(|f| f.form.as_str()))
    }
}

/// Features of one type.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FeatureList {
    /// The type, an IVOA identifier.
    pub kind: String,
    /// The features.
    pub features: Vec<Feature>,
}

/// One feature, such as a function.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Feature {
    /// Its name, or for user defined functions the signature.
    pub form: String,
    /// What it does.
    pub description: Option<String>,
}

/// One data model.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DataModel {
    /// Its name.
    pub name: String,
    /// Its IVOA identifier.
    pub ivo_id: Option<String>,
}

/// One format of answers.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OutputFormat {
    /// The media type.
    pub mime: String,
    /// Short names for `RESPONSEFORMAT`.
    pub aliases: Vec<String>,
}

/// How long an answer gets.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct OutputLimit {
    /// Without MAXREC.
    pub default: Option<SizeLimit>,
    /// At most, whatever MAXREC says.
    pub hard: Option<SizeLimit>,
}

/// A limit in rows or bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SizeLimit {
    /// Rows.
    Rows(u64),
    /// Bytes.
    Bytes(u64),
}

pub(crate) fn read_capabilities<R: Read>(doc: &mut Doc<R>) -> Result<Capabilities, Trouble> {
    let mut out = Capabilities::default();
    doc.root(&["capabilities"])?;
    while let Some(tag) = doc.child()? {
        let id = tag.attribute("standardID").unwrap_or_default().to_ascii_lowercase();
        if tag.name != "capability" {
            doc.skip()?;
        } else if let Some(kind) = id.strip_prefix("ivo://ivoa.net/std/tap") {
            let endpoint = match kind {
                k if k.starts_with("#sync") => Some(Endpoint::Sync),
                k if k.starts_with("#async") => Some(Endpoint::Async),
                k if k.starts_with("#examples") => None,
                _ => Some(Endpoint::Base),
            };
            match endpoint {
                Some(endpoint) => read_tap(doc, endpoint, &mut out)?,
                None => out.examples_url = first_url(doc)?.or(out.examples_url),
            }
        } else if id.contains("/std/vosi#availability") {
            out.availability_url = first_url(doc)?.or(out.availability_url);
        } else if id.contains("/std/vosi#tables") {
            out.tables_url = first_url(doc)?.or(out.tables_url);
        } else if id.contains("/std/dali#examples") {
            out.examples_url = first_url(doc)?.or(out.examples_url);
        } else {
            doc.skip()?;
        }
    }
    Ok(out)
}

fn read_tap<R: Read>(doc: &mut Doc<R>, endpoint: Endpoint, out: &mut Capabilities) -> Result<(), Trouble> {
    while let Some(tag) = doc.child()? {
        match tag.name.as_str() {
            "interface" => {
                let interface = read_interface(doc, &tag, endpoint)?;
                // Services also list pages for people here.
                if tag.xsi_type().is_none_or(|t| t != "WebBrowser") && !interface.access_url.is_empty() {
                    push(&mut out.interfaces, interface)?;
                }
            }
            "language" => push(&mut out.languages, read_language(doc)?)?,
            "dataModel" => {
                let ivo_id = tag.attribute("ivo-id");
                let name = doc.text()?.unwrap_or_default();
                push(&mut out.data_models, DataModel { name, ivo_id })?;
            }
            "outputFormat" => push(&mut out.output_formats, read_format(doc)?)?,
            "uploadMethod" => {
                let text = doc.text()?;
                if let Some(id) = tag.attribute("ivo-id").or(text) {
                    push(&mut out.upload_methods, id)?;
                }
            }
            "outputLimit" => out.output_limit = read_limit(doc)?,
            _ => doc.skip()?,
        }
    }
    Ok(())
}

fn read_interface<R: Read>(doc: &mut Doc<R>, tag: &Tag, endpoint: Endpoint) -> Result<Interface, Trouble> {
    let (role, version) = (tag.attribute("role"), tag.attribute("version"));
    let mut access_url = String::new();
    let mut security_methods = Vec::new();
    let mut anonymous = None;
    while let Some(tag) = doc.child()? {
        match tag.name.as_str() {
            "accessURL" => {
                let url = doc.text()?.unwrap_or_default();
                if access_url.is_empty() {
                    access_url = url;
                }
            }
            "securityMethod" => {
                match tag.attribute("standardID") {
                    Some(id) if !id.ends_with("#anon") => {
                        anonymous.get_or_insert(false);
                        push(&mut security_methods, id)?;
                    }
                    Some(_) | None => anonymous = Some(true),
                }
                doc.skip()?;
            }
            _ => doc.skip()?,
        }
    }
    let anonymous = anonymous.unwrap_or(true);
    Ok(Interface { endpoint, access_url, role, version, anonymous, security_methods })
}

fn read_language<R: Read>(doc: &mut Doc<R>) -> Result<Language, Trouble> {
    let mut out = Language::default();
    while let Some(tag) = doc.child()? {
        match tag.name.as_str() {
            "name" => out.name = doc.text()?.unwrap_or_default(),
            "version" => {
                if let Some(version) = doc.text()? {
                    push(&mut out.versions, version)?;
                }
            }
            "description" => out.description = doc.text()?,
            "languageFeatures" => {
                let mut list =
                    FeatureList { kind: tag.attribute("type").unwrap_or_default(), features: Vec::new() };
                while let Some(tag) = doc.child()? {
                    if tag.name == "feature" {
                        push(&mut list.features, read_feature(doc)?)?;
                    } else {
                        doc.skip()?;
                    }
                }
                push(&mut out.features, list)?;
            }
            _ => doc.skip()?,
        }
    }
    Ok(out)
}

fn read_feature<R: Read>(doc: &mut Doc<R>) -> Result<Feature, Trouble> {
    let mut out = Feature::default();
    while let Some(tag) = doc.child()? {
        match tag.name.as_str() {
            "form" => out.form = doc.text()?.unwrap_or_default(),
            "description" => out.description = doc.text()?,
            _ => doc.skip()?,
        }
    }
    Ok(out)
}

fn read_format<R: Read>(doc: &mut Doc<R>) -> Result<OutputFormat, Trouble> {
    let mut out = OutputFormat::default();
    while let Some(tag) = doc.child()? {
        match tag.name.as_str() {
            "mime" => out.mime = doc.text()?.unwrap_or_default(),
            "alias" => {
                if let Some(alias) = doc.text()? {
                    push(&mut out.aliases, alias)?;
                }
            }
            _ => doc.skip()?,
        }
    }
    Ok(out)
}

fn read_limit<R: Read>(doc: &mut Doc<R>) -> Result<OutputLimit, Trouble> {
    let mut out = OutputLimit::default();
    while let Some(tag) = doc.child()? {
        let bytes = tag.attribute("unit").is_some_and(|u| u.starts_with("byte"));
        let number = doc.text()?.and_then(|t| t.parse::<u64>().ok());
        let limit = number.map(|n| if bytes { SizeLimit::Bytes(n) } else { SizeLimit::Rows(n) });
        match tag.name.as_str() {
            "default" => out.default = limit,
            "hard" => out.hard = limit,
            _ => {}
        }
    }
    Ok(out)
}

fn first_url<R: Read>(doc: &mut Doc<R>) -> Result<Option<String>, Trouble> {
    let mut url = None;
    while let Some(tag) = doc.child()? {
        if tag.name == "interface" && url.is_none() {
            url = Some(read_interface(doc, &tag, Endpoint::Base)?.access_url).filter(|u| !u.is_empty());
        } else {
            doc.skip()?;
        }
    }
    Ok(url)
}

fn push<T>(list: &mut Vec<T>, entry: T) -> Result<(), Trouble> {
    if list.len() >= MAX_ENTRIES {
        return Err(Trouble::TooMany { what: "entries in one list", limit: MAX_ENTRIES });
    }
    list.push(entry);
    Ok(())
}
