//! A fake of the account port.

use super::{HOSTILE, NOW_US, World};
use app::asking::Caller;
use app::error::{Error, Result};
use app::features::account::model::{AccountView, FrameView, ProviderView, SignInView};
use app::features::account::port::AccountPort;
use app::features::sessions::model::Brief;
use async_trait::async_trait;

pub(crate) struct FakeAccount(pub(crate) World);

#[async_trait]
impl AccountPort for FakeAccount {
    async fn frame(&self, caller: &Caller) -> Result<FrameView> {
        self.0.reach()?;
        let full = self.0.full();
        let user = self.0.signed_in;
        Ok(FrameView {
            name: user.then(|| caller.name.clone()),
            demo: true,
            basket: if full && user { 412 } else { 0 },
            running: if full && user { 2 } else { 0 },
            sessions: if full && user {
                Brief { live: 3, ends_us: Some(NOW_US + 540_000_000) }
            } else {
                Brief::default()
            },
        })
    }

    async fn providers(&self) -> Result<Vec<ProviderView>> {
        self.0.reach()?;
        if !self.0.full() {
            return Ok(Vec::new());
        }
        Ok(vec![
            ProviderView { id: "demo".into(), name: "Demo users".into(), demo: true },
            ProviderView { id: "institute".into(), name: format!("Institute {HOSTILE}"), demo: false },
        ])
    }

    async fn account(&self, caller: &Caller) -> Result<AccountView> {
        self.0.reach()?;
        caller.user()?;
        let sign_in = |id: &str, device: &str, hours: i64| SignInView {
            id: id.into(),
            device: device.into(),
            provider: "Demo users".into(),
            since_us: NOW_US - hours * 3_600_000_000,
            last_seen_us: NOW_US - 60_000_000,
            ends_us: NOW_US + 86_400_000_000,
            this_one: id == "s1",
        };
        Ok(AccountView {
            name: caller.name.clone(),
            email: self.0.full().then(|| "ada@observatory.example".into()),
            subject: "ada".into(),
            issuer: "http://127.0.0.1:7001".into(),
            groups: if self.0.full() { vec!["observers".into(), HOSTILE.into()] } else { Vec::new() },
            sign_ins: if self.0.full() {
                vec![
                    sign_in("s1", "Firefox on Linux", 2),
                    sign_in("s2", "Safari on iPhone", 50),
                    sign_in("s3", HOSTILE, 90),
                ]
            } else {
                vec![sign_in("s1", "Firefox on Linux", 2)]
            },
        })
    }

    async fn end_sign_in(&self, caller: &Caller, id: &str) -> Result<()> {
        self.0.reach()?;
        caller.user()?;
        if matches!(id, "s1" | "s2" | "s3") { Ok(()) } else { Err(Error::NotFound) }
    }
}
