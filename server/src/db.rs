//! The database: SQLite embedded, or PostgreSQL; one text for each query, through sqlx's `Any` driver.
//!
//! What surprises: with `Any` every value is TEXT, BIGINT, DOUBLE PRECISION or NULL, so times are UTC microseconds,
//! structured values JSON in TEXT, and a boolean a BIGINT. SQLite's pragmas are set on each new connection.

use crate::config::Config;
use sqlx::any::AnyPoolOptions;
use sqlx::migrate::MigrateError;
use sqlx::{AnyPool, Executor as _};
use std::fs::File;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// The pool that stores hold.
pub type Db = AnyPool;

static MIGRATIONS: sqlx::migrate::Migrator = sqlx::migrate!("../migrations");

/// Each connection of the embedded database is a thread of its own: with more of them than processors a page's queries
/// cost more in waking threads than in reading.
const EMBEDDED_CONNECTIONS: u32 = 4;
const SERVER_CONNECTIONS: u32 = 8;

const PRAGMAS: [&str; 4] = [
    "PRAGMA busy_timeout=5000",
    "PRAGMA journal_mode=WAL",
    "PRAGMA synchronous=NORMAL",
    "PRAGMA foreign_keys=ON",
];

/// Why the database could not be opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// It does not answer, or its address is wrong.
    #[error(
        "The database at {address} could not be opened. Check [database] url, and that it runs and lets us in"
    )]
    Unreachable {
        /// Without user and password.
        address: String,
        /// What the driver says.
        source: sqlx::Error,
    },
    /// A newer Skyport has changed the schema.
    #[error(
        "The database was made by a newer Skyport (it has schema {found}, this binary knows up to {known}). Start the newer binary, or restore the copy made before the upgrade"
    )]
    Newer {
        /// The schema found.
        found: i64,
        /// The newest that this binary knows.
        known: i64,
    },
    /// A migration failed.
    #[error("The database could not be brought to this version's schema")]
    Migrate(#[source] MigrateError),
    /// The folder or its lock file could not be made.
    #[error("The file {path} could not be made. Check that its folder exists and may be written to")]
    Folder {
        /// The file.
        path: String,
        /// What the system says.
        source: std::io::Error,
    },
}

/// Opens the database and brings it to this version's schema, under a lock, so that two starting processes do not
/// both migrate.
pub async fn open(config: &Config) -> Result<Db, OpenError> {
    sqlx::any::install_default_drivers();
    let url = config.database_url();
    let address = without_password(&url);
    let sqlite_file = sqlite_file(&url);
    let lock = sqlite_file.as_ref().map(|file| lock_beside(file)).transpose()?;
    let is_sqlite = sqlite_file.is_some();
    let pool = AnyPoolOptions::new()
        .max_connections(match config.database.max_connections {
            0 if is_sqlite => EMBEDDED_CONNECTIONS,
            0 => SERVER_CONNECTIONS,
            set => set,
        })
        .acquire_timeout(Duration::from_secs(config.database.acquire_timeout_s))
        // A file does not go away between two queries; a server may.
        .test_before_acquire(!is_sqlite)
        .after_connect(move |connection, _| {
            Box::pin(async move {
                if is_sqlite {
                    for pragma in PRAGMAS {
                        connection.execute(pragma).await?;
                    }
                }
                Ok(())
            })
        })
        .connect(&url)
        .await
        .map_err(|source| OpenError::Unreachable { address, source })?;
    migrate(&pool).await?;
    drop(lock);
    Ok(pool)
}

/// How a database stands to this version's schema.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Schema {
    /// There is no database yet, or nothing in it; the first start makes everything.
    Fresh,
    /// It is an older Skyport's: so many migrations are still to come.
    Behind(usize),
    /// It is this version's.
    Current,
}

/// Looks at the database without changing anything: no file is made, nothing is migrated.
///
/// # Errors
/// [`OpenError::Unreachable`], [`OpenError::Newer`], and [`OpenError::Migrate`] where a migration was changed after it ran.
pub async fn look(config: &Config) -> Result<Schema, OpenError> {
    sqlx::any::install_default_drivers();
    let mut url = config.database_url();
    if url.starts_with("sqlite:") {
        let Some(file) = sqlite_file(&url).filter(|file| file.exists()) else { return Ok(Schema::Fresh) };
        url = read_only(&url, &file);
    }
    let fault = |source| OpenError::Unreachable { address: without_password(&url), source };
    let pool = AnyPoolOptions::new()
        .max_connections(1)
        .acquire_timeout(Duration::from_secs(config.database.acquire_timeout_s))
        .connect(&url)
        .await
        .map_err(fault)?;
    let rows =
        sqlx::query_as::<_, (i64, Vec<u8>)>("SELECT version, checksum FROM _sqlx_migrations WHERE success")
            .fetch_all(&pool)
            .await;
    pool.close().await;
    match rows {
        Ok(done) => compare(&done),
        Err(sqlx::Error::Database(error)) if is_missing_table(&*error) => Ok(Schema::Fresh),
        Err(source) => Err(fault(source)),
    }
}

/// An address that SQLite neither writes to nor puts a file beside. Beside a log that is not empty it is read like any
/// other; without one it is told that nobody writes, since even reading would make the log's index.
fn read_only(url: &str, file: &Path) -> String {
    let mut log = file.as_os_str().to_owned();
    log.push("-wal");
    let in_use = std::fs::metadata(PathBuf::from(log)).is_ok_and(|log| log.len() > 0);
    let path = url.split('?').next().unwrap_or_default();
    format!("{path}?mode=ro{}", if in_use { "" } else { "&immutable=true" })
}

fn is_missing_table(error: &dyn sqlx::error::DatabaseError) -> bool {
    error.code().is_some_and(|code| code == "42P01") || error.message().starts_with("no such table")
}

/// What was done against what this version knows.
fn compare(done: &[(i64, Vec<u8>)]) -> Result<Schema, OpenError> {
    let known = MIGRATIONS.iter().map(|m| m.version).max().unwrap_or_default();
    if let Some(found) = done.iter().map(|(version, _)| *version).filter(|version| *version > known).max() {
        return Err(OpenError::Newer { found, known });
    }
    let mut pending = 0;
    for migration in MIGRATIONS.iter() {
        match done.iter().find(|(version, _)| *version == migration.version) {
            Some((_, checksum)) if *checksum == *migration.checksum => {}
            Some(_) => return Err(OpenError::Migrate(MigrateError::VersionMismatch(migration.version))),
            None => pending += 1,
        }
    }
    Ok(match pending {
        0 => Schema::Current,
        _ if done.is_empty() => Schema::Fresh,
        n => Schema::Behind(n),
    })
}

async fn migrate(pool: &Db) -> Result<(), OpenError> {
    let known = MIGRATIONS.iter().map(|m| m.version).max().unwrap_or_default();
    MIGRATIONS.run(pool).await.map_err(|error| match error {
        MigrateError::VersionMissing(found) if found > known => OpenError::Newer { found, known },
        other => OpenError::Migrate(other),
    })
}

/// The file of an embedded database; none for a server.
fn sqlite_file(url: &str) -> Option<PathBuf> {
    let rest = url.strip_prefix("sqlite:")?;
    let path = rest.strip_prefix("//").unwrap_or(rest).split('?').next()?;
    (!path.is_empty() && path != ":memory:").then(|| PathBuf::from(path))
}

fn lock_beside(database: &Path) -> Result<File, OpenError> {
    let mut path = database.as_os_str().to_owned();
    path.push(".lock");
    let path = PathBuf::from(path);
    let fault = |source| OpenError::Folder { path: path.display().to_string(), source };
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder).map_err(fault)?;
    }
    let file = File::create(&path).map_err(fault)?;
    file.lock().map_err(fault)?;
    Ok(file)
}

/// The address without user and password, for logs and messages.
pub fn without_password(url: &str) -> String {
    match url::Url::parse(url) {
        Ok(parsed) if parsed.has_host() => {
            let port = parsed.port().map(|p| format!(":{p}")).unwrap_or_default();
            format!("{}://{}{port}{}", parsed.scheme(), parsed.host_str().unwrap_or_default(), parsed.path())
        }
        // A file has no password; anything else that cannot be read might show one.
        _ if url.starts_with("sqlite:") => url.split('?').next().unwrap_or_default().to_owned(),
        _ => format!("{}://…", url.split(':').next().unwrap_or_default()),
    }
}

/// Keeps a second process from serving an embedded database, as long as it lives: at its start it would take the
/// first one's running queries for dead. None where the database is a server, which many may share.
///
/// # Errors
/// A sentence, where another process serves it already.
pub fn serve_alone(config: &Config) -> Result<Option<File>, String> {
    let Some(database) = sqlite_file(&config.database_url()) else { return Ok(None) };
    let mut path = database.into_os_string();
    path.push(".serving");
    let path = PathBuf::from(path);
    let fault = |e: &dyn std::fmt::Display| format!("The file {} cannot be made ({e})", path.display());
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder).map_err(|e| fault(&e))?;
    }
    let file = File::create(&path).map_err(|e| fault(&e))?;
    match file.try_lock() {
        Ok(()) => Ok(Some(file)),
        Err(std::fs::TryLockError::WouldBlock) => Err(
            "Another Skyport serves from this database already. Stop it first, give this one another [server] data_folder, or use PostgreSQL for several".to_owned(),
        ),
        Err(std::fs::TryLockError::Error(error)) => Err(fault(&error)),
    }
}

/// Runs a read, or a write that may safely happen twice, once more where the first try found the database away: a
/// connection that broke while it lay in the pool is the usual reason. A macro, since the future is made twice.
macro_rules! retried {
    ($future:expr) => {
        match $future.await {
            Err(error) if $crate::fault::is_database_away(&error) => {
                tokio::time::sleep($crate::db::PAUSE).await;
                $future.await
            }
            other => other,
        }
    };
}
pub(crate) use retried;

/// Between the two tries of [`retried`].
pub(crate) const PAUSE: Duration = Duration::from_millis(100);
