//! Whether KVM really works here. A device file proves nothing, and neither does a guest of seven instructions: on hosts
//! with a software KVM both are there, and a kernel hangs. So a trial has two stages, each bounded: those seven
//! instructions, then the kernel of an image, which says so on its console and switches off. The verdict is written down.

use crate::command::KVM_CPU;
use crate::fault::Fault;
use crate::folder::Root;
use crate::image::{self, Base};
use crate::lock::Lock;
use crate::record;
use crate::settings::{Accelerate, Settings};
use crate::tool::{QEMU, last_words};
use serde::{Deserialize, Serialize};
use std::fs::{self, OpenOptions};
use std::path::Path;
use std::process::{Command, Stdio};

/// How machines are run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// On the processor itself.
    Kvm,
    /// Emulated: ten times slower or more.
    Tcg,
}

/// How machines are run here, and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Accelerator {
    /// Which.
    pub kind: Kind,
    /// Why, in a sentence.
    pub reason: String,
    /// When that was found out; UTC microseconds.
    pub since_us: i64,
    /// Under which kernel: another one is tried anew.
    kernel: String,
}

/// Seconds that each stage may take.
const STAGE_1_S: u32 = 2;
const STAGE_2_S: u32 = 6;

/// The verdict: by the settings, from the last trial, or from a new one.
pub(crate) fn decide(settings: &Settings, root: &Root) -> Result<Accelerator, Fault> {
    let kernel = fs::read_to_string("/proc/sys/kernel/osrelease").unwrap_or_default().trim().to_owned();
    let verdict = |kind, reason: &str| Accelerator {
        kind,
        reason: reason.to_owned(),
        since_us: settings.sources.now(),
        kernel: kernel.clone(),
    };
    match settings.accelerator {
        Accelerate::Kvm => return Ok(verdict(Kind::Kvm, "the configuration says so")),
        Accelerate::Tcg => return Ok(verdict(Kind::Tcg, "the configuration says so")),
        Accelerate::Auto => {}
    }
    // What needs no trial is not written down either.
    if let Err(error) = OpenOptions::new().read(true).write(true).open("/dev/kvm") {
        return Ok(verdict(Kind::Tcg, &format!("/dev/kvm cannot be used: {error}")));
    }
    let Some(base) = image::all(settings)?.into_iter().rev().find(|base| base.initrd.is_some()) else {
        return Ok(verdict(Kind::Tcg, "there is no image yet to try KVM with"));
    };
    let _lock = Lock::take(&root.accelerator_lock())?;
    if let Ok(Some(known)) = record::read::<Accelerator>(&root.accelerator())
        && known.kernel == kernel
    {
        return Ok(known);
    }
    let folder = root.0.join(".trial");
    fs::create_dir_all(&folder).map_err(|error| Fault::io(&folder, error))?;
    let (kind, reason) = match trial(&folder, &base) {
        Ok(()) => (Kind::Kvm, "a trial guest ran with it".to_owned()),
        Err(reason) => (Kind::Tcg, reason),
    };
    let found = verdict(kind, &reason);
    record::write(&root.accelerator(), &found)?;
    fs::remove_dir_all(&folder).map_err(|error| Fault::io(&folder, error))?;
    Ok(found)
}

/// Both stages; why it does not work.
fn trial(folder: &Path, base: &Base) -> Result<(), String> {
    // 64 KiB of HLT; at the reset vector, 16 bytes before the end: mov dx, 0xf4; mov al, 0x10; out dx, al; hlt.
    let mut bios = vec![0xf4; 65536];
    bios[65520..65527].copy_from_slice(&[0xba, 0xf4, 0x00, 0xb0, 0x10, 0xee, 0xf4]);
    fs::write(folder.join("bios"), bios).map_err(|error| format!("the trial could not be made: {error}"))?;
    let first = "-accel kvm -M pc -m 16 -nodefaults -display none -bios bios -device isa-debug-exit,iobase=0xf4,iosize=1";
    // isa-debug-exit ends with twice the value plus one.
    let ended = run(folder, STAGE_1_S, first.split(' '))?;
    if ended.status != Some(33) {
        return Err(format!("KVM does not run even seven instructions: {}", ended.say(STAGE_1_S)));
    }
    let (Some(kernel), Some(initrd)) = (&base.kernel, &base.initrd) else {
        return Err("there is no kernel to try KVM with".to_owned());
    };
    let second = "-accel kvm -M q35 -m 192 -nodefaults -display none -no-reboot -serial file:console";
    let (kernel, initrd) = (kernel.path.to_string_lossy(), initrd.path.to_string_lossy());
    let words = [
        "-cpu",
        KVM_CPU,
        "-kernel",
        &kernel,
        "-initrd",
        &initrd,
        "-append",
        "console=ttyS0 quiet panic=-1 probe=1",
    ];
    let ended = run(folder, STAGE_2_S, second.split(' ').chain(words))?;
    let said = fs::read(folder.join("console")).unwrap_or_default();
    if ended.status == Some(0) && said.windows(8).any(|part| part == b"PROBE-OK") {
        return Ok(());
    }
    Err(format!("KVM runs a few instructions, but no kernel: {}", ended.say(STAGE_2_S)))
}

struct Ended {
    status: Option<i32>,
    words: String,
}

impl Ended {
    fn say(&self, limit_s: u32) -> String {
        match self.status {
            Some(124 | 137) => format!("it hung and was ended after {limit_s} s"),
            Some(status) => format!("status {status}. {}", self.words),
            None => format!("QEMU was ended by a signal. {}", self.words),
        }
    }
}

fn run<'a>(folder: &Path, limit_s: u32, words: impl Iterator<Item = &'a str>) -> Result<Ended, String> {
    let output = Command::new("timeout")
        .args(["--kill-after=1", &limit_s.to_string(), QEMU.program])
        .args(words)
        .current_dir(folder)
        .stdin(Stdio::null())
        .output()
        .map_err(|error| format!("the trial could not be made: {error}"))?;
    Ok(Ended { status: output.status.code(), words: last_words(&output.stderr) })
}
