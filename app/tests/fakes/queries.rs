//! A fake of the queries port: queries in every state, and a result of a thousand made-up rows.

use super::{HOSTILE, NOW_US, World, long_name};
use app::asking::Caller;
use app::error::{AdqlFault, Error, Result};
use app::features::archives::model::ColumnKind;
use app::features::queries::filter::{Comparison, Condition};
use app::features::queries::model::{
    CompletionView, LimitsView, PlotMarks, PlotQuestion, PlotView, QueryState, QueryView, Question,
    ResultColumn, Target, WindowQuestion, WindowRow, WindowView,
};
use app::features::queries::port::QueriesPort;
use async_trait::async_trait;

pub(crate) struct FakeQueries(pub(crate) World);

const ROWS: u64 = 1000;
const ADQL: &str = "SELECT TOP 10000 id, ra, dec, mag, bv, name\nFROM sky.stars\nWHERE 1 = CONTAINS(POINT('ICRS', ra, dec), CIRCLE('ICRS', 83.8187, -5.3897, 3))\n  AND mag < 12\nORDER BY mag";

fn columns() -> Vec<ResultColumn> {
    use ColumnKind::{Integer, Number, Text};
    let column = |name: &str, kind, unit: Option<&str>, ucd: &str, description: &str| ResultColumn {
        name: name.into(),
        kind,
        unit: unit.map(str::to_owned),
        ucd: Some(ucd.into()),
        description: Some(description.into()),
    };
    vec![
        column("id", Integer, None, "meta.id;meta.main", "Number in the Hipparcos catalogue"),
        column("ra", Number, Some("deg"), "pos.eq.ra;meta.main", "Right ascension"),
        column("dec", Number, Some("deg"), "pos.eq.dec;meta.main", "Declination"),
        column("mag", Number, Some("mag"), "phot.mag;em.opt.V", "V magnitude"),
        column("bv", Number, Some("mag"), "phot.color", "Colour index B-V"),
        column("name", Text, None, "meta.id", HOSTILE),
    ]
}

fn query(id: &str, state: QueryState, title: &str, minutes: i64) -> QueryView {
    let has_result = matches!(state, QueryState::Completed | QueryState::Failed) && id != "q4";
    let asked = NOW_US - minutes * 60_000_000;
    QueryView {
        id: id.into(),
        archive: "local".into(),
        archive_title: "Bright sky".into(),
        title: title.into(),
        adql: ADQL.into(),
        state,
        rows: if has_result { ROWS } else { 0 },
        bytes: if has_result { 31_000 } else { 0 },
        overflow: (id == "q1")
            .then(|| "The archive cut the answer at 1,000 rows. Narrow the question for all of them.".into()),
        reason: match state {
            QueryState::Failed => {
                Some("MAST did not answer within 60 s. Try again, or ask for fewer rows.".into())
            }
            QueryState::Interrupted => Some("Skyport was restarted while it ran. Ask it again.".into()),
            QueryState::Expired => Some("The result was kept for 7 days and is gone. Ask it again.".into()),
            _ => None,
        },
        fault: None,
        before_it: (state == QueryState::Queued).then_some(2),
        asked_us: asked,
        started_us: (state != QueryState::Queued).then_some(asked + 1000),
        ended_us: state.is_over().then_some(asked + 80_000),
        kept_until_us: has_result.then_some(NOW_US + 7 * 86_400_000_000),
        has_result,
        columns: if has_result { columns() } else { Vec::new() },
    }
}

fn queries() -> Vec<QueryView> {
    vec![
        query("q8", QueryState::Running, "Bright galaxies around M 87", 0),
        query("q7", QueryState::Queued, "Open clusters of the northern sky", 1),
        query("q1", QueryState::Completed, "Stars within 3° of the Orion Nebula", 12),
        query("q4", QueryState::Failed, "HST images of M 51", 44),
        query("q3", QueryState::Completed, HOSTILE, 80),
        query("q5", QueryState::Cancelled, &long_name(), 90),
        query("q6", QueryState::Interrupted, "Messier objects by brightness", 300),
        query("q9", QueryState::Expired, "Every star with a name", 12_000),
        QueryView {
            adql: ADQL.replace("mag <", "magg <"),
            fault: fault_in(&ADQL.replace("mag <", "magg <")),
            reason: Some("There is no column magg in sky.stars. Did you mean mag?".into()),
            ..without_rows(query("q2", QueryState::Failed, "A name that is not there", 13_000))
        },
        QueryView {
            has_result: true,
            columns: columns(),
            ..without_rows(query("q0", QueryState::Completed, "Stars of magnitude 99", 14_000))
        },
    ]
}

fn without_rows(query: QueryView) -> QueryView {
    QueryView { rows: 0, bytes: 0, has_result: false, columns: Vec::new(), ..query }
}

fn fault_in(adql: &str) -> Option<AdqlFault> {
    adql.find("magg").map(|start| AdqlFault {
        sentence: "There is no column magg in sky.stars. Did you mean mag?".into(),
        start,
        end: start + 4,
        line: adql[..start].matches('\n').count() + 1,
        column: adql[..start].chars().rev().take_while(|c| *c != '\n').count() + 1,
        nearest: vec!["mag".into()],
    })
}

fn cell(row: u64, column: &str) -> Option<String> {
    let spread = (row * 7919 % ROWS) as f64 / ROWS as f64;
    match column {
        "id" => Some((26_000 + row).to_string()),
        "ra" => Some(format!("{:.4}", 80.8 + 6.0 * spread)),
        "dec" => Some(format!("{:.4}", -8.4 + 6.0 * (row * 104_729 % ROWS) as f64 / ROWS as f64)),
        "mag" => Some(format!("{:.2}", 12.0 - 9.3 * spread * spread)),
        "bv" => (!row.is_multiple_of(9)).then(|| format!("{:.3}", 1.8 * spread - 0.3)),
        "name" if row == 1 => Some(HOSTILE.into()),
        "name" if row == 2 => Some(long_name()),
        "name" => row.is_multiple_of(4).then(|| format!("{row} Ori")),
        _ => None,
    }
}

fn passes(row: u64, question: &[app::features::queries::filter::Filter]) -> bool {
    question.iter().all(|filter| {
        let Some(column) = columns().into_iter().find(|c| c.name == filter.column) else { return false };
        let Ok(Some(condition)) = Condition::parse(&filter.text, column.kind.is_numeric()) else {
            return true;
        };
        let value = cell(row, &filter.column);
        let number = value.as_deref().and_then(|v| v.parse::<f64>().ok());
        match condition {
            Condition::Compare(comparison, than) => number.is_some_and(|n| match comparison {
                Comparison::Less => n < than,
                Comparison::AtMost => n <= than,
                Comparison::Equal => n.total_cmp(&than).is_eq(),
                Comparison::NotEqual => n.total_cmp(&than).is_ne(),
                Comparison::AtLeast => n >= than,
                Comparison::Greater => n > than,
            }),
            Condition::Between(a, b) => number.is_some_and(|n| a <= n && n <= b),
            Condition::Contains(text) => {
                value.is_some_and(|v| v.to_lowercase().contains(&text.to_lowercase()))
            }
            Condition::Is(text) => value.as_deref() == Some(&text),
            Condition::IsNot(text) => value.as_deref() != Some(&text),
            Condition::Missing => value.is_none(),
            Condition::Present => value.is_some(),
        }
    })
}

#[async_trait]
impl QueriesPort for FakeQueries {
    async fn ask(&self, _caller: &Caller, ask: Question) -> Result<QueryView> {
        self.0.reach()?;
        match self.check(&Caller::nobody(), &ask.archive, &ask.adql).await? {
            Some(fault) => Err(Error::Adql(fault)),
            None => Ok(query("q1", QueryState::Completed, &ask.title, 0)),
        }
    }

    async fn list(&self, _caller: &Caller, offset: u64) -> Result<(Vec<QueryView>, u64)> {
        self.0.reach()?;
        let all = if self.0.full() && self.0.signed_in { queries() } else { Vec::new() };
        let total = all.len() as u64;
        Ok((all.into_iter().skip(offset as usize).take(50).collect(), total))
    }

    async fn show(&self, _caller: &Caller, id: &str) -> Result<QueryView> {
        self.0.reach()?;
        queries().into_iter().find(|q| q.id == id).ok_or(Error::NotFound)
    }

    async fn cancel(&self, caller: &Caller, id: &str) -> Result<QueryView> {
        self.show(caller, id).await
    }

    async fn remove(&self, caller: &Caller, id: &str) -> Result<()> {
        self.show(caller, id).await.map(|_| ())
    }

    async fn window(&self, caller: &Caller, id: &str, question: WindowQuestion) -> Result<WindowView> {
        let rows = self.show(caller, id).await?.rows;
        let mut numbers: Vec<u64> = (0..rows).filter(|row| passes(*row, &question.filters)).collect();
        if let Some(sort) = &question.sort {
            let key =
                |row: &u64| cell(*row, &sort.column).and_then(|v| v.parse::<f64>().ok()).unwrap_or(f64::MAX);
            numbers.sort_by(|a, b| key(a).total_cmp(&key(b)));
            if sort.descending {
                numbers.reverse();
            }
        }
        let names: Vec<String> = if question.columns.is_empty() {
            columns().into_iter().map(|c| c.name).collect()
        } else {
            question.columns.clone()
        };
        let window = numbers
            .iter()
            .skip(question.offset as usize)
            .take(question.count as usize)
            .map(|row| WindowRow { number: *row, cells: names.iter().map(|name| cell(*row, name)).collect() })
            .collect();
        Ok(WindowView { rows, matching: numbers.len() as u64, offset: question.offset, window })
    }

    async fn plot(&self, caller: &Caller, id: &str, question: PlotQuestion) -> Result<PlotView> {
        self.show(caller, id).await?;
        let rows: Vec<u64> = (0..ROWS).filter(|row| passes(*row, &question.filters)).collect();
        let number = |row: u64, column: &str| cell(row, column).and_then(|v| v.parse::<f64>().ok());
        let mut xs: Vec<f64> = rows.iter().filter_map(|row| number(*row, &question.x)).collect();
        xs.sort_by(f64::total_cmp);
        let (first, last) = (xs.first().copied(), xs.last().copied());
        let points: Option<Vec<(f64, f64)>> = question.y.as_ref().map(|y| {
            rows.iter().filter_map(|row| Some((number(*row, &question.x)?, number(*row, y)?))).collect()
        });
        let counted = points.as_ref().map_or(xs.len(), Vec::len) as u64;
        let y_range = points.as_ref().map(|points| {
            let ys = || points.iter().map(|(_, y)| *y);
            (ys().fold(f64::MAX, f64::min), ys().fold(f64::MIN, f64::max))
        });
        let marks = match (points, first, last) {
            (Some(points), ..) => PlotMarks::Points(points),
            (None, Some(first), Some(last)) => {
                let mut bins = vec![0; 24];
                for x in &xs {
                    let bin = ((x - first) / (last - first).max(f64::MIN_POSITIVE) * 24.0) as usize;
                    bins[bin.min(23)] += 1;
                }
                PlotMarks::Histogram(bins)
            }
            _ => PlotMarks::Histogram(Vec::new()),
        };
        Ok(PlotView {
            counted,
            missing: rows.len() as u64 - counted,
            x_range: first.zip(last),
            y_range,
            x_median: xs.get(xs.len() / 2).copied(),
            marks,
        })
    }

    async fn check(&self, _caller: &Caller, _archive: &str, adql: &str) -> Result<Option<AdqlFault>> {
        self.0.reach()?;
        Ok(fault_in(adql))
    }

    async fn complete(
        &self,
        _caller: &Caller,
        _archive: &str,
        adql: &str,
        at: usize,
    ) -> Result<Vec<CompletionView>> {
        let at = at.min(adql.len());
        Ok(columns()
            .into_iter()
            .map(|c| CompletionView {
                text: c.name,
                kind: "column".into(),
                detail: c.description.unwrap_or_default(),
                start: at,
                end: at,
            })
            .collect())
    }

    async fn resolve(&self, _caller: &Caller, text: &str) -> Result<Target> {
        self.0.reach()?;
        match text.replace(' ', "").to_lowercase().as_str() {
            "m42" | "orionnebula" => Ok(Target {
                name: "M 42".into(),
                ra_deg: 83.8187,
                dec_deg: -5.3897,
                source: "resolved here".into(),
            }),
            _ => Err(Error::field(
                "target",
                format!("No object called {text} is known here. Write two coordinates instead."),
            )),
        }
    }

    async fn limits(&self, _caller: &Caller) -> Result<LimitsView> {
        self.0.reach()?;
        Ok(LimitsView {
            rows: if self.0.signed_in { 1_000_000 } else { 10_000 },
            rows_signed_in: 1_000_000,
            used_bytes: 310_000_000,
            quota_bytes: 10_000_000_000,
            kept_s: 7 * 86_400,
        })
    }
}
