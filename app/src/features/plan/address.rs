//! The address of the plan: everything that is asked is in it, so that it can be shared, kept and gone back to.

use super::model::{PlanQuestion, Take, When};
use crate::features::software::model::Resources;
use crate::frame::query_string::{read_pairs, write_address};
use crate::text;

/// The page.
pub const PLAN: &str = "/plan";

/// The page, where one comes from what is in the basket.
pub const USE_BASKET: &str = "/plan?data=1";

/// What an address or the form asks for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Asked {
    /// When and where what could run?
    pub question: PlanQuestion,
    /// For batch: the command, one argument a line.
    pub command: String,
    /// The name of the session.
    pub title: String,
}

impl Asked {
    /// Reads the page's raw query string, or what its form would send. What cannot be read is left to its default.
    pub fn read(search: &str) -> Self {
        let mut asked =
            Self { question: PlanQuestion { data: true, ..PlanQuestion::default() }, ..Self::default() };
        let (mut within, mut from_us, mut to_us, mut size) = (false, 0, 0, None);
        let question = &mut asked.question;
        for (name, value) in read_pairs(search) {
            match name.as_str() {
                "software" => question.software = value,
                "version" => question.version = value,
                "cores" => question.resources.cores = number(&value) as u32,
                "memory" => question.resources.memory_mib = (number(&value) * 1024.0).round() as u64,
                "disk" => question.resources.disk_gib = number(&value).ceil() as u64,
                "gpus" => question.resources.gpus = number(&value) as u32,
                "nodes" => question.nodes = number(&value) as u32,
                "hours" => question.minutes = (number(&value) * 60.0).round() as u32,
                "when" => within = value == "within",
                "from" => from_us = text::of_field(&value).unwrap_or_default(),
                "to" => to_us = text::of_field(&value).unwrap_or_default(),
                // The form sends 0 for a box that is not ticked, and then what the box says.
                "data" => question.data = value != "0",
                "size" => size = read_size(&value),
                "command" => asked.command = value.replace("\r\n", "\n"),
                "title" => asked.title = value,
                _ => {}
            }
        }
        question.resources = size.unwrap_or(question.resources);
        question.when = if within { When::Within { from_us, to_us } } else { When::Now };
        asked
    }

    /// What a session was made with, to be asked for again: at the next time that there is.
    pub fn again(take: &Take) -> Self {
        let question = PlanQuestion { when: When::Now, ..take.question.clone() };
        Self { question, command: take.command.clone(), title: take.title.clone() }
    }

    /// The address of the page.
    pub fn address(&self) -> String {
        write_address(PLAN, &self.pairs())
    }

    fn pairs(&self) -> Vec<(String, String)> {
        let Self { question, command, title } = self;
        let Resources { cores, memory_mib, disk_gib, gpus } = question.resources;
        let mut pairs = Vec::new();
        let mut put = |name: &str, value: String| {
            if !value.is_empty() && value != "0" {
                pairs.push((name.to_owned(), value));
            }
        };
        put("software", question.software.clone());
        put("version", question.version.clone());
        put("cores", cores.to_string());
        put("memory", gib(memory_mib));
        put("disk", disk_gib.to_string());
        put("gpus", gpus.to_string());
        put("nodes", if question.nodes > 1 { question.nodes.to_string() } else { String::new() });
        put("hours", hours(question.minutes));
        if let When::Within { from_us, to_us } = question.when {
            put("when", "within".to_owned());
            put("from", if from_us == 0 { String::new() } else { text::field(from_us) });
            put("to", if to_us == 0 { String::new() } else { text::field(to_us) });
        }
        put("command", command.clone());
        put("title", title.clone());
        if !question.data {
            pairs.push(("data".to_owned(), "0".to_owned()));
        }
        pairs
    }
}

/// The plan of one entry of the catalogue.
pub fn plan_of(software: &str, version: &str) -> String {
    let question = PlanQuestion {
        software: software.to_owned(),
        version: version.to_owned(),
        data: true,
        ..PlanQuestion::default()
    };
    Asked { question, ..Asked::default() }.address()
}

/// MiB as a field shows GiB: `0.5`, `16`.
pub fn gib(mib: u64) -> String {
    rounded(mib as f64 / 1024.0)
}

/// Minutes as a field shows hours: `0.25`, `2`.
pub fn hours(minutes: u32) -> String {
    rounded(f64::from(minutes) / 60.0)
}

fn rounded(number: f64) -> String {
    // Fewer digits would make another number of minutes, or of MiB, of some.
    let text = format!("{number:.4}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

/// A size as its button sends it: cores, MiB, GiB of disk, GPUs.
pub fn write_size(size: &Resources) -> String {
    format!("{},{},{},{}", size.cores, size.memory_mib, size.disk_gib, size.gpus)
}

fn read_size(text: &str) -> Option<Resources> {
    let parts: Vec<u64> = text.split(',').map(|part| part.parse().ok()).collect::<Option<_>>()?;
    let &[cores, memory_mib, disk_gib, gpus] = parts.as_slice() else { return None };
    Some(Resources {
        cores: u32::try_from(cores).ok()?,
        memory_mib,
        disk_gib,
        gpus: u32::try_from(gpus).ok()?,
    })
}

/// A number of a form, with a comma or a point; 0 where it is none. Never more than any site could mean.
fn number(text: &str) -> f64 {
    let number = text.trim().replace(',', ".").parse::<f64>().unwrap_or_default();
    if number.is_finite() { number.clamp(0.0, 1e6) } else { 0.0 }
}

/// Leads a browser without JavaScript back to the plan with what was chosen and why it could not be held. The
/// environment is not among it: people put secrets there.
#[cfg(feature = "ssr")]
pub fn come_back<S: server_fn::ServerFn>(take: &Take, error: &crate::error::Error) {
    use server_fn::error::ServerFnUrlError;
    if !crate::asking::sent_without_script() {
        return;
    }
    let asked =
        Asked { question: take.question.clone(), command: take.command.clone(), title: take.title.clone() };
    let error = ServerFnUrlError::new(S::PATH, error.clone());
    if let Ok(url) = error.to_url(&format!("http://inside{}", asked.address())) {
        leptos_axum::redirect(&format!("{}?{}", url.path(), url.query().unwrap_or_default()));
    }
}

#[cfg(test)]
mod tests {
    use super::{Asked, plan_of, write_size};
    use crate::features::plan::model::{PlanQuestion, When};
    use crate::features::software::model::Resources;

    #[test]
    fn survives_its_address() {
        for minutes in [1, 7, 20, 59, 60, 100, 2879] {
            let asked = Asked {
                question: PlanQuestion {
                    software: "a b".into(),
                    version: "1+2".into(),
                    resources: Resources { cores: 210, memory_mib: 1536, disk_gib: 1000, gpus: 1 },
                    nodes: 4,
                    minutes,
                    when: When::Within { from_us: 1_795_363_740_000_000, to_us: 1_795_968_540_000_000 },
                    data: false,
                },
                command: "run\n--title=a & b".into(),
                title: "mine".into(),
            };
            let address = asked.address();
            let (_, search) = address.split_once('?').unwrap();
            assert_eq!(Asked::read(search), asked, "{address}");
        }
        assert_eq!(plan_of("notebook", ""), "/plan?software=notebook");
    }

    #[test]
    fn reads_what_the_form_sends() {
        let asked = Asked::read(
            "software=x&cores=2&memory=0,5&hours=1.5&when=now&from=2026-11-24T08%3A00&data=0&data=1",
        );
        assert_eq!(asked.question.resources.memory_mib, 512);
        assert_eq!((asked.question.minutes, asked.question.when, asked.question.data), (90, When::Now, true));
        assert!(!Asked::read("data=0").question.data);
        assert!(Asked::read("").question.data, "what is in the basket comes along unless one says no");
        let large = Resources { cores: 8, memory_mib: 16_384, disk_gib: 20, gpus: 0 };
        let pressed = Asked::read(&format!("cores=1&memory=1&size={}", write_size(&large)));
        assert_eq!(pressed.question.resources, large, "a size goes before the numbers");
        let odd = Asked::read("cores=-3&memory=NaN&hours=1e99&disk=x&when=within&from=soon");
        assert_eq!(odd.question.resources, Resources::default());
        assert_eq!(odd.question.when, When::Within { from_us: 0, to_us: 0 });
    }
}
