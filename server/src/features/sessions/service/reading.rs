//! What a session said and what it left, while it runs and afterwards.

use super::SessionsService;
use crate::features::sessions::folders::open_file;
use crate::features::sessions::sentences;
use crate::features::sessions::store::SessionRow;
use app::asking::Caller;
use app::error::{Error, Result};
use app::features::sessions::model::SessionState;
use std::io;

/// How much of a log the page shows.
const PAGE_BYTES: usize = 64 * 1024;

impl SessionsService {
    /// The end of what it said.
    pub(super) async fn last_words(&self, row: &SessionRow) -> Result<String> {
        self.read_log(row, PAGE_BYTES).await
    }

    /// All of what it said that is kept.
    pub(in crate::features::sessions) async fn whole_log(&self, caller: &Caller, id: &str) -> Result<String> {
        let row = self.row(caller, id).await?;
        let most = usize::try_from(self.config.log_kib.saturating_mul(1024)).unwrap_or(usize::MAX);
        self.read_log(&row, most).await
    }

    async fn read_log(&self, row: &SessionRow, most: usize) -> Result<String> {
        if let Some(text) = self.kept_log(row, most).await? {
            return Ok(text);
        }
        // Nothing is kept yet of one that lives.
        let lives = !matches!(row.state(), SessionState::Waiting | SessionState::Ended);
        let Some(site) = self.sites.find(&row.site).filter(|_| lives) else { return Ok(String::new()) };
        site.read_log(row.place(), most).await.map_err(|fault| {
            let (_, failure) = sentences::fault(&fault, site.title());
            Error::Limit(format!("Its log cannot be read now: {}", failure.what))
        })
    }

    /// What is kept of its log, once it is over.
    async fn kept_log(&self, row: &SessionRow, most: usize) -> Result<Option<String>> {
        if row.log_bytes == 0 {
            return Ok(None);
        }
        match tokio::fs::read(self.folders.log(&row.id)).await {
            Ok(bytes) => {
                let from = bytes.len().saturating_sub(most);
                Ok(Some(String::from_utf8_lossy(&bytes[from..]).into_owned()))
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(crate::fault::report("reading a kept log", &error)),
        }
    }

    /// A file that a batch run left, with its length. Only when it is over: until then it is half written.
    pub(in crate::features::sessions) async fn open_output(
        &self,
        caller: &Caller,
        id: &str,
        path: &str,
    ) -> Result<(tokio::fs::File, u64)> {
        let row = self.row(caller, id).await?;
        if row.state() != SessionState::Ended || path.contains('\0') {
            return Err(Error::NotFound);
        }
        let (folder, path) = (self.folders.output(&row.id), path.to_owned());
        let opened = tokio::task::spawn_blocking(move || open_file(&folder, &path)).await.unwrap_or_default();
        let file = tokio::fs::File::from_std(opened.ok_or(Error::NotFound)?);
        let bytes = file.metadata().await.map_err(|_| Error::NotFound)?.len();
        Ok((file, bytes))
    }
}
