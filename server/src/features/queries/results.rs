//! Reading results: windows, pictures, whole tables.

use super::result_store::ResultStore;
use app::error::{Error, Result};
use app::features::queries::model::{PlotQuestion, PlotView, WindowQuestion, WindowView};

/// Reads results from the store.
#[derive(Debug, Clone)]
pub struct Results {
    files: ResultStore,
}

impl Results {
    /// On top of the store.
    pub fn new(files: ResultStore) -> Self {
        Self { files }
    }

    /// Some rows of the result under `key`.
    pub async fn window(&self, key: &str, question: WindowQuestion) -> Result<WindowView> {
        let _ = (&self.files, key, question);
        Err(Error::NotFound)
    }

    /// A picture of one or two of its columns.
    pub async fn plot(&self, key: &str, question: PlotQuestion) -> Result<PlotView> {
        let _ = (&self.files, key, question);
        Err(Error::NotFound)
    }
}
