//! The command line.

use clap::{Parser, Subcommand};
use skyport::{check, config, db, images_command, logs, outlet_command, start};
use std::path::PathBuf;
use std::process::ExitCode;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Skyport, a science-platform portal.
#[derive(Parser)]
#[command(version, about)]
struct Cli {
    /// The configuration file; without it, `skyport.toml` in this folder where there is one.
    #[arg(long, global = true, env = "SKYPORT_CONFIG")]
    config: Option<PathBuf>,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Serve the portal until told to stop (SIGTERM or Ctrl-C), then finish what is under way.
    Serve,
    /// Bring the database to this version's schema and stop.
    Migrate,
    /// Try the database, the sign-in providers, each archive, the catalogue and each site of servers, and say what is wrong.
    Check,
    /// Build or list the base images of servers on this machine.
    Images {
        #[command(subcommand)]
        command: images_command::ImagesCommand,
    },
    /// Serve one connection of a server on this machine to the outside: standard input. QEMU starts it.
    #[command(hide = true)]
    Outlet {
        /// The file that says what is let through.
        standing: PathBuf,
    },
    /// Print the configuration in force (secrets as ***), or the reference of all keys.
    Config {
        /// Print the reference page of all keys, in Markdown.
        #[arg(long)]
        reference: bool,
    },
}

fn main() -> ExitCode {
    let cli = Cli::parse();
    match run(&cli) {
        Ok(code) => code,
        Err(error) => {
            eprintln!("skyport: {}", skyport::fault::chain(&*error));
            ExitCode::FAILURE
        }
    }
}

fn run(cli: &Cli) -> Result<ExitCode, Box<dyn std::error::Error>> {
    if let Command::Config { reference: true } = cli.command {
        print!("{}", config::reference::page());
        return Ok(ExitCode::SUCCESS);
    }
    if let Command::Outlet { standing } = &cli.command {
        return outlet_command::run(standing).map(|()| ExitCode::SUCCESS);
    }
    let config = config::read(cli.config.as_deref())?;
    if let Command::Config { .. } = cli.command {
        print!("{}", config.shown());
        return Ok(ExitCode::SUCCESS);
    }
    logs::start(&config.log);
    // Planning a deeply nested query takes more stack than threads have by default.
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .thread_stack_size(adql::PLANNER_STACK_BYTES)
        .enable_all()
        .build()?;
    runtime.block_on(async {
        match &cli.command {
            Command::Serve => start::serve(config).await.map(|()| ExitCode::SUCCESS),
            Command::Migrate => Ok(db::open(&config).await.map(|_| ExitCode::SUCCESS)?),
            Command::Check => Ok(check::run(&config).await),
            Command::Images { command } => {
                images_command::run(&config, command).await.map(|()| ExitCode::SUCCESS).map_err(Into::into)
            }
            Command::Config { .. } | Command::Outlet { .. } => Ok(ExitCode::SUCCESS),
        }
    })
}
