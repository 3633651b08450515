//! Tables of the basket as Parquet and as VOTable.

use super::StagingFault;
use super::manifest::{FileEntry, SourceEntry};
use super::products::{self, Leads};
use super::tally::{Out, Tally, sum};
use crate::features::basket::contents::{BEFORE, Contents};
use crate::features::basket::service::BasketService;
use crate::features::queries::download::{infos, trailing};
use crate::features::queries::result_writer::ResultWriter;
use crate::features::queries::results::ReadError;
use crate::features::queries::service::QueriesService;
use crate::http::download::Outbox;
use app::asking::Caller;
use app::error::Error;
use app::features::queries::model::QueryView;
use app::features::queries::port::QueriesPort as _;
use app::text;
use futures::StreamExt as _;
use object_store::local::LocalFileSystem;
use std::path::Path;
use std::sync::Arc;
use votable::{Info, Serialization, Writer};

const PARQUET: &str = "application/vnd.apache.parquet";
const VOTABLE: &str = "application/x-votable+xml";

/// Whence tables come, and whereto.
pub(super) struct Tables<'a> {
    pub(super) basket: &'a BasketService,
    pub(super) queries: &'a QueriesService,
    pub(super) caller: &'a Caller,
    pub(super) user: &'a str,
    pub(super) folder: &'a Path,
    pub(super) tally: &'a Tally<'a>,
}

impl Tables<'_> {
    /// The whole result of a query.
    pub(super) async fn whole(
        &self,
        contents: &Contents,
        name: &str,
    ) -> Result<[FileEntry; 2], StagingFault> {
        let gone = |error: Error| match error {
            Error::NotFound => StagingFault::Gone { title: contents.title.clone() },
            other => StagingFault::of(other),
        };
        let query = self.queries.show(self.caller, &contents.query).await.map_err(gone)?;
        let key = self.queries.result_key(self.caller, &contents.query).await.map_err(gone)?;
        let (results, source) = (self.queries.results(), self.source(contents, Some(&query)));
        let what = |form: &str| {
            let cut = if query.overflow.is_some() { ", cut by the archive's limit" } else { "" };
            format!("{} of {} as {form}{cut}", text::counted(query.rows, "row"), source.whence())
        };

        let parquet_name = format!("{name}.parquet");
        let mut parquet = Out::create(&self.folder.join(&parquet_name), self.tally).await?;
        let mut pieces = results.file(&key).await.map_err(gone)?;
        while let Some(piece) = pieces.next().await {
            parquet.write(&piece.map_err(StagingFault::of)?).await?;
        }
        let parquet = parquet.finish().await?;

        let votable_name = format!("{name}.vot");
        let mut votable = Out::create(&self.folder.join(&votable_name), self.tally).await?;
        let (schema, _) = results.schema(&key).await.map_err(gone)?;
        let mut batches = results.batches(&key).await.map_err(gone)?;
        let outbox = Outbox::default();
        let mut writer = Writer::new(outbox.clone(), Serialization::Binary2, &schema, &infos(&query))
            .map_err(StagingFault::of)?;
        while let Some(batch) = batches.next().await {
            let batch = batch.map_err(ReadError::report).map_err(gone)?;
            writer.write(&batch).map_err(StagingFault::of)?;
            votable.write(&outbox.take()).await?;
        }
        writer.finish(&trailing(&query)).map_err(StagingFault::of)?;
        votable.write(&outbox.take()).await?;
        let votable = votable.finish().await?;
        Ok([
            FileEntry::of_table(parquet_name, what("Parquet"), PARQUET, query.rows, parquet, &source),
            FileEntry::of_table(votable_name, what("VOTable"), VOTABLE, query.rows, votable, &source),
        ])
    }

    /// The rows of a query that are in the basket one by one; adds the files that they lead to. Nothing where there are
    /// none.
    pub(super) async fn rows(
        &self,
        contents: &Contents,
        name: &str,
        leads: &mut Leads,
    ) -> Result<Vec<FileEntry>, StagingFault> {
        let next = self.basket.rows_after(self.user, contents, BEFORE).await.map_err(StagingFault::of)?;
        let Some(mut piece) = next else { return Ok(Vec::new()) };
        let query = self.queries.show(self.caller, &contents.query).await.ok();
        let source = Arc::new(self.source(contents, query.as_ref()));

        let (parquet_name, votable_name) = (format!("{name}.parquet"), format!("{name}.vot"));
        let store = LocalFileSystem::new_with_prefix(self.folder).map_err(StagingFault::of)?;
        let mut parquet = ResultWriter::begin(Arc::new(store), &parquet_name, contents.schema.clone())
            .map_err(StagingFault::of)?;
        let mut counted = 0;
        let mut votable = Out::create(&self.folder.join(&votable_name), self.tally).await?;
        let (outbox, mut rows) = (Outbox::default(), 0);
        let mut writer =
            Writer::new(outbox.clone(), Serialization::Binary2, &contents.schema, &source.infos())
                .map_err(StagingFault::of)?;
        loop {
            let (batch, last) = &piece;
            products::find(batch, &source, leads);
            parquet.write(batch).await.map_err(StagingFault::of)?;
            let bytes = parquet.bytes();
            self.tally.add(bytes.saturating_sub(counted))?;
            counted = counted.max(bytes);
            writer.write(batch).map_err(StagingFault::of)?;
            votable.write(&outbox.take()).await?;
            rows += batch.num_rows() as u64;
            match self.basket.rows_after(self.user, contents, *last).await.map_err(StagingFault::of)? {
                Some(next) => piece = next,
                None => break,
            }
        }
        let bytes = parquet.finish().await.map_err(StagingFault::of)?;
        self.tally.take_back(counted);
        self.tally.add(bytes)?;
        writer.finish(&[]).map_err(StagingFault::of)?;
        votable.write(&outbox.take()).await?;
        let votable = votable.finish().await?;
        let parquet = sum(&self.folder.join(&parquet_name)).await.map_err(StagingFault::of)?;
        let what =
            |form: &str| format!("{} chosen from {} as {form}", text::counted(rows, "row"), source.whence());
        Ok(vec![
            FileEntry::of_table(parquet_name, what("Parquet"), PARQUET, rows, parquet, &source),
            FileEntry::of_table(votable_name, what("VOTable"), VOTABLE, rows, votable, &source),
        ])
    }

    fn source(&self, contents: &Contents, query: Option<&QueryView>) -> SourceEntry {
        SourceEntry {
            archive: contents.archive.clone(),
            archive_title: self.queries.archive_title(&contents.archive),
            tables: contents.tables.clone(),
            query: contents.query.clone(),
            title: contents.title.clone(),
            adql: query.map(|query| query.adql.clone()),
            asked: query.map(|query| text::iso_utc(query.asked_us)),
            url: None,
        }
    }
}

impl SourceEntry {
    /// For people: tables, or the query's name, and the archive.
    fn whence(&self) -> String {
        let what = if self.tables.is_empty() { &self.title } else { &self.tables };
        if what.is_empty() { self.archive_title.clone() } else { format!("{what} ({})", self.archive_title) }
    }

    fn infos(&self) -> Vec<Info> {
        let mut infos = vec![
            Info::new("QUERY_STATUS", "OK"),
            Info::new("archive", &self.archive_title),
            Info::new("table", &self.tables),
        ];
        infos.extend(self.adql.as_ref().map(|adql| Info::new("query", adql)));
        infos.extend(self.asked.as_ref().map(|asked| Info::new("date", asked)));
        infos
    }
}
