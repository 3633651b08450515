//! Measures reading: `generate FOLDER [ROWS]` writes the same rows as TABLEDATA and BINARY2, `read FILE [TIMES]`
//! reads a file and prints one line of JSON, `copy FROM TO [binary2]` reads and writes, `show FILE` prints events.

use std::error::Error;
use std::fs::File;
use std::io::BufWriter;
use std::sync::Arc;
use std::time::Instant;

use arrow_array::{
    ArrayRef, BooleanArray, Float32Array, Float64Array, Int32Array, Int64Array, RecordBatch, StringArray,
};
use arrow_schema::{DataType, Field, Schema, SchemaRef};
use votable::{Event, Info, Limits, Reader, Serialization, Writer, meta};

type Outcome<T = ()> = Result<T, Box<dyn Error>>;

fn main() -> Outcome {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match words[..] {
        ["generate", folder] => generate(folder, 1_000_000),
        ["generate", folder, rows] => generate(folder, rows.parse()?),
        ["read", file] => read(file, 5),
        ["read", file, times] => read(file, times.parse()?),
        ["copy", from, to] => copy(from, to, Serialization::TableData),
        ["copy", from, to, "binary2"] => copy(from, to, Serialization::Binary2),
        ["show", file] => show(file),
        _ => Err("generate FOLDER [ROWS] | read FILE [TIMES] | copy FROM TO [binary2] | show FILE".into()),
    }
}

fn show(file: &str) -> Outcome {
    let mut reader = Reader::new(File::open(file)?, Limits::default());
    while let Some(event) = reader.next_event()? {
        match event {
            Event::Batch(rows) => println!("Batch of {} rows {:#?}", rows.num_rows(), rows.columns()),
            other => println!("{other:#?}"),
        }
    }
    Ok(())
}

fn copy(from: &str, to: &str, form: Serialization) -> Outcome {
    let mut reader = Reader::new(File::open(from)?, Limits::default());
    let mut writer = None;
    while let Some(event) = reader.next_event()? {
        match (event, &mut writer) {
            (Event::TableStart(table), None) => {
                writer = Some(Writer::new(BufWriter::new(File::create(to)?), form, &table.schema, &[])?);
            }
            (Event::Batch(rows), Some(writer)) => writer.write(&rows)?,
            (Event::TableEnd { .. }, _) => break,
            _ => {}
        }
    }
    writer.ok_or("no table")?.finish(&[])?;
    Ok(())
}

fn read(file: &str, times: usize) -> Outcome {
    let bytes = std::fs::metadata(file)?.len();
    let mut seconds = Vec::new();
    let mut rows = 0;
    for _ in 0..times.max(1) {
        let start = Instant::now();
        let mut reader = Reader::new(File::open(file)?, Limits::default());
        rows = 0;
        while let Some(event) = reader.next_event()? {
            if let Event::Batch(batch) = event {
                rows += batch.num_rows();
            }
        }
        seconds.push(start.elapsed().as_secs_f64());
    }
    seconds.sort_by(f64::total_cmp);
    let median = seconds[seconds.len() / 2];
    let speed = bytes as f64 / 1e6 / median;
    println!(
        "{{\"tool\":\"votable\",\"file\":{file:?},\"bytes\":{bytes},\"rows\":{rows},\"seconds\":{median:.4},\
         \"megabytes_per_second\":{speed:.1},\"peak_rss_kib\":{}}}",
        peak_rss_kib()
    );
    Ok(())
}

/// Highest memory use of this process so far, where the system tells it.
fn peak_rss_kib() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find(|line| line.starts_with("VmHWM:"));
    line.and_then(|line| line.split_whitespace().nth(1)?.parse().ok()).unwrap_or(0)
}

fn generate(folder: &str, rows: usize) -> Outcome {
    std::fs::create_dir_all(folder)?;
    let schema = star_schema();
    let open = |name: &str, form| -> Outcome<_> {
        let file = BufWriter::new(File::create(format!("{folder}/{name}"))?);
        Ok(Writer::new(file, form, &schema, &[Info::new("QUERY_STATUS", "OK")])?)
    };
    let mut text = open("stars_tabledata.vot", Serialization::TableData)?;
    let mut binary = open("stars_binary2.vot", Serialization::Binary2)?;
    let mut random = Random(42);
    for first in (0..rows).step_by(10_000) {
        let batch = star_batch(&schema, first, 10_000.min(rows - first), &mut random)?;
        text.write(&batch)?;
        binary.write(&batch)?;
    }
    text.finish(&[])?;
    binary.finish(&[])?;
    Ok(())
}

/// Ten columns as a star catalogue has them.
fn star_schema() -> SchemaRef {
    let column = |name: &str, data_type, unit: &str, ucd: &str| {
        let known = [(meta::UNIT, unit), (meta::UCD, ucd)];
        let metadata = known.into_iter().filter(|(_, value)| !value.is_empty());
        Field::new(name, data_type, true)
            .with_metadata(metadata.map(|(key, value)| (key.to_owned(), value.to_owned())).collect())
    };
    let name = column("name", DataType::Utf8, "", "meta.id");
    let text = [(meta::DATATYPE, "char"), (meta::ARRAYSIZE, "*"), (meta::UCD, "meta.id")];
    let name = name.with_metadata(text.map(|(key, value)| (key.to_owned(), value.to_owned())).into());
    Arc::new(Schema::new(vec![
        column("source_id", DataType::Int64, "", "meta.id;meta.main"),
        column("ra", DataType::Float64, "deg", "pos.eq.ra;meta.main"),
        column("dec", DataType::Float64, "deg", "pos.eq.dec;meta.main"),
        column("parallax", DataType::Float64, "mas", "pos.parallax"),
        column("pm", DataType::Float64, "mas/yr", "pos.pm"),
        column("mag", DataType::Float32, "mag", "phot.mag"),
        column("colour", DataType::Float32, "mag", "phot.color"),
        column("n_obs", DataType::Int32, "", "meta.number"),
        column("variable", DataType::Boolean, "", "meta.code"),
        name,
    ]))
}

fn star_batch(schema: &SchemaRef, first: usize, count: usize, random: &mut Random) -> Outcome<RecordBatch> {
    let ids: Int64Array = (0..count).map(|_| Some((random.next() >> 3) as i64)).collect();
    let ra: Float64Array = (0..count).map(|_| Some(random.unit() * 360.0)).collect();
    let dec: Float64Array =
        (0..count).map(|_| Some((random.unit() * 2.0 - 1.0).asin().to_degrees())).collect();
    let parallax: Float64Array =
        (0..count).map(|_| random.sometimes(10, |random| random.unit() * 20.0)).collect();
    let pm: Float64Array =
        (0..count).map(|_| random.sometimes(10, |random| random.unit() * 300.0 - 150.0)).collect();
    let mag: Float32Array = (0..count).map(|_| Some((random.unit() * 15.0) as f32 + 6.0)).collect();
    let colour: Float32Array =
        (0..count).map(|_| random.sometimes(20, |random| random.unit() as f32 * 3.0)).collect();
    let observed: Int32Array = (0..count).map(|_| Some((random.next() % 1000) as i32)).collect();
    let variable: BooleanArray =
        (0..count).map(|_| random.sometimes(50, |random| random.next() % 7 == 0)).collect();
    let names: StringArray = (0..count)
        .map(|at| random.sometimes(5, |_| format!("TYC {}-{}-1", 1000 + at % 8000, first + at)))
        .collect();
    let columns: Vec<ArrayRef> = vec![
        Arc::new(ids),
        Arc::new(ra),
        Arc::new(dec),
        Arc::new(parallax),
        Arc::new(pm),
        Arc::new(mag),
        Arc::new(colour),
        Arc::new(observed),
        Arc::new(variable),
        Arc::new(names),
    ];
    Ok(RecordBatch::try_new(Arc::clone(schema), columns)?)
}

/// A small generator (splitmix64): the files are the same on every machine.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    fn unit(&mut self) -> f64 {
        (self.next() >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// A value, or nothing one time in `n`.
    fn sometimes<T>(&mut self, n: u64, make: impl FnOnce(&mut Self) -> T) -> Option<T> {
        let nothing = self.next().is_multiple_of(n);
        let value = make(self);
        (!nothing).then_some(value)
    }
}
