//! The servers that nobody here wrote, each behind a script `tools/servers/<name>`: it runs in the foreground, prints one
//! line `ready {json}` once it answers, and stops when its standard input closes.

use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Child, ChildStdin, Command, Stdio};

/// A running server; stopped with this.
pub struct Server {
    child: Child,
    stdin: Option<ChildStdin>,
    /// What its `ready` line says.
    pub ready: serde_json::Value,
}

impl Server {
    /// Starts it and waits until it answers. `environment` is added to its own.
    pub fn start(name: &str, environment: &[(&str, &str)]) -> Self {
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tools/servers").join(name);
        let mut child = Command::new(&script)
            .envs(environment.iter().copied())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap_or_else(|e| panic!("{} does not start ({e}); ./dev test sets it up", script.display()));
        let stdin = child.stdin.take();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let ready = lines
            .by_ref()
            .map_while(Result::ok)
            .find_map(|line| line.strip_prefix("ready ").map(str::to_owned))
            .unwrap_or_else(|| panic!("{name} ended before it was ready"));
        // Reads on, so that the server never blocks on a full pipe.
        std::thread::spawn(move || lines.map_while(Result::ok).for_each(drop));
        Self { child, stdin, ready: serde_json::from_str(&ready).expect("JSON after `ready`") }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.stdin.take();
        let _ = self.child.wait();
    }
}
