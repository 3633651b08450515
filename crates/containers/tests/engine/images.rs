//! The default images: each is started as a session would be, and does what it is there for.

use crate::bed::{Place, answers};
use containers::{Access, Mount, State, Wish};
use std::net::SocketAddr;
use std::os::unix::fs::PermissionsExt as _;
use std::time::Duration;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

struct Folders {
    folder: tempfile::TempDir,
}

impl Folders {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        for (name, mode) in [("data", 0o755), ("home", 0o777)] {
            let path = folder.path().join(name);
            std::fs::create_dir(&path).unwrap();
            std::fs::set_permissions(&path, std::fs::Permissions::from_mode(mode)).unwrap();
        }
        std::fs::set_permissions(folder.path(), std::fs::Permissions::from_mode(0o755)).unwrap();
        let rows = "<TR><TD>0</TD></TR><TR><TD>1</TD></TR><TR><TD>2</TD></TR>";
        let table = format!(
            "<?xml version=\"1.0\"?><VOTABLE version=\"1.3\" xmlns=\"http://www.ivoa.net/xml/VOTable/v1.3\"><RESOURCE><TABLE><FIELD name=\"n\" datatype=\"int\"/><DATA><TABLEDATA>{rows}</TABLEDATA></DATA></TABLE></RESOURCE></VOTABLE>"
        );
        std::fs::write(folder.path().join("data/rows.vot"), table).unwrap();
        Self { folder }
    }

    fn mounts(&self) -> Vec<Mount> {
        let mount = |name: &str, target: &str, access| Mount {
            source: self.folder.path().join(name),
            target: target.to_owned(),
            access,
        };
        vec![mount("data", "/data", Access::Read), mount("home", "/home/user", Access::Write)]
    }
}

async fn wish(place: &Place, image: &str, folders: &Folders) -> Wish {
    let mut wish = place.wish(image).await;
    wish.mounts = folders.mounts();
    (wish.uid, wish.gid) = (23_456, 23_456);
    wish.limits.memory_mib = 1024;
    wish.limits.cores_milli = 2000;
    wish.limits.scratch_mib = 256;
    wish
}

/// The first bytes that come over a WebSocket.
async fn websocket(address: SocketAddr, path: &str, wanted: &str) -> String {
    let mut stream = tokio::net::TcpStream::connect(address).await.unwrap();
    let request = format!(
        "GET {path} HTTP/1.1\r\nHost: {address}\r\nOrigin: http://{address}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Protocol: binary\r\n\r\n"
    );
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut all = Vec::new();
    let reading = async {
        loop {
            let text = String::from_utf8_lossy(&all).into_owned();
            if text.contains(wanted) || stream.read_buf(&mut all).await.unwrap() == 0 {
                return text;
            }
        }
    };
    tokio::time::timeout(crate::bed::PATIENCE, reading)
        .await
        .unwrap_or_else(|_| panic!("{path} says nothing"))
}

#[tokio::test]
async fn the_images_say_what_they_are() {
    let place = Place::new().await;
    for (name, kind, port) in [
        ("tiny", "web", Some("8080")),
        ("batch", "batch", None),
        ("terminal", "web", Some("7681")),
        ("notebook", "notebook", Some("8888")),
        ("desktop", "desktop", Some("6080")),
    ] {
        let image = place.engine.image(place.bed.reference(name)).await.unwrap().expect(name);
        assert_eq!(image.labels["org.skyport.kind"], kind);
        assert_eq!(image.labels.get("org.skyport.port").map(String::as_str), port, "{name}");
        assert_eq!(port.is_some(), image.labels.contains_key("org.skyport.ready"), "{name}");
        assert!(
            image.id.starts_with("sha256:") && image.id.len() == 71 && image.size_bytes > 1 << 20,
            "{image:?}"
        );
        assert!(!image.labels["org.opencontainers.image.title"].is_empty() && !image.command.is_empty());
    }
}

#[tokio::test]
async fn batch_reads_a_table_and_leaves_a_file() {
    let (place, folders) = (Place::new().await, Folders::new());
    let mut wish = wish(&place, "batch", &folders).await;
    let program = "import astropy.table as t; r = t.Table.read('/data/rows.vot'); r.write('/home/user/rows.csv'); print(len(r))";
    wish.command = Some(["python3", "-c", program].map(str::to_owned).to_vec());
    let (end, said) = place.run(&wish).await;
    assert_eq!((end.exit_code, said.as_str()), (0, "3\n"));
    assert_eq!(std::fs::read_to_string(folders.folder.path().join("home/rows.csv")).unwrap(), "n\n0\n1\n2\n");
}

#[tokio::test]
async fn terminal_gives_a_shell() {
    let (place, folders) = (Place::new().await, Folders::new());
    let wish = wish(&place, "terminal", &folders).await;
    place.engine.start(&wish).await.unwrap();
    let (seen, _) = answers(&place.engine, &wish.name, "/ready").await;
    let address = seen.interface.unwrap();
    for (path, part) in [
        ("/", "<title>Terminal</title>"),
        ("/xterm/xterm/lib/xterm.js", "Terminal"),
        ("/page/page.js", "set_size"),
    ] {
        let page = crate::bed::get(address, path).await.unwrap();
        assert!(page.contains(" 200 ") && page.contains(part), "{path}: {page:.300}");
    }
    let said = websocket(address, "/shell", "stdout").await;
    assert!(said.starts_with("HTTP/1.1 101 ") && said.contains("stdout"), "{said}");
    place.engine.remove(&wish.name).await.unwrap();
}

#[tokio::test]
async fn notebook_answers_and_its_python_reads_what_astronomers_have() {
    let (place, folders) = (Place::new().await, Folders::new());
    let lab = wish(&place, "notebook", &folders).await;
    place.engine.start(&lab).await.unwrap();
    let (seen, said) = answers(&place.engine, &lab.name, "/api").await;
    assert!(said.contains("\"version\""), "{said}");
    let page = crate::bed::get(seen.interface.unwrap(), "/lab").await.unwrap();
    assert!(page.contains("JupyterLab"), "{page:.400}");
    let found = crate::bed::get(seen.interface.unwrap(), "/api/contents/data").await.unwrap();
    assert!(found.contains("rows.vot"), "the data is where one looks: {found}");
    let stopped = place.engine.stop(&lab.name, Duration::from_secs(20)).await.unwrap();
    assert!(matches!(stopped.state, State::Ended(_)));
    place.engine.remove(&lab.name).await.unwrap();

    let mut wish = wish(&place, "notebook", &folders).await;
    let program = "import astropy.table as t, pyarrow.parquet as p, pandas, matplotlib, pyvo; \
        r = t.Table.read('/data/rows.vot'); r.to_pandas().to_parquet('/home/user/rows.parquet'); \
        print(p.read_table('/home/user/rows.parquet').num_rows)";
    wish.command = Some(["/opt/python/bin/python", "-c", program].map(str::to_owned).to_vec());
    let (end, said) = place.run(&wish).await;
    assert_eq!((end.exit_code, said.as_str()), (0, "3\n"));
}

#[tokio::test]
async fn desktop_has_a_screen_behind_its_page() {
    let (place, folders) = (Place::new().await, Folders::new());
    let wish = wish(&place, "desktop", &folders).await;
    place.engine.start(&wish).await.unwrap();
    let (seen, page) = answers(&place.engine, &wish.name, "/vnc.html").await;
    assert!(page.contains("noVNC"), "{page:.400}");
    let said = websocket(seen.interface.unwrap(), "/websockify", "RFB 003.").await;
    assert!(said.starts_with("HTTP/1.1 101 ") && said.contains("RFB 003."), "{said}");
    place.engine.remove(&wish.name).await.unwrap();
}
