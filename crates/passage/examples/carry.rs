//! A proxy of its own for one upstream, for measurements: `carry LISTEN UPSTREAM [THREADS]`, where UPSTREAM is an
//! address or the path of a Unix socket. Each thread has a runtime of its own.

use std::convert::Infallible;
use std::io::Write as _;
use std::net::{SocketAddr, TcpListener};

use http::{HeaderValue, Request, Response};
use http_body_util::{Either, Full};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use passage::{Address, Body, Client, Fault, Passage, Upstream};

/// As in the portal: a request is many small pieces of memory.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

type Answer = Response<Either<Body, Full<bytes::Bytes>>>;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let (Some(listen), Some(upstream)) = (arguments.next(), arguments.next()) else {
        return Err("usage: carry LISTEN UPSTREAM [THREADS]".into());
    };
    let threads: usize = arguments.next().map_or(Ok(1), |count| count.parse())?;
    let address = match upstream.parse::<SocketAddr>() {
        Ok(address) => Address::from(address),
        Err(_) => Address::from(std::path::PathBuf::from(upstream)),
    };
    let listener = TcpListener::bind(&listen)?;
    listener.set_nonblocking(true)?;
    println!("{{\"address\":\"{}\"}}", listener.local_addr()?);
    std::io::stdout().flush()?;
    let mut all = Vec::new();
    for _ in 0..threads {
        let listener = listener.try_clone()?;
        let upstream = Upstream::new(address.clone());
        all.push(std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
            runtime.block_on(serve(listener, upstream))
        }));
    }
    for thread in all {
        thread.join().map_err(|_| "a thread panicked")??;
    }
    Ok(())
}

async fn serve(listener: TcpListener, upstream: Upstream) -> std::io::Result<()> {
    let listener = tokio::net::TcpListener::from_std(listener)?;
    let passage = Passage::default();
    loop {
        let (stream, peer) = listener.accept().await?;
        stream.set_nodelay(true)?;
        let client = Client { address: Some(peer.ip()), secure: false };
        let (passage, upstream) = (passage.clone(), upstream.clone());
        let service = service_fn(move |request: Request<Incoming>| {
            let (passage, upstream) = (passage.clone(), upstream.clone());
            async move { Ok::<_, Infallible>(answer(passage.carry(request, &upstream, client).await)) }
        });
        // An error here is a client that went away.
        tokio::spawn(http1::Builder::new().serve_connection(TokioIo::new(stream), service).with_upgrades());
    }
}

fn answer(carried: Result<Response<Body>, Fault>) -> Answer {
    match carried {
        Ok(response) => response.map(Either::Left),
        Err(fault) => {
            eprintln!("{fault}");
            let mut response = Response::new(Either::Right(Full::from(fault.sentence())));
            *response.status_mut() = fault.status();
            response
                .headers_mut()
                .insert("content-type", HeaderValue::from_static("text/plain; charset=utf-8"));
            response
        }
    }
}
