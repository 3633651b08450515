//! The built binary as a process of its own.

use super::browser::Browser;
use std::fs::File;
use std::io::{BufRead as _, BufReader};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Output, Stdio};
use std::time::Duration;

/// A data folder with a configuration in it.
pub struct Home {
    pub folder: tempfile::TempDir,
}

impl Home {
    /// A new one; `tap` is the address of an archive called `slow`. `more` is added to the file.
    pub fn new(tap: &str, more: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let data = folder.path().join("data");
        let text = format!(
            "[server]\nlisten = \"127.0.0.1:0\"\ndata_folder = \"{}\"\ndrain_s = 1\n\n\
             [sign_in]\ndemo_listen = \"127.0.0.1:0\"\n\n\
             [archives]\nwell_known = false\nprobe_every_s = 0\n\n\
             [archives.tap.slow]\ntitle = \"Slow Archive\"\nurl = \"{tap}\"\n\n{more}\n",
            data.display()
        );
        std::fs::write(folder.path().join("skyport.toml"), text).unwrap();
        Self { folder }
    }

    pub fn config(&self) -> PathBuf {
        self.folder.path().join("skyport.toml")
    }

    pub fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    /// Everything that the process logged.
    pub fn log(&self) -> String {
        std::fs::read_to_string(self.folder.path().join("log")).unwrap_or_default()
    }

    /// The command with this configuration.
    pub fn command(&self, name: &str) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_skyport"));
        command.arg(name).arg("--config").arg(self.config()).current_dir(self.folder.path());
        command
    }

    /// Runs a command to its end.
    pub fn run(&self, name: &str) -> Output {
        self.command(name).output().unwrap()
    }

    /// Waits until a step of an operation was begun, as the database tells it.
    pub async fn step_begun(&self, subject: &str, verb: &str, step: &str) {
        let begun = "SELECT COUNT(*) FROM operation_steps s JOIN operations o ON o.id = s.operation_id \
                     WHERE o.subject = $1 AND o.verb = $2 AND s.name = $3";
        self.until_there(begun, [subject, verb, step]).await;
    }

    /// Waits until an operation is undone from this step on or has come below it, as the database tells it.
    pub async fn undo_begun(&self, subject: &str, verb: &str, position: usize) {
        let begun = "SELECT COUNT(*) FROM operations WHERE subject = $1 AND verb = $2 AND undoing = 1 \
                     AND position <= CAST($3 AS INTEGER)";
        self.until_there(begun, [subject, verb, &position.to_string()]).await;
    }

    async fn until_there(&self, count: &'static str, values: [&str; 3]) {
        sqlx::any::install_default_drivers();
        let url = format!("sqlite://{}?mode=ro", self.data().join("skyport.db").display());
        let pool = sqlx::AnyPool::connect(&url).await.unwrap();
        let there = async {
            loop {
                let [first, second, third] = values;
                let asked = sqlx::query_scalar(count).bind(first).bind(second).bind(third);
                let count: i64 = asked.fetch_one(&pool).await.unwrap();
                if count > 0 {
                    return;
                }
                tokio::time::sleep(Duration::from_millis(1)).await;
            }
        };
        let in_time = tokio::time::timeout(Duration::from_mins(2), there).await.is_ok();
        assert!(in_time, "{values:?} did not come: {}", self.log());
        pool.close().await;
    }

    /// Serves; returns when it answers.
    pub fn serve(&self) -> Process {
        Process::start(self.command("serve"), self.folder.path())
    }
}

/// A serving process; killed with this.
pub struct Process {
    child: Child,
    pub address: SocketAddr,
}

impl Process {
    pub fn start(mut command: Command, folder: &Path) -> Self {
        let log = File::options().create(true).append(true).open(folder.join("log")).unwrap();
        let mut child = command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(log).spawn().unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let told = lines.by_ref().map_while(Result::ok).find_map(|line| {
            line.strip_prefix("Skyport answers at http://").map(|address| address.parse().unwrap())
        });
        // Reads on, so that it never blocks on a full pipe.
        std::thread::spawn(move || lines.map_while(Result::ok).for_each(drop));
        let Some(address) = told else {
            let status = child.wait().unwrap();
            panic!("it ended with {status}: {}", std::fs::read_to_string(folder.join("log")).unwrap());
        };
        Self { child, address }
    }

    pub fn browser(&self) -> Browser {
        Browser::new(self.address, &format!("http://{}", self.address))
    }

    /// Its number among all processes.
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// `kill -9`.
    pub fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// SIGTERM; waits for the end.
    pub fn terminate(mut self) -> ExitStatus {
        let pid = self.child.id().to_string();
        assert!(Command::new("kill").args(["-TERM", &pid]).status().unwrap().success());
        self.child.wait().unwrap()
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
