fn main() {
    let path = std::env::args().nth(1).unwrap();
    let mut r = votable::Reader::new(std::fs::File::open(path).unwrap(), votable::Limits::default());
    let mut n = 0;
    loop {
        match r.next_event() {
            Ok(Some(votable::Event::Batch(b))) => { n += b.num_rows(); if n < 20 { println!("{b:?}") } }
            Ok(Some(e)) => println!("{e:?}"),
            Ok(None) => break,
            Err(e) => { println!("{e} {e:?}"); break }
        }
    }
    println!("{n}");
}
